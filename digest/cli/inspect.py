"""digest inspect: what is read from a feed or a page."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from digest.cli import show
from digest.cli.options import json_option
from digest.errors import BroadsheetError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from digest.collect.limits import Limits
    from digest.collect.worker import Worker


@click.group()
def inspect() -> None:
    """Show what Broadsheet reads from a feed or a page, and what is wrong with it.

    \b
    Examples:
      digest inspect feed feed.xml
      digest inspect page --url https://news.example/a page.html --json
    """


@inspect.command("feed")
@click.argument("files", nargs=-1, required=True, metavar="FILE|URL…")
@json_option
@click.pass_context
def inspect_feed(ctx: click.Context, files: tuple[str, ...], as_json: bool) -> int:
    """Show what is read from each feed, a file or an address. An address is fetched within the limits
    of config.toml, where there is one.

    \b
    Example:
      digest inspect feed samples/*.xml --json
    """
    from digest.collect.worker import Worker

    limits = _limits(ctx, files)
    failed = 0
    with Worker() as worker:
        for name in files:
            data = _feed(name, limits, worker)
            failed += bool(data["error"])
            if as_json:
                show.value(data)
            else:
                _print_feed(data)
    return 1 if failed else 0


@inspect.command("page")
@click.argument("files", nargs=-1, metavar="FILE|URL…")
@click.option("--url", metavar="URL", default="", help="The address of the page, for its links.")
@click.option("--manifest", metavar="JSONL", help='File of lines {"file","url"}, instead of FILE.')
@json_option
@click.pass_context
def inspect_page(ctx: click.Context, files: tuple[str, ...], url: str, manifest: str | None, as_json: bool) -> int:
    """Show what is read from each article's page, a file or an address. An address is fetched within
    the limits of config.toml, where there is one.

    \b
    Example:
      digest inspect page --url https://news.example/storm storm.html
    """
    items = list(_manifest(manifest)) if manifest else [(name, url) for name in files]
    if not items:
        raise UsageError("name a page: digest inspect page FILE, or --manifest FILE")
    failed = 0
    for data in _pages(items, _limits(ctx, [name for name, _ in items])):
        failed += bool(data["error"])
        if as_json:
            show.value(data)
        else:
            _print_page(data)
    return 1 if failed else 0


def _manifest(name: str) -> Iterator[tuple[str, str]]:
    try:
        lines = Path(name).read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise UsageError(f"{name}: cannot be read: {error.strerror}") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                item = json.loads(line)
                yield str(item["file"]), str(item.get("url") or "")
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise UsageError(f'{name}:{number}: should be {{"file": …, "url": …}}') from error


def _is_address(name: str) -> bool:
    return name.startswith(("http://", "https://"))


def _limits(ctx: click.Context, names: Sequence[str]) -> Limits:
    """Return the limits of fetching: those of the config where there is one, else the usual ones."""
    from digest.collect.limits import Limits

    named = ctx.find_root().obj
    if not any(map(_is_address, names)) or not (named or Path("config.toml").is_file()):
        return Limits()
    from digest.bootstrap import limits
    from digest.config import find_config, read_config

    return limits(read_config(find_config(named)))


def _pages(items: Sequence[tuple[str, str]], limits: Limits) -> Iterator[dict[str, Any]]:
    from digest.collect.page_batch import BOUNDS, read_pages
    from digest.collect.worker import Worker

    if not any(_is_address(name) for name, _ in items):
        yield from read_pages((Path(name), url) for name, url in items)
        return
    with Worker(BOUNDS) as worker:
        for name, url in items:
            yield _fetched_page(name, limits, worker) if _is_address(name) else next(read_pages([(Path(name), url)]))


def _fetched_page(url: str, limits: Limits, worker: Worker) -> dict[str, Any]:
    from digest.collect.http import fetch_one
    from digest.collect.page import Page, as_json
    from digest.collect.page_batch import read_one

    try:
        body = fetch_one(url, limits)
        return as_json(read_one(body.raw, url=body.url, content_type=body.content_type, worker=worker), url)
    except BroadsheetError as error:
        return {**as_json(Page(url, ""), url), "error": str(error)}


def _feed(name: str, limits: Limits, worker: Worker) -> dict[str, Any]:
    from digest.collect.feed import as_json, read_feed, read_feed_file
    from digest.collect.http import fetch_one

    nothing: dict[str, Any] = {"file": name, "title": "", "link": "", "entries": [], "error": ""}
    try:
        if _is_address(name):
            body = fetch_one(name, limits)
            feed = read_feed(body.raw, url=body.url, content_type=body.content_type, worker=worker)
        elif name == "-":
            feed = read_feed(sys.stdin.buffer.read(), worker=worker)
        else:
            feed = read_feed_file(Path(name), worker=worker)
    except BroadsheetError as error:
        return {**nothing, "error": str(error)}
    return {**nothing, **as_json(feed)}


def _headed(data: dict[str, Any], title: str) -> str:
    """Return the first line about a file: its error, which may begin with its name, or its title."""
    file, error = str(data["file"]), str(data["error"] or "")
    return error if error.startswith(file) else f"{file}: {error or title}"


def _print_feed(data: dict[str, Any]) -> None:
    click.echo(_headed(data, data["title"] or "no title"))
    for entry in data["entries"]:
        when = (entry.get("published_at") or entry.get("updated_at") or "no date")[:16].replace("T", " ")
        size = len((entry.get("body") or "").split())
        click.echo(f"  {when:16}  {entry['headline']}  ({show.count(size, 'word')} of body)")
        click.echo(f"  {'':16}  {entry.get('url') or 'no address'}")


def _print_page(data: dict[str, Any]) -> None:
    click.echo(_headed(data, data["headline"] or "no headline"))
    if not data["error"]:
        words = len((data["body"] or "").split())
        show.pairs([
            ("  byline", ", ".join(data["byline"]) or "none"), ("  published", data["published_at"] or "unknown"),
            ("  site", data["site"] or "unknown"), ("  picture", data["image_url"] or "none"),
            ("  body", show.count(words, "word")),
            ("  related", "\n".join(each["headline"] for each in data["related"]) or "none"),
        ])  # fmt: skip
