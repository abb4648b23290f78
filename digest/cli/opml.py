"""digest sources import, export: lists of feeds as feed readers write them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from digest.cli import show
from digest.cli.opening import opened
from digest.errors import UsageError
from subscribers.cli.asking import demand_yes


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def import_opml(ctx: click.Context, file: Path, yes: bool) -> int:
    """Add the feeds of an OPML file, as feed readers export it. Its folders become sections.

    \b
    Example:
      digest sources import feeds.opml
    """
    from digest.collect.opml import read_opml
    from digest.config import find_config
    from digest.pipeline.sourcing import unlisted, write_sources

    try:
        found = read_opml(file.read_bytes())
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror}") from error
    with opened(ctx, read_only=True) as app:
        new = unlisted(found, app.sources)
    for source in new:
        click.echo(f"{source.slug}: {source.url}")
    click.echo(f"{show.count(len(found), 'feed')} in {file.name}, {len(new)} of them new")
    if not new:
        return 0
    if not yes:
        demand_yes("add them?")
    write_sources(find_config(ctx.find_root().obj), new)
    return 0


@click.command()
@click.pass_context
def export(ctx: click.Context) -> None:
    """Print the feeds as OPML, as feed readers import it.

    \b
    Example:
      digest sources export > feeds.opml
    """
    from digest.collect.opml import write_opml

    with opened(ctx, read_only=True) as app:
        title = app.newsletters[0].masthead.title if app.newsletters else "Sources"
        click.echo(write_opml(app.sources, title, datetime.now(UTC)), nl=False)
