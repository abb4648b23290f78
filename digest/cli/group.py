"""digest group: stories in rank order, and why."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from digest.cli import show
from digest.cli.options import YEARS, json_option, newsletter_option, now_option
from digest.collect.storable import keepable
from digest.errors import UsageError
from digest.model import Article, Story

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: The largest weight or position that an article may have.
_LARGEST = 1_000_000


@click.command()
@click.option("--input", "file", metavar="FILE", help="JSONL of articles instead of the store; '-' is stdin.")
@newsletter_option
@json_option
@now_option
@click.pass_context
def group(ctx: click.Context, file: str | None, newsletter: str | None, as_json: bool, now: datetime) -> None:
    """Show the day's stories, best first, each with the reason for its place. A story is followed by
    its other reports (-), copies of them (=), and stories on the same event in other languages (~).

    An article of --input needs "id" and "headline"; dek, body, url, source, section, byline,
    published_at, language, owner, weight and position are used where they are given.

    \b
    Examples:
      digest group
      digest group --input articles.jsonl --json
    """
    if file is not None:
        from digest.group import group as group_articles

        # Without a time of its own each article's recency is unknown, and counts the same for all.
        stories = group_articles(read_articles(file), now=None)
        nothing = f"{file}: no article"
    else:
        from digest.cli.opening import opened
        from digest.pipeline.composing import dated, window
        from digest.pipeline.composing import stories as stored_stories

        with opened(ctx, read_only=True) as app:
            chosen = app.newsletter(newsletter)
            stories = stored_stories(app, chosen, now)
            nothing = f"no article {dated(window(app, chosen, now))} is stored; digest collect fetches new ones"
    named = {story.key: story for story in stories}
    for rank, story in enumerate(stories, 1):
        if as_json:
            show.value(row(rank, story))
        else:
            for line in paragraph(rank, story, [named[key] for key in story.linked]):
                show.line(line)
    if not stories:
        show.remark(nothing)


def row(rank: int, story: Story) -> dict[str, object]:
    """Return one story for programs."""
    return {
        "rank": rank,
        "lead": story.lead.key,
        "related": [article.key for article in story.articles[1:]],
        "score": round(story.score, 6),
        "reasons": [{"what": reason.what, "value": reason.value} for reason in story.reasons],
        "linked": list(story.linked),
    }


def paragraph(rank: int, story: Story, linked: Sequence[Story] = ()) -> list[str]:
    """Return the lines of one story for people; ``linked`` are the stories that tell its event in other languages."""
    why = "; ".join(reason.text or f"{reason.what} {reason.value}" for reason in story.reasons)
    lines = [
        f"{rank:>3}. {story.title}  ({story.lead.source or 'no source'}, score {story.score:.2f})",
        f"     why: {why}",
    ]
    lines += [f"     - {article.headline}  ({article.source})" for article in story.related]
    lines += [f"     = {article.headline}  ({article.source}, a copy)" for article in story.also_at]
    lines += [
        f"     ~ {each.title}  ({each.lead.source}, in {each.lead.language or 'another language'})" for each in linked
    ]
    return lines


def read_articles(name: str) -> list[Article]:
    """Read one article a line; raise UsageError naming the line of the first fault."""
    try:
        with open_text(name) as lines:
            return list(_articles(name, lines))
    except OSError as error:
        raise UsageError(f"{name}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{name}: not UTF-8 text") from error


def open_text(name: str) -> TextIO:
    """Open a file, or standard input for '-'."""
    if name == "-":
        return open(sys.stdin.fileno(), encoding="utf-8", closefd=False)
    return Path(name).open(encoding="utf-8")


def _articles(name: str, lines: TextIO) -> Iterator[Article]:
    seen: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        article = _article(f"{name}:{number}", line)
        if article.key in seen:
            raise UsageError(f'{name}:{number}: id "{article.key}" is taken by line {seen[article.key]}')
        seen[article.key] = number
        yield article


def _article(where: str, line: str) -> Article:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{where}: not JSON: {error}") from error
    if not isinstance(data, dict) or not _is_id(data.get("id")) or not isinstance(data.get("headline"), str):
        raise UsageError(f'{where}: an article is an object with "id" and "headline"')

    def text(field: str) -> str:
        found = data.get(field)
        return keepable(found) if isinstance(found, str) else ""

    source = text("source")
    return Article(
        key=str(data["id"]),
        source=source,
        url=text("url"),
        headline=text("headline"),
        dek=text("dek"),
        body=text("body"),
        byline=text("byline"),
        section=text("section"),
        language=text("language"),
        published_at=_time(where, text("published_at")),
        owner=text("owner") or source,
        weight=_number(where, "weight", data.get("weight"), 1.0),
        position=int(_number(where, "position", data.get("position"), 0)),
    )


def _is_id(value: object) -> bool:
    if isinstance(value, str):
        return bool(value) and not any("\ud800" <= character <= "\udfff" for character in value)
    return isinstance(value, int) and not isinstance(value, bool)


def _number(where: str, field: str, value: object, otherwise: float) -> float:
    if value is None:
        return otherwise
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LARGEST:
        raise UsageError(f"{where}: {field} should be a number from 0 to {_LARGEST:,}, not {str(value)[:40]}")
    return float(value)


def _time(where: str, value: str) -> datetime | None:
    from datetime import UTC

    if not value:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise UsageError(f'{where}: published_at "{value[:40]}" is no ISO 8601 time') from error
    if moment.year not in YEARS:
        raise UsageError(f'{where}: published_at "{value}" is not from {YEARS[0]} to {YEARS[-1]}')
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
