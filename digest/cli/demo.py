"""digest demo: a first edition from the samples, no network."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digest.cli import show
from digest.cli.collect import asking
from digest.cli.opening import opened
from digest.cli.options import now_option

if TYPE_CHECKING:
    from digest.model import Edition
    from digest.pipeline.app import App, Newsletter
    from digest.pipeline.publishing import Published


@click.command()
@now_option
@click.pass_context
def demo(ctx: click.Context, now: datetime) -> int:
    """Make a first edition from samples/ and send it to the sample readers, as files in out/.
    Run again, it adds nothing. Outside of a newsletter's folder it makes one first.

    \b
    Example:
      digest demo
    """
    from digest.pipeline.loading import load_samples
    from digest.pipeline.publishing import publish
    from digest.pipeline.rendering import write
    from digest.pipeline.starting import start

    root = ctx.find_root()
    if root.obj is None and not Path("config.toml").exists():
        root.obj = str(start(Path("broadsheet-demo"), now).config)
    with opened(ctx) as app:
        newsletter = app.newsletters[0]
        load_samples(app, _samples(root.obj), now)
        journal = app.folder / "journal.jsonl"
        lines = _lines(journal)
        with asking(len(newsletter.sources)) as on_outcome, show.amount("sending") as on_progress:
            published = publish(app, newsletter, now, on_outcome=on_outcome, on_progress=on_progress)
        assert published is not None  # noqa: S101 (nobody was asked, so nobody said no)
        written = write(app, newsletter, published.composed.edition, app.folder, at=datetime.now(UTC))
        added = _lines(journal) - lines
        _print(app, newsletter, published, added, [written.html, written.text, journal])
    return 0


def _samples(config: str | None) -> Path:
    return Path(config or "config.toml").parent / "samples" / "subscribers.csv"


def _lines(journal: Path) -> int:
    return journal.read_bytes().count(b"\n") if journal.exists() else 0


def _print(app: App, newsletter: Newsletter, published: Published, added: int, files: list[Path]) -> None:
    edition = published.composed.edition
    sent = published.report.sent
    mails = f"{show.count(added, 'mail')} sent" if added else "this edition was sent already; nothing was added"
    show.pairs([
        ("edition", f"{edition.id}, {newsletter.masthead.title}"),
        ("lead story", edition.lead.title),
        ("why", "; ".join(reason.text or f"{reason.what} {reason.value}" for reason in edition.lead.reasons)),
        ("stories", f"{len(edition.stories)}, and {len(edition.brief)} in brief"),
        ("articles", articles(edition)),
        ("recipients", f"{sent}: {mails}"),
        ("where to look", "\n".join(str(_near(file)) for file in [*files, app.folder / edition.newsletter])),
    ])  # fmt: skip


def articles(edition: Edition) -> str:
    """Say what became of the day's articles."""
    tally = edition.tally
    why = ", ".join(f"{number} {reason}" for reason, number in tally.dropped_for)
    return f"{tally.read} read, {tally.merged} merged, {tally.dropped} dropped" + (f" ({why})" if why else "")


def _near(file: Path) -> Path:
    return file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file
