"""digest sources: the sources, how they are doing, and new ones."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digest.cli import show
from digest.cli.opening import opened
from digest.cli.opml import export, import_opml
from digest.cli.options import json_option
from digest.errors import SourceError, UsageError
from subscribers.cli.asking import agrees

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.model import Source, SourceKind


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
    from digest.pipeline.introducing import all_introduced
    from digest.pipeline.sourcing import by_day

    now = datetime.now(UTC)
    with opened(ctx, read_only=True) as app:
        states = app.store.sources.states([source.slug for source in app.sources])
        days = by_day(app, now)
        there = all_introduced(app.sources, states)
        if as_json:
            for source in there:
                show.value(row(source, states.get(source.slug), days[source.slug]))
        else:
            table(there, states, days, now)


@sources.command("show", short_help="Show one source, and each of its last checks.")
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
    from digest.pipeline.introducing import introduced

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
        about(introduced(source, state), state, datetime.now(UTC))
        checks(history)


@sources.command(short_help="Find the feeds of sites and add them to config.toml.")
@click.argument("urls", nargs=-1, required=True, metavar="URL…")
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
def add(ctx: click.Context, urls: tuple[str, ...], kind: SourceKind, slug: str, yes: bool) -> int:
    """Find the feed of each site, show what is read from it, and write it into config.toml, whose
    comments stay as they are.

    \b
    Examples:
      digest sources add https://news.example/
      digest sources add --kind page https://news.example/local/
    """
    from digest.config import find_config

    if slug and len(urls) > 1:
        raise UsageError("--slug is for one address; leave it out, or add them one by one")
    config = find_config(ctx.find_root().obj)
    failed = 0
    for url in urls:
        try:
            _demand_address(url)
            failed += not _added(ctx, config, url if "://" in url else f"https://{url}", kind, slug, yes)
        except (SourceError, UsageError) as error:
            if len(urls) == 1:
                raise
            failed += 1
            show.remark(str(error))
    with opened(ctx, read_only=True) as app:
        samples = len(_samples(app.sources, config))
        if 0 < samples < len(app.sources):
            number = show.count(samples, "sample source")
            show.remark(f"{number} still take part; without them: digest sources remove --samples")
    return 1 if failed else 0


def _demand_address(url: str) -> None:
    """Raise UsageError for a file or folder: how it is named is a matter of where config.toml lies."""
    if "://" not in url and Path(url).exists():
        kind = 'kind = "folder", ' if Path(url).is_dir() else ""
        raise UsageError(f'{url} is on the disk: add [[sources]] with a slug, {kind}and path = "{url}" to config.toml')


def _added(ctx: click.Context, config: Path, url: str, kind: SourceKind, slug: str, yes: bool) -> bool:
    """Look at an address, show what is read from it, and add it to the config unless somebody says no."""
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
    is_known = f"{best.url} is among the sources already"
    source = source_of(best, there, slug)
    if not unlisted([source], there):
        raise UsageError(is_known)
    if not yes and not agrees(f'add it as "{source.slug}"?'):
        return False
    written = write_sources(config, [source])
    if not written:  # by somebody else, while this was read
        raise UsageError(is_known)
    click.echo(f'{config}: "{written[0].slug}" added')
    return True


@sources.command()
@click.argument("slugs", nargs=-1, metavar="SLUG…")
@click.option("--samples", is_flag=True, help="Those that `digest init` wrote.")
@click.pass_context
def remove(ctx: click.Context, slugs: tuple[str, ...], samples: bool) -> None:
    """Take sources out of config.toml, whose comments stay as they are. What was collected from them stays
    in past editions; the next one is made without them.

    \b
    Examples:
      digest sources remove herald gazette
      digest sources remove --samples
    """
    from digest.config import find_config
    from digest.pipeline.sourcing import remove_sources

    config = find_config(ctx.find_root().obj)
    with opened(ctx, read_only=True) as app:
        there = [source.slug for source in app.sources]
        chosen = list(dict.fromkeys([*slugs, *(_samples(app.sources, config) if samples else ())]))
    if unknown := [slug for slug in chosen if slug not in there]:
        raise UsageError(f'no source "{unknown[0]}" in config.toml; there are: {", ".join(there) or "none"}')
    if not chosen:
        raise UsageError("there are no samples to take out" if samples else "name a source: digest sources remove SLUG")
    remove_sources(config, chosen)
    click.echo(f"{config}: {show.count(len(chosen), 'source')} taken out, {len(there) - len(chosen)} left")


def _samples(there: Sequence[Source], config: Path) -> list[str]:
    """Return the slugs of the sources that lie in the folder of samples beside config.toml."""
    folder = config.parent.resolve() / "samples"
    return [source.slug for source in there if source.path and Path(source.path).resolve().is_relative_to(folder)]


sources.add_command(import_opml)
sources.add_command(export)
