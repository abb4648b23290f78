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
def inspect_feed(files: tuple[str, ...], as_json: bool) -> int:
    """Show what is read from each feed, a file or an address.

    \b
    Example:
      digest inspect feed samples/*.xml --json
    """
    failed = 0
    for name in files:
        data = _feed(name)
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
def inspect_page(files: tuple[str, ...], url: str, manifest: str | None, as_json: bool) -> int:
    """Show what is read from each article's page, a file or an address.

    \b
    Example:
      digest inspect page --url https://news.example/storm storm.html
    """
    from digest.collect.page_batch import read_pages

    items = list(_manifest(manifest)) if manifest else [(name, url) for name in files]
    if not items:
        raise UsageError("name a page: digest inspect page FILE, or --manifest FILE")
    failed = 0
    for data in read_pages([_local(name, address) for name, address in items]):
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


def _local(name: str, url: str) -> tuple[Path, str]:
    """Return a page as a file and its address, fetching it where an address was given."""
    if not _is_address(name):
        return Path(name), url
    import tempfile

    with tempfile.NamedTemporaryFile(suffix=".html", delete=False) as file:
        file.write(_fetch(name).raw)
    return Path(file.name), name


def _fetch(url: str) -> Any:
    from digest.collect.http import fetch_one

    return fetch_one(url)


def _feed(name: str) -> dict[str, Any]:
    from digest.collect.feed import as_json, read_feed, read_feed_file

    nothing: dict[str, Any] = {"file": name, "title": "", "link": "", "entries": [], "error": ""}
    try:
        if _is_address(name):
            body = _fetch(name)
            feed = read_feed(body.raw, url=body.url, content_type=body.content_type)
        else:
            feed = read_feed(sys.stdin.buffer.read()) if name == "-" else read_feed_file(Path(name))
    except BroadsheetError as error:
        return {**nothing, "error": str(error)}
    return {**nothing, **as_json(feed)}


def _print_feed(data: dict[str, Any]) -> None:
    click.echo(f"{data['file']}: {data['error'] or data['title'] or 'no title'}")
    for entry in data["entries"]:
        when = (entry.get("published_at") or entry.get("updated_at") or "no date")[:16].replace("T", " ")
        size: Sequence[str] = (entry.get("body") or "").split()
        click.echo(f"  {when:16}  {entry['headline']}  ({show.count(len(size), 'word')} of body)")
        click.echo(f"  {'':16}  {entry.get('url') or 'no address'}")


def _print_page(data: dict[str, Any]) -> None:
    click.echo(f"{data['file']}: {data['error'] or data['headline'] or 'no headline'}")
    if not data["error"]:
        words = len((data["body"] or "").split())
        show.pairs([
            ("  byline", ", ".join(data["byline"]) or "none"), ("  published", data["published_at"] or "unknown"),
            ("  site", data["site"] or "unknown"), ("  picture", data["image_url"] or "none"),
            ("  body", show.count(words, "word")),
            ("  related", "\n".join(each["headline"] for each in data["related"]) or "none"),
        ])  # fmt: skip
