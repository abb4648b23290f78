"""Finds the feeds that a site's page offers, and writes a source as config.toml holds it; fetches nothing itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import html

from digest.collect.page_links import absolute
from digest.collect.page_text import decode, parse, squeeze, text_of
from digest.model import Source

_TYPES = {
    "application/rss+xml": "rss",
    "application/atom+xml": "atom",
    "application/feed+json": "json",
    "application/rdf+xml": "rss",
    "text/xml": "rss",
    "application/xml": "rss",
    "application/json": "json",
}
_LOOKS_LIKE_FEED = re.compile(
    r"(?:^|[/.?=_-])(?:rss|atom|feeds?|rdf)(?:[/._-]?(?:xml|rss|json|rdf|php|\d+))?/?$|\.(?:rss|atom|rdf)$|/index\.xml$",
    re.IGNORECASE,
)
_COMMENTS = re.compile(r"comment|kommentar|commentaire|comentario", re.IGNORECASE)
#: Where sites put a feed that their page does not link, most common first.
USUAL = ("/feed/", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json", "/feeds/posts/default")
#: Characters at the start of a body that tell what it is.
SNIFFED = 5000
_PROLOG = re.compile(r"(?:\s++|<\?[^>]*+>|<!--.*?-->|<!DOCTYPE (?!html)[^>]*+>)*+", re.DOTALL | re.IGNORECASE)
_OPENINGS = {"<rss": "rss", "<rdf:rdf": "rss", "<feed": "atom"}


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed that a page offers."""

    url: str
    title: str = ""
    kind: str = ""  #: 'rss', 'atom' or 'json'; '' when only reading it will tell
    is_stated: bool = True  #: the page names it as its feed; else it is a link that looks like one


def discover(raw: bytes, url: str, content_type: str = "") -> tuple[FoundFeed, ...]:
    """Return the feeds a page offers, best first: those it states, links that look like feeds, comments last.

    A body that is a feed itself is the only one found. Nothing is fetched, so none of them has been read.
    """
    text, _ = decode(raw, content_type)
    if kind := _kind_of(text):
        return (FoundFeed(url, "", kind),)
    tree = parse(text)
    if tree is None:
        return ()
    base = absolute(url, next((node.get("href") for node in tree.iter("base")), "")) or url
    found: dict[str, FoundFeed] = {}
    for feed in (*_stated(tree, base), *_linked(tree, base)):
        found.setdefault(feed.url, feed)
    return tuple(sorted(found.values(), key=lambda feed: (_is_of_comments(feed), not feed.is_stated)))


def guesses(url: str) -> tuple[str, ...]:
    """Return the addresses at which a site may have a feed that its page does not name, likeliest first."""
    return tuple(address for place in USUAL if (address := absolute(url, place)))


def _kind_of(text: str) -> str:
    start = text[_PROLOG.match(text, 0, SNIFFED).end() :][:SNIFFED].lower()  # type: ignore[union-attr] # it matches ''
    if start.startswith("{") and "jsonfeed.org/version" in start:
        return "json"
    return next((kind for opening, kind in _OPENINGS.items() if start.startswith(opening)), "")


def _stated(tree: html.HtmlElement, base: str) -> Iterator[FoundFeed]:
    for link in tree.iter("link"):
        rel = (link.get("rel") or "").lower().split()
        kind = _TYPES.get((link.get("type") or "").split(";")[0].strip().lower(), "")
        href = absolute(base, link.get("href"))
        is_feed = ("alternate" in rel and kind) or "feed" in rel
        if is_feed and href and not _is_api(href, kind):
            yield FoundFeed(href, squeeze(link.get("title")), kind)


def _is_api(href: str, kind: str) -> bool:
    """Tell whether an address is a publishing system's own interface: many state theirs as an alternate, too."""
    return kind == "json" and bool(re.search(r"/wp-json/|oembed", href))


def _linked(tree: html.HtmlElement, base: str) -> Iterator[FoundFeed]:
    for link in tree.iter("a"):
        href = absolute(base, link.get("href"))
        if href and _LOOKS_LIKE_FEED.search(urlsplit(href).path):
            yield FoundFeed(href, text_of(link), is_stated=False)


def _is_of_comments(feed: FoundFeed) -> bool:
    return bool(_COMMENTS.search(f"{feed.url} {feed.title}"))


def toml_block(source: Source) -> str:
    """Return a source as the table that config.toml holds it in, with what differs from the defaults only."""
    plain = Source(slug=source.slug, title=source.slug)
    names = ("title", "kind", "url", "path", "owner", "section", "weight", "language", "full_text", "tagline", "logo")
    lines = [f"slug = {_value(source.slug)}"]
    lines += [
        f"{name} = {_value(getattr(source, name))}"
        for name in (*names, "homepage", "quote_words", "hotlink")
        if getattr(source, name) != getattr(plain, name)
    ]
    return "\n".join(("[[sources]]", *lines)) + "\n"


def _value(value: object) -> str:
    """Return a value as TOML writes it; its strings are JSON's, but for DEL (TOML 1.0, String)."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")


_TABLE = re.compile(r"^[ \t]*\[\[?[^\]\n]+\]\]?[ \t]*(?:#.*)?$", re.MULTILINE)
_SOURCES = re.compile(r"^[ \t]*\[\[[ \t]*sources[ \t]*\]\]", re.MULTILINE)


def add_source(text: str, source: Source) -> str:
    """Return the text of a config.toml with a source added behind the last one there, all else left as it is.

    Comments that stand directly above the next table stay with it.
    """
    block = toml_block(source)
    last = list(_SOURCES.finditer(text))
    if not last:
        return f"{text.rstrip()}\n\n{block}" if text.strip() else block
    following = _TABLE.search(text, last[-1].end())
    before = text[: following.start() if following else len(text)].splitlines()
    after = text[following.start() :] if following else ""
    comments: list[str] = []
    while following and before and (not before[-1].strip() or before[-1].lstrip().startswith("#")):
        comments.insert(0, before.pop())
    notes = "\n".join(comments).strip("\n")
    parts = ("\n".join(before).rstrip(), block.rstrip(), "\n".join(filter(None, (notes, after.rstrip("\n")))))
    return "\n\n".join(filter(None, parts)) + "\n"
