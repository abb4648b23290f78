"""digest preview: build the edition and look at it; send nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from digest.cli import show
from digest.cli.collect import asking
from digest.cli.opening import opened
from digest.cli.options import json_option, newsletter_option, now_option


@click.command()
@click.option("--out", "folder", type=click.Path(path_type=Path), help="Folder to write to.  [default: out/preview]")
@click.option("--open", "look", is_flag=True, help="Open it in the browser.")
@newsletter_option
@json_option
@now_option
@click.pass_context
def preview(
    ctx: click.Context, folder: Path | None, look: bool, newsletter: str | None, as_json: bool, now: datetime
) -> None:
    """Build the edition that would go now and write it as HTML, text and .eml. Nothing is sent, no
    edition is kept; what was fetched is.

    \b
    Example:
      digest preview --open
    """
    from digest.pipeline.composing import compose
    from digest.pipeline.rendering import write

    with opened(ctx) as app:
        chosen = app.newsletter(newsletter)
        with asking(len(chosen.sources)) as on_outcome:
            edition = compose(app, chosen, now, keep=False, on_outcome=on_outcome).edition
        written = write(app, chosen, edition, folder or app.folder / "preview", at=datetime.now(UTC))
    if as_json:
        show.value({
            "edition": edition.id, "lead": edition.lead.title, "stories": len(edition.stories),
            "html": str(written.html), "text": str(written.text), "eml": str(written.eml), "bytes": written.size,
            "hold": edition.hold, "faults": list(written.faults),
        })  # fmt: skip
    else:
        show.pairs([
            ("subject", written.message.subject),
            ("lead story", edition.lead.title),
            ("stories", len(edition.stories)),
            ("size", f"{written.size:,} bytes of HTML; Gmail cuts at about 102,000"),
            *([("held", edition.hold)] if edition.hold else []),
            *[("fault", each) for each in written.faults],
            ("HTML", written.html), ("text", written.text), ("mail", written.eml),
        ])  # fmt: skip
    if look:
        click.launch(str(written.html))
