"""Reads news sitemaps: the addresses and headlines a site publishes for news search; fetches nothing itself.

The format is the sitemap protocol (sitemaps.org) with the news extension (Google, sitemap-news/0.9). An index of
sitemaps gives the addresses of those that may hold the news.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from lxml import etree

from digest.collect import dates
from digest.collect.inflate import Inflater
from digest.collect.naming import printable
from digest.collect.page_links import is_web
from digest.collect.registry import Body, Reading
from digest.collect.site import site_of
from digest.errors import FeedError, FetchError
from digest.model import Article, Introduction, Picture, Source

#: Bytes of a sitemap, decompressed (sitemaps.org allows 50 MB; news sitemaps hold two days).
LARGEST = 50_000_000
#: Bytes parsed at a time, so that what is done with is forgotten.
PIECE = 1 << 16
#: Sitemaps of an index that are read. Each is a request at every check, and what is new stands in the newest.
MOST_PARTS = 4
_NEWS = re.compile(r"news|nachricht|noticia|notizi|actu|nyhet|nieuws|uutis|novosti|haber", re.IGNORECASE)
#: Articles taken, newest first: the news extension allows as many in one file.
MOST = 1000


@dataclass(slots=True)
class _Entry:
    """One url element."""

    loc: str = ""
    title: str = ""
    publication: str = ""
    published: str = ""
    changed: str = ""
    language: str = ""
    keywords: str = ""
    image: str = ""


@dataclass(slots=True)
class _Indexed:
    """One sitemap element of an index."""

    loc: str = ""
    changed: str = ""


#: Which field of an entry an element's text fills, by its local name and its parent's.
_FIELDS = {
    ("url", "loc"): "loc",
    ("url", "lastmod"): "changed",
    ("news", "title"): "title",
    ("news", "publication_date"): "published",
    ("news", "keywords"): "keywords",
    ("publication", "name"): "publication",
    ("publication", "language"): "language",
    ("image", "loc"): "image",
}


def read_source(source: Source, body: Body, now: datetime) -> Reading:
    """Return the articles a news sitemap names, newest first; raise FeedError where it is none.

    An address without a headline is left out, and counted in the notes. An index gives its parts instead.
    """
    entries, indexed = _read(_plain(body.raw))
    if indexed:
        return _index(indexed, body)
    told = [entry for entry in entries if entry.title and is_web(entry.loc)]
    if not told:
        kind = f"a sitemap of {len(entries)} addresses without headlines" if entries else "no sitemap"
        raise FeedError(f"{kind}; give the address of the site's news sitemap, or of its feed")
    articles = sorted((_article(entry, source, now) for entry in told), key=_age)[:MOST]
    left_out = len(entries) - len(told)
    notes = (f"left out {left_out} addresses without headline",) if left_out else ()
    return Reading(tuple(articles), notes=notes, introduction=Introduction(printable(told[0].publication)))


def _plain(raw: bytes) -> bytes:
    """Return the sitemap decompressed: many are files named .xml.gz."""
    if not raw.startswith(b"\x1f\x8b"):
        return raw
    inflater = Inflater("gzip", LARGEST)
    try:
        inflater.feed(raw)
    except FetchError as error:
        raise FeedError(f"a compressed sitemap, {error}") from error
    return inflater.result()


def _read(raw: bytes) -> tuple[list[_Entry], list[_Indexed]]:
    """Return the entries of a sitemap, and an index's sitemaps."""
    parser = etree.XMLPullParser(("start", "end"), recover=True, resolve_entities=False, no_network=True)
    entries: list[_Entry] = []
    indexed: list[_Indexed] = []
    plain = raw.lstrip()
    try:
        for start in range(0, len(plain), PIECE):
            parser.feed(plain[start : start + PIECE])
            for event, node in parser.read_events():
                if node is not None and not isinstance(node, tuple):
                    _take(event, node, entries, indexed)
    except etree.XMLSyntaxError as error:
        raise FeedError(f"no sitemap: {error.msg}") from error
    return entries, indexed


def _take(event: str, node: etree._Element, entries: list[_Entry], indexed: list[_Indexed]) -> None:
    name = _name(node)
    if event == "start":
        entries += [_Entry()] if name == "url" else []
        indexed += [_Indexed()] if name == "sitemap" else []
        return
    parent = node.getparent()
    text = " ".join((node.text or "").split())
    place = (_name(parent) if parent is not None else "", name)
    if place == ("sitemap", "loc"):
        indexed[-1].loc = indexed[-1].loc or text
    elif place == ("sitemap", "lastmod"):
        indexed[-1].changed = text
    elif entries and text and (field := _FIELDS.get(place)) and not getattr(entries[-1], field):
        setattr(entries[-1], field, text)
    if name in ("url", "sitemap"):
        node.clear()


def _name(node: etree._Element) -> str:
    return str(node.tag).rpartition("}")[2].lower()


def _index(indexed: Sequence[_Indexed], body: Body) -> Reading:
    """Return which sitemaps of an index may hold the news: those named so, else the ones that changed last.

    Only those of the index's own site are followed, because nobody has asked another one; raise FeedError where
    there are none. One without a date counts as older than all others.
    """
    own = site_of(body.url)
    found = [item for item in indexed if is_web(item.loc) and site_of(item.loc) == own]
    if not found:
        why = "read from a file" if not body.url else "all on other sites"
        raise FeedError(f"an index of {len(indexed)} sitemaps, {why}; name one of them, such as {indexed[0].loc}")
    news = [item for item in found if _NEWS.search(urlsplit(item.loc).path)]
    newest = sorted(news or found, key=lambda item: -_stamp(dates.read_date(item.changed)))
    chosen = tuple(dict.fromkeys(item.loc for item in newest))[:MOST_PARTS]
    away = len(indexed) - len(found)
    notes = (f"left out {away} sitemaps of other sites",) if away else ()
    return Reading(parts=chosen, notes=notes)


def _stamp(when: datetime | None) -> float:
    return when.timestamp() if when else 0.0


def _age(article: Article) -> float:
    return -article.published_at.timestamp() if article.published_at else 0.0


def _article(entry: _Entry, source: Source, now: datetime) -> Article:
    return Article(
        key="",
        source=source.slug,
        url=entry.loc,
        headline=entry.title,
        published_at=_utc(dates.read_date(entry.published)),
        updated_at=_utc(dates.read_date(entry.changed)),
        first_seen=now,
        image=Picture(entry.image) if is_web(entry.image) else None,
        section=source.section,
        language=entry.language or source.language,
        owner=source.owner or source.slug,
        weight=source.weight,
    )


def _utc(when: datetime | None) -> datetime | None:
    return when.astimezone(UTC) if when else None
