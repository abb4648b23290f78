"""digest sources: the sources, how they are doing, and new ones."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digest.cli import show
from digest.cli.opening import opened
from digest.cli.options import json_option
from digest.errors import UsageError

if TYPE_CHECKING:
    from digest.model import Source, SourceState


@click.group(invoke_without_command=True)
@json_option
@click.pass_context
def sources(ctx: click.Context, as_json: bool) -> None:
    """Show each source with its last check, its next one, and what went wrong; or add new ones.

    \b
    Examples:
      digest sources
      digest sources add https://news.example/
      digest sources import feeds.opml
    """
    if ctx.invoked_subcommand is not None:
        return
    with opened(ctx, read_only=True) as app:
        states = app.store.sources.states([source.slug for source in app.sources])
        rows = [row(source, states.get(source.slug)) for source in app.sources]
    if as_json:
        for each in rows:
            show.value(each)
    else:
        names = ("source", "kind", "checked_at", "next_check_at", "failures", "error")
        header = ("source", "kind", "checked", "next check", "failures", "error")
        show.table(header, [[each[name] or "" for name in names] for each in rows])


def row(source: Source, state: SourceState | None) -> dict[str, object]:
    """Return one source for programs."""
    checked = state.checked_at if state else None
    due = state.next_check_at if state else None
    return {
        "source": source.slug,
        "kind": source.kind,
        "address": source.url or source.path,
        "checked_at": f"{checked:%Y-%m-%d %H:%M}" if checked else None,
        "next_check_at": f"{due:%Y-%m-%d %H:%M}" if due else None,
        "failures": state.failures if state else 0,
        "error": state.error if state else "",
    }


@sources.command()
@click.argument("url")
@click.option("--slug", default="", help="Short name for it.  [default: made from the feed's title]")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def add(ctx: click.Context, url: str, slug: str, yes: bool) -> int:
    """Find the feed of a site, show what is read from it, and write it into config.toml, whose
    comments stay as they are.

    \b
    Example:
      digest sources add https://news.example/
    """
    from digest.config import find_config
    from digest.pipeline.sourcing import find_feeds, source_of, unlisted, write_sources

    with opened(ctx, read_only=True) as app:
        candidates, there = find_feeds(url, app.limits), app.sources
    best = candidates[0]
    click.echo(f"{best.url}: {best.feed.title or 'no title'}, {show.count(len(best.feed.entries), 'article')}")
    for entry in best.feed.entries[:3]:
        click.echo(f"  {entry.headline}")
    for other in candidates[1:]:
        click.echo(f"also: {other.url}: {other.feed.title}")
    source = source_of(best, [each.slug for each in there], slug)
    if not unlisted([source], there):
        raise UsageError(f"{best.url} is among the sources already")
    if not yes and not click.confirm(f'add it as "{source.slug}"?', err=True):
        return 1
    config = find_config(ctx.find_root().obj)
    write_sources(config, [source])
    click.echo(f'{config}: "{source.slug}" added')
    return 0


@sources.command("import")
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
    if not new or not (yes or click.confirm("add them?", err=True)):
        return 0 if not new else 1
    write_sources(find_config(ctx.find_root().obj), new)
    return 0


@sources.command()
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
