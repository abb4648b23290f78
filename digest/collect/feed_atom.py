"""Reads Atom 0.3 and 1.0 with the usual extensions from a tree; knows nothing of bytes."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator

from digest.collect.dates import read_date
from digest.collect.feed_names import Names
from digest.collect.feed_parts import Fields, fields_of, names_of, picture, prose, ttl_minutes, value
from digest.collect.feed_values import Entry, Feed
from digest.collect.feed_xml import XML_LANG, Element, base_of, markup, resolve
from digest.collect.prose import one_line

_TEXT_TYPES = ("text", "html", "xhtml", "application/xhtml", "application/xml", "application/json")


def read_atom(root: Element, names: Names, url: str, *, has_bases: bool) -> Feed:
    """Return the feed under a ``feed`` element, or the one entry under an ``entry`` element.

    ``url`` is where it was fetched from; ``has_bases`` tells whether xml:base occurs in it at all.
    """
    is_entry = names[root.tag].endswith("entry")
    fields: Fields = {} if is_entry else _fields(root, names)
    entries = [root] if is_entry else fields.pop("entry", [])
    base = (has_bases and base_of(root)) or url
    link = resolve(_link(fields), base)
    authors = list(_people(fields, names))
    return Feed(
        title=one_line(_text(fields, "title")),
        link=link,
        language=root.get(XML_LANG) or value(fields, "language", "dc:language").strip(),
        entries=tuple(_entry(entry, names, authors, base or link, has_bases) for entry in entries),
        logo=resolve(value(fields, "logo", "icon").strip(), base),
        tagline=one_line(_text(fields, "subtitle", "tagline")),
        ttl_minutes=ttl_minutes(fields),
    )


def _fields(element: Element, names: Names) -> Fields:
    """Return an element's children with Atom's own under their bare names."""
    fields = {name.removeprefix("atom:"): children for name, children in fields_of(element, names).items()}
    if enclosures := [link for link in fields.get("link", ()) if link.get("rel") == "enclosure"]:
        fields["enclosure"] = enclosures
    return fields


def _entry(entry: Element, names: Names, feed_authors: list[str], base: str, has_bases: bool) -> Entry:
    fields = _fields(entry, names)
    own_base = base_of(entry) if has_bases else ""
    content, summary = _text(fields, "content"), _text(fields, "summary") or value(fields, "media:description")
    updated_at = read_date(value(fields, "updated", "modified", "dcterms:modified", "dc:date"))
    published_at = read_date(value(fields, "published", "issued", "created", "dcterms:issued"))
    base = own_base or base
    return Entry(
        guid=" ".join(resolve(value(fields, "id"), own_base).split()),
        headline=one_line(_text(fields, "title") or value(fields, "media:title")),
        url=resolve(_link(fields), base),
        published_at=published_at or updated_at,
        updated_at=updated_at,
        dek=prose(summary),
        body=prose(content),
        byline=names_of(list(_people(fields, names)) or feed_authors),
        image=picture(fields, content or summary, base),
        section=_section(fields),
        language=entry.get(XML_LANG) or "",
    )


def _text(fields: Fields, *wanted: str) -> str:
    """Return the markup of the first text construct there is, decoded where it is base64."""
    for name in wanted:
        for element in fields.get(name, ()):
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


def _link(fields: Fields) -> str:
    """Return the alternate link, one in HTML before one in another type."""
    best = ""
    for element in fields.get("link", ()):
        href = (element.get("href") or "").strip()
        if href and element.get("rel", "alternate") in ("alternate", ""):
            if (element.get("type") or "text/html") in ("text/html", "application/xhtml+xml"):
                return href
            best = best or href
    return best


def _people(fields: Fields, names: Names) -> Iterator[str]:
    for author in fields.get("author", ()):
        yield value(_fields(author, names), "name") or (author.text or "")
    if "author" not in fields:
        yield value(fields, "dc:creator")


def _section(fields: Fields) -> str:
    for category in fields.get("category", ()):
        if label := category.get("label") or category.get("term") or category.text:
            return one_line(label)
    return one_line(value(fields, "dc:subject"))
