"""Reads Atom 0.3 and 1.0 with the usual extensions from a tree; knows nothing of bytes."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator

from digest.collect.dates import read_date
from digest.collect.feed_names import Names
from digest.collect.feed_parts import Nodes, first, names_of, parts_of, picture, ttl_minutes
from digest.collect.feed_values import Entry, Feed, within_reach
from digest.collect.feed_xml import XML_LANG, Element, base_of, markup, resolve
from digest.collect.prose import one_line, paragraphs

_TEXT_TYPES = ("text", "html", "xhtml", "application/xhtml", "application/xml", "application/json")


def read_atom(root: Element, names: Names, url: str, *, has_bases: bool) -> Feed:
    """Return the feed under a ``feed`` element, or the one entry under an ``entry`` element.

    ``url`` is where it was fetched from; ``has_bases`` tells whether xml:base occurs in it at all.
    """
    is_entry = names[root.tag].endswith("entry")
    texts, nodes = ({}, {}) if is_entry else parts_of(root, names)
    entries = [root] if is_entry else nodes.pop("atom:entry", []) + nodes.pop("entry", [])
    entries, notes = within_reach(entries)
    base = (has_bases and base_of(root)) or url
    link = resolve(_link(nodes), base)
    authors = list(_people(nodes, names))
    return Feed(
        title=one_line(_text(nodes, "atom:title") or first(texts, "title")),
        link=link,
        language=root.get(XML_LANG) or first(texts, "language", "dc:language").strip(),
        entries=tuple([_entry(entry, names, authors, base or link, has_bases) for entry in entries]),
        logo=resolve(first(texts, "atom:logo", "atom:icon"), base),
        tagline=one_line(_text(nodes, "atom:subtitle", "atom:tagline")),
        ttl_minutes=ttl_minutes(texts),
        notes=notes,
    )


def _entry(entry: Element, names: Names, feed_authors: list[str], base: str, has_bases: bool) -> Entry:
    texts, nodes = parts_of(entry, names)
    own_base = base_of(entry) if has_bases else ""
    content = _text(nodes, "atom:content")
    summary = _text(nodes, "atom:summary") or first(texts, "media:description")
    updated_at = read_date(first(texts, "atom:updated", "atom:modified", "dcterms:modified", "dc:date"))
    published_at = read_date(first(texts, "atom:published", "atom:issued", "atom:created", "dcterms:issued"))
    base = own_base or base
    enclosures = [link for link in nodes.get("atom:link", ()) if link.get("rel") == "enclosure"]
    return Entry(
        guid=" ".join(resolve(first(texts, "atom:id"), own_base).split()),
        headline=one_line(_text(nodes, "atom:title") or first(texts, "title", "media:title")),
        url=resolve(_link(nodes), base),
        published_at=published_at or updated_at,
        updated_at=updated_at,
        dek=paragraphs(summary),
        body=paragraphs(content),
        byline=names_of(list(_people(nodes, names)) or feed_authors),
        image=picture(nodes | {"enclosure": enclosures} if enclosures else nodes, content or summary, base),
        section=_section(nodes) or one_line(first(texts, "dc:subject")),
        language=entry.get(XML_LANG) or "",
    )


def _text(nodes: Nodes, *wanted: str) -> str:
    """Return the markup of the first text construct there is, decoded where it is base64."""
    for name in wanted:
        for element in nodes.get(name, ()):
            text = markup(element)
            if text and not text.isspace():
                return _decoded(text) if _is_encoded(element) else text
    return ""


def _is_encoded(element: Element) -> bool:
    """Tell whether a text is base64: Atom 0.3 says so in mode, RFC 4287 §4.1.3.3 by a type that is no text."""
    if (mode := element.get("mode")) is not None:
        return mode.strip().lower() == "base64"
    kind = element.get("type")
    return kind is not None and not kind.lower().startswith(_TEXT_TYPES) and "xml" not in kind.lower()


def _decoded(text: str) -> str:
    try:
        decoded = base64.b64decode("".join(text.split()), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return text
    return decoded if decoded.isprintable() or "\n" in decoded else ""


def _link(nodes: Nodes) -> str:
    """Return the alternate link, one in HTML before one in another type."""
    best = ""
    for element in nodes.get("atom:link", nodes.get("link", ())):
        href = (element.get("href") or "").strip()
        if href and element.get("rel", "alternate") in ("alternate", ""):
            if (element.get("type") or "text/html") in ("text/html", "application/xhtml+xml"):
                return href
            best = best or href
    return best


def _people(nodes: Nodes, names: Names) -> Iterator[str]:
    for author in nodes.get("atom:author", ()):
        yield next((child.text or "" for child in author if names[child.tag] == "atom:name"), author.text or "")
    if "atom:author" not in nodes:
        yield from (creator.text or "" for creator in nodes.get("dc:creator", ()))


def _section(nodes: Nodes) -> str:
    for category in nodes.get("atom:category", ()):
        if label := category.get("label") or category.get("term") or category.text:
            return one_line(label)
    return ""
