"""digest preview: build the edition and look at it; send nothing."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digest.cli import show
from digest.cli.collect import asking
from digest.cli.opening import opened
from digest.cli.options import json_option, newsletter_option, now_option
from digest.errors import BroadsheetError, UsageError
from digest.model import EditionState

if TYPE_CHECKING:
    from digest.model import Edition
    from digest.pipeline.app import App, Newsletter
    from digest.pipeline.rendering import Preview


#: What is said of an edition whose stories can change no more.
_GONE = {
    EditionState.FROZEN: "is about to be sent",
    EditionState.SENDING: "is being sent",
    EditionState.PAUSED: "was sent to some, and paused",
    EditionState.SENT: "was sent already",
    EditionState.SKIPPED: "is left out",
    EditionState.CANCELLED: "was cancelled",
}


@click.command()
@click.option("--out", "folder", type=click.Path(path_type=Path), help="Folder to write to.  [default: out/preview]")
@click.option("--open", "look", is_flag=True, help="Open it in the browser.")
@click.option("--watch", is_flag=True, help="Write it anew whenever a template of yours changes, until Ctrl-C.")
@click.option("--section", "sections", multiple=True, metavar="NAME", help="As readers get it who chose this one.")
@newsletter_option
@json_option
@now_option
@click.pass_context
def preview(
    ctx: click.Context,
    folder: Path | None,
    look: bool,
    watch: bool,
    sections: tuple[str, ...],
    newsletter: str | None,
    as_json: bool,
    now: datetime,
) -> None:
    """Build the edition that would go now and write it as HTML, text and .eml. Nothing is sent, and
    nothing is kept but these files. Where the day's edition has gone already, it is that one.

    \b
    Examples:
      digest preview --open
      digest preview --section Sport --section Arts
    """
    from digest.pipeline.composing import compose
    from digest.pipeline.rendering import write

    with opened(ctx) as app:
        chosen = app.newsletter(newsletter)
        with asking(len(chosen.sources)) as on_outcome:
            composed = compose(app, chosen, now, keep=False, on_outcome=on_outcome)
        edition = _as_chosen(chosen, composed.edition, sections)
        target = folder or app.folder / "preview"
        written = write(app, chosen, edition, target, at=datetime.now(UTC), watch=watch)
        _print(written, composed.stored.state if composed.stored else None, as_json)
        if look:
            click.launch(str(written.page))
        if watch:
            _watch(app, chosen, edition, target)


def _as_chosen(newsletter: Newsletter, edition: Edition, sections: tuple[str, ...]) -> Edition:
    """Return an edition as those get it who chose some sections."""
    from digest.pipeline.sections import cut_to, offered

    there = offered(newsletter)
    for name in sections:
        if name not in there:
            known = f"there are: {', '.join(there)}" if there else "this newsletter has no sections to choose among"
            raise UsageError(f'no section "{name}"; {known}')
    cut = cut_to(edition, sections) if sections else edition
    if cut is None:
        raise UsageError(f"no story of {', '.join(sections)}: who chose only that gets no mail of this edition")
    return cut


def _print(written: Preview, state: EditionState | None, as_json: bool) -> None:
    """Print what was written; an edition that is kept has a ``state``."""
    edition = written.edition
    if as_json:
        show.value({
            "edition": edition.id, "lead": edition.lead.title, "stories": len(edition.stories),
            "html": str(written.html), "text": str(written.text), "eml": str(written.eml), "bytes": written.size,
            "state": state, "hold": edition.hold, "faults": list(written.faults),
        })  # fmt: skip
    else:
        show.pairs([
            ("subject", written.message.subject),
            ("lead story", edition.lead.title),
            ("stories", len(edition.stories)),
            ("size", f"{written.size:,} bytes of HTML; Gmail cuts at about 102,000"),
            *([("held", edition.hold)] if edition.hold else []),
            *[("fault", each) for each in written.faults],
            ("side by side", written.page), ("HTML", written.html), ("text", written.text), ("mail", written.eml),
        ])  # fmt: skip
    if state in _GONE:
        show.remark(f"{edition.id} {_GONE[state]}: these are its stories, in the templates as they are now")


def _watch(app: App, newsletter: Newsletter, edition: Edition, folder: Path) -> None:
    """Render again after each change in the templates, and say what is wrong with one that cannot be."""
    watched = app.templates
    if watched is None:
        raise UsageError("there is no templates folder beside config.toml to watch; make templates/email/…")
    seen = _changes(watched)
    show.remark(f"watching {watched}; Ctrl-C ends")
    while True:
        time.sleep(0.3)
        if (now := _changes(watched)) != seen:
            seen = now
            show.remark(_again(app, newsletter, edition, folder))


def _again(app: App, newsletter: Newsletter, edition: Edition, folder: Path) -> str:
    """Render once more, with the templates as they now are, and return what came of it."""
    from digest.pipeline.rendering import write
    from digest.render.environment import forget

    forget()
    try:
        written = write(app, newsletter, edition, folder, at=datetime.now(UTC), watch=True)
    except BroadsheetError as error:
        return str(error)
    return f"rendered: {written.size:,} bytes" + "".join(f"\n  fault: {each}" for each in written.faults)


def _changes(folder: Path) -> dict[Path, float]:
    """Return when each file of a folder was last changed."""
    changes = {}
    for file in folder.rglob("*"):
        with suppress(FileNotFoundError):  # an editor's draft that is gone already
            changes[file] = file.stat().st_mtime
    return changes
