"""Reads feeds that no strict parser takes, with feedparser; slow, so it runs in a worker process with limits."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import feedparser

from digest.collect.dates import read_date
from digest.collect.feed_parts import names_of
from digest.collect.feed_picture import first_image, is_speck, pixels
from digest.collect.feed_values import Entry, Feed
from digest.collect.feed_xml import NotWellFormed, resolve
from digest.collect.prose import one_line, paragraphs
from digest.model import Picture


def read_loosely(text: str, url: str) -> Feed:
    """Return what feedparser finds in a feed fetched from ``url``; raise NotWellFormed where it stumbles."""
    try:
        return _read(text, url)
    except Exception as error:  # it stumbles over a few feeds, even when its result is looked at, with any error
        raise NotWellFormed(f"{type(error).__name__}: {error}") from error


def _read(text: str, url: str) -> Feed:
    headers = {"content-type": "application/xml; charset=utf-8"}
    options = {"response_headers": headers, "sanitize_html": False, "resolve_relative_uris": False}
    found = feedparser.parse(BytesIO(text.encode("utf-8", "replace")), **options)
    feed = found.feed
    link = resolve(_text(feed, "link"), url)
    return Feed(
        title=one_line(_text(feed, "title")),
        link=link,
        language=_text(feed, "language"),
        entries=tuple(_entry(entry, link or url) for entry in found.entries),
        logo=resolve(_text(feed.get("image") or {}, "href") or _text(feed, "logo"), link or url),
        tagline=one_line(_text(feed, "subtitle")),
        ttl_minutes=int(ttl) if (ttl := str(feed.get("ttl", ""))).isdecimal() and len(ttl) < 7 else 0,
    )


def _entry(entry: Mapping[str, Any], base: str) -> Entry:
    content = max((_text(part, "value") for part in entry.get("content", ())), key=len, default="")
    # feedparser puts the content in place of a summary that is not there.
    summary = _text(entry, "summary") if entry.get("summary") != content else ""
    return Entry(
        guid=" ".join(_text(entry, "id").split()),
        headline=one_line(_text(entry, "title")),
        url=resolve(_text(entry, "link"), base),
        published_at=read_date(_text(entry, "published")) or read_date(_text(entry, "updated")),
        updated_at=read_date(_text(entry, "updated")),
        dek=paragraphs(summary),
        body=paragraphs(content),
        byline=names_of(_text(author, "name") for author in entry.get("authors", ())),
        image=_picture(entry, content or summary, base),
        section=next((one_line(_text(tag, "term")) for tag in entry.get("tags", ())), ""),
        language=_text(entry, "language"),
    )


def _text(found: Mapping[str, Any], key: str) -> str:
    """Return a text of feedparser's, '' for what it calls None."""
    return str(found.get(key) or "")


def _picture(entry: Mapping[str, Any], html: str, base: str) -> Picture | None:
    for medium in (*entry.get("media_content", ()), *entry.get("enclosures", ()), *entry.get("media_thumbnail", ())):
        kind = medium.get("type") or medium.get("medium") or "image"
        width, height = pixels(medium.get("width")), pixels(medium.get("height"))
        if (
            kind.startswith("image")
            and (url := medium.get("url") or medium.get("href"))
            and not is_speck(width, height)
        ):
            return Picture(resolve(url, base), "", width, height)
    if found := first_image(html):
        return Picture(resolve(found[0], base), *found[1:])
    return None
