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
    from digest.model import SourceKind


@click.group(invoke_without_command=True)
@json_option
@click.pass_context
def sources(ctx: click.Context, as_json: bool) -> None:
    """Show each source with its last check, its next one, how it did day by day, and what is wrong with it; or add
    new ones.

    \b
    Examples:
      digest sources
      digest sources show herald
      digest sources add https://news.example/
      digest sources import feeds.opml
    """
    if ctx.invoked_subcommand is not None:
        return
    from digest.cli.source_rows import row, table
    from digest.pipeline.sourcing import by_day

    now = datetime.now(UTC)
    with opened(ctx, read_only=True) as app:
        states = app.store.sources.states([source.slug for source in app.sources])
        days = by_day(app, now)
        if as_json:
            for source in app.sources:
                show.value(row(source, states.get(source.slug), days[source.slug]))
        else:
            table(app.sources, states, days, now)


@sources.command("show")
@click.argument("slug")
@click.option("--last", default=20, show_default=True, type=click.IntRange(1, 1000), help="Checks shown.")
@json_option
@click.pass_context
def show_one(ctx: click.Context, slug: str, last: int, as_json: bool) -> None:
    """Show one source: where it is, when it is asked, and what each of its last checks gave.

    \b
    Example:
      digest sources show herald --last 50
    """
    from digest.cli.source_rows import about, check_row, checks

    with opened(ctx, read_only=True) as app:
        source = next((each for each in app.sources if each.slug == slug), None)
        if source is None:
            there = ", ".join(each.slug for each in app.sources) or "none"
            raise UsageError(f'no source "{slug}" in config.toml; there are: {there}')
        state = app.store.sources.states([slug]).get(slug)
        history = app.store.sources.history(slug, last)
    if as_json:
        for each in history:
            show.value(check_row(each))
    else:
        about(source, state, datetime.now(UTC))
        checks(history)


@sources.command()
@click.argument("url")
@click.option(
    "--kind",
    type=click.Choice(["feed", "page", "sitemap"]),
    default="feed",
    show_default=True,
    help="What is at the address: a feed or a site that names one, a page that lists articles, a news sitemap.",
)
@click.option("--slug", default="", help="Short name for it.  [default: made from its title]")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def add(ctx: click.Context, url: str, kind: SourceKind, slug: str, yes: bool) -> int:
    """Find the feed of a site, show what is read from it, and write it into config.toml, whose
    comments stay as they are.

    \b
    Examples:
      digest sources add https://news.example/
      digest sources add --kind page https://news.example/local/
    """
    from digest.config import find_config
    from digest.pipeline.sourcing import find_feeds, read_as, source_of, unlisted, write_sources

    with opened(ctx, read_only=True) as app:
        there = app.sources
        is_feed = kind == "feed"
        candidates = find_feeds(url, app.limits) if is_feed else (read_as(url, kind, app.limits, datetime.now(UTC)),)
    best = candidates[0]
    click.echo(f"{best.url}: {best.title or 'no title'}, {show.count(len(best.headlines), 'article')}")
    for headline in best.headlines[:3]:
        click.echo(f"  {headline}")
    for other in candidates[1:]:
        click.echo(f"also: {other.url}: {other.title}")
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
