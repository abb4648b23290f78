"""Reads an editor's own pieces from a folder of Markdown and HTML files with front matter; knows no network."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from digest.collect import dates
from digest.collect.clean import plain_text
from digest.collect.front_matter import split
from digest.collect.page_links import absolute
from digest.collect.registry import Body, Reading
from digest.errors import SourceError, demand_text
from digest.model import Article, Picture, Source

_MARKDOWN = frozenset({".md", ".markdown"})
_HTML = frozenset({".html", ".htm"})
#: Bytes: a larger file is no article.
LARGEST = 2_000_000
#: Files: a folder with more is the wrong one.
MOST = 5_000
_FIRST_HEADING = re.compile(r"\s*<h1>(.*?)</h1>", re.DOTALL)
_DATED_NAME = re.compile(r"^(\d{4}-\d{2}-\d{2})[-_ ]?")


@dataclass(slots=True)
class _Found:
    articles: list[Article] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_source(source: Source, body: Body, now: datetime) -> Reading:
    """Return an article for each file, newest first, undated ones last; a file with a fault is named in the notes."""
    folder = body.path or Path(source.path)
    if not folder.is_dir():
        where = source.place or folder
        raise SourceError(f"folder not read: {where} is no folder; make it, or mend path in the source {source.slug!r}")
    found = _Found()
    for file in _files(folder):
        try:
            demand_text(file, SourceError, "file left out")
            article = _article(file, folder, source, now)
        except SourceError as error:
            found.notes.append(str(error))
        else:
            found.articles += [article] if article else []
    found.articles.sort(key=lambda article: -article.published_at.timestamp() if article.published_at else 0.0)
    return Reading(tuple(found.articles), notes=tuple(found.notes))


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files to read, in the order of their names; hidden ones and links that lead out stay out."""
    root = folder.resolve()
    files = sorted(file for file in folder.rglob("*") if file.suffix.lower() in _MARKDOWN | _HTML)
    if len(files) > MOST:
        raise SourceError(
            f"folder not read: {folder} holds {len(files)} files, more than {MOST}; name a smaller folder"
        )
    for file in files:
        is_hidden = any(part.startswith((".", "_")) for part in file.relative_to(folder).parts)
        if not is_hidden and file.resolve().is_relative_to(root) and file.is_file():
            yield file


def _article(file: Path, folder: Path, source: Source, now: datetime) -> Article | None:
    text = _read(file)
    facts, rest = split(text, str(file))
    if facts.get("draft") is True:
        return None
    html = rest if file.suffix.lower() in _HTML else _markdown(rest)
    heading = _FIRST_HEADING.match(html)
    headline = _fact(facts, "title", "headline") or (plain_text(heading[1]) if heading else "")
    if not headline:
        raise SourceError(
            f"file left out: {file} has no headline; give it a line 'title: …' between two lines of '---'"
        )
    return Article(
        key="",
        source=source.slug,
        url=absolute("", _fact(facts, "url", "link")),
        headline=headline,
        dek=_fact(facts, "dek", "description", "summary", "excerpt"),
        body=plain_text(html[heading.end() :] if heading else html),
        byline=_fact(facts, "byline", "author", "authors"),
        published_at=_date(facts, "date", "published", "published_at") or _dated(file),
        updated_at=_date(facts, "updated", "modified", "lastmod"),
        first_seen=now,
        image=_picture(facts),
        section=_fact(facts, "section", "category", "categories") or source.section,
        language=_fact(facts, "language", "lang") or source.language,
        owner=source.owner or source.slug,
        weight=source.weight,
        guid=_fact(facts, "id", "guid") or file.relative_to(folder).as_posix(),
    )


def _read(file: Path) -> str:
    try:
        if file.stat().st_size > LARGEST:
            raise SourceError(f"file left out: {file} has more than {LARGEST} bytes")
        return file.read_text("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise SourceError(f"file left out: {file} is not UTF-8 at byte {error.start}; save it as UTF-8") from error
    except OSError as error:
        raise SourceError(f"file left out: {file}: {error.strerror}") from error


def _markdown(text: str) -> str:
    from markdown_it import MarkdownIt

    return str(MarkdownIt("commonmark").enable("table").render(text))


def _fact(facts: dict[str, Any], *names: str) -> str:
    """Return the first of the facts that is there, a list joined by commas."""
    value = next((facts[name] for name in names if facts.get(name)), "")
    return ", ".join(filter(None, map(_words, value))) if isinstance(value, list) else _words(value)


def _words(value: object) -> str:
    """Return a fact as text; '' for what is none, such as a table, or a number too long to be written."""
    if isinstance(value, int) and abs(value) >= 2**63:
        return ""
    return str(value) if isinstance(value, str | int | float | date | time) else ""


def _date(facts: dict[str, Any], *names: str) -> datetime | None:
    value = next((facts[name] for name in names if facts.get(name)), None)
    return dates.read_date(value.isoformat() if isinstance(value, date) else _words(value))


def _dated(file: Path) -> datetime | None:
    """Return the date that a file's name begins with, as in ``2026-03-04-council.md``."""
    found = _DATED_NAME.match(file.name)
    return dates.read_date(found[1]) if found else None


def _picture(facts: dict[str, Any]) -> Picture | None:
    url = absolute("", _fact(facts, "image", "picture"))
    return Picture(url, _fact(facts, "image_alt", "alt")) if url else None
