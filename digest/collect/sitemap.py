"""Reads news sitemaps: the addresses and headlines a site publishes for news search; fetches nothing itself.

The format is the sitemap protocol (sitemaps.org) with the news extension (Google, sitemap-news/0.9).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from lxml import etree

from digest.collect import dates
from digest.collect.inflate import Inflater
from digest.collect.page_links import is_web
from digest.collect.registry import Body, Reading
from digest.errors import FeedError, FetchError
from digest.model import Article, Picture, Source

#: Bytes of a sitemap, decompressed (sitemaps.org allows 50 MB; news sitemaps hold two days).
LARGEST = 50_000_000
#: Bytes parsed at a time, so that what is done with is forgotten.
PIECE = 1 << 16
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

    An address without a headline is left out, and counted in the notes.
    """
    entries, indexed = _read(_plain(body.raw))
    if indexed:
        raise FeedError(f"an index of {len(indexed)} sitemaps, not one; name one of them, such as {_best(indexed)}")
    told = [entry for entry in entries if entry.title and is_web(entry.loc)]
    if not told:
        kind = f"a sitemap of {len(entries)} addresses without headlines" if entries else "no sitemap"
        raise FeedError(f"{kind}; give the address of the site's news sitemap, or of its feed")
    articles = sorted((_article(entry, source, now) for entry in told), key=_age)[:MOST]
    left_out = len(entries) - len(told)
    notes = (f"left out {left_out} addresses without headline",) if left_out else ()
    return Reading(tuple(articles), notes=notes, source=_named(source, told[0].publication))


def _named(source: Source, publication: str) -> Source:
    """Return the source with the publication's name, where the configuration gives it none."""
    has_name = source.title not in ("", source.slug) or not publication
    return source if has_name else replace(source, title=publication)


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


def _read(raw: bytes) -> tuple[list[_Entry], list[str]]:
    """Return the entries of a sitemap, and the addresses of an index's sitemaps."""
    parser = etree.XMLPullParser(("start", "end"), recover=True, resolve_entities=False, no_network=True)
    entries: list[_Entry] = []
    indexed: list[str] = []
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


def _take(event: str, node: etree._Element, entries: list[_Entry], indexed: list[str]) -> None:
    name = _name(node)
    if event == "start":
        entries += [_Entry()] if name == "url" else []
        return
    parent = node.getparent()
    text = " ".join((node.text or "").split())
    place = (_name(parent) if parent is not None else "", name)
    if place == ("sitemap", "loc"):
        indexed.append(text)
    elif entries and text and (field := _FIELDS.get(place)) and not getattr(entries[-1], field):
        setattr(entries[-1], field, text)
    if name in ("url", "sitemap"):
        node.clear()


def _name(node: etree._Element) -> str:
    return str(node.tag).rpartition("}")[2].lower()


def _best(addresses: list[str]) -> str:
    return next((address for address in addresses if "news" in address.lower()), addresses[0])


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
