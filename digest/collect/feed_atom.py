"""Reads Atom 0.3 and 1.0 with the usual extensions from a tree; knows nothing of bytes."""

from __future__ import annotations

import base64
import binascii
import re

from digest.collect.dates import read_date
from digest.collect.feed_names import Names
from digest.collect.feed_parts import Nodes, Texts, first, names_of, parts_of, picture, taken_apart, ttl_minutes
from digest.collect.feed_values import Entry, Feed, within_reach
from digest.collect.feed_xml import XML_LANG, Element, base_of, markup, resolve
from digest.collect.prose import one_line, paragraphs

#: What only markup has: an end of something, a break, an attribute.
_MARKUP = re.compile(r"</\w|/>|<(?:br|p|hr)>|<\w+ [\w-]+=", re.IGNORECASE)
_ALTERNATE = ("alternate", "http://www.iana.org/assignments/relation/alternate")  # RFC 4287 §4.2.7.2
_TEXT_TYPES = ("text", "html", "xhtml", "application/xhtml", "application/xml", "application/json")


def read_atom(root: Element, names: Names, url: str) -> Feed:
    """Return the feed under a ``feed`` element, or the one entry under an ``entry`` element.

    ``url`` is where it was fetched from.
    """
    is_entry = names[root.tag].endswith("entry")
    texts, nodes = ({}, {}) if is_entry else parts_of(root, names)
    entries = [root] if is_entry else nodes.pop("atom:entry", []) + nodes.pop("entry", [])
    entries, notes = within_reach(entries)
    stated = base_of(root)
    base = stated or url
    link = resolve(_links(nodes)[0] or texts.get("link", ""), base)
    own = next((str(each.get("href")) for each in nodes.get("atom:link", ()) if each.get("rel") == "self"), "")
    authors = _people(nodes, names)
    base = base or link or own
    return Feed(
        title=one_line(_text(nodes, "atom:title") or first(texts, "title")),
        link=link,
        language=root.get(XML_LANG) or first(texts, "language", "dc:language").strip(),
        entries=tuple([_entry(*parts, names, authors, stated, base) for parts in taken_apart(entries, names)]),
        logo=resolve(first(texts, "atom:logo", "atom:icon"), base),
        tagline=one_line(_text(nodes, "atom:subtitle", "atom:tagline")),
        ttl_minutes=ttl_minutes(texts),
        notes=notes,
    )


def _entry(
    entry: Element, texts: Texts, nodes: Nodes, names: Names, feed_authors: list[str], stated: str, base: str
) -> Entry:
    get = texts.get
    language = ""
    if entry.keys():  # hardly any entry has attributes, and to ask for each costs more
        stated, language = base_of(entry), entry.get(XML_LANG) or ""
    base = stated or base
    content = _text(nodes, "atom:content") if "atom:content" in nodes else ""
    summary = _text(nodes, "atom:summary") if "atom:summary" in nodes else get("media:description", "")
    updated_at = read_date(get("atom:updated") or first(texts, "atom:modified", "dcterms:modified", "dc:date"))
    published = get("atom:published") or first(texts, "atom:issued", "atom:created", "dcterms:issued")
    guid = get("atom:id", "").strip()
    url, enclosures = _links(nodes)
    people = _people(nodes, names)
    return Entry(
        resolve(guid, stated) if stated else guid,
        one_line(_text(nodes, "atom:title") or first(texts, "title", "media:title")),
        resolve(url or get("link", ""), base),
        (read_date(published) if published else None) or updated_at,
        updated_at,
        paragraphs(summary) if summary else "",
        paragraphs(content) if content else "",
        names_of(people or feed_authors),
        picture(nodes | {"enclosure": enclosures} if enclosures else nodes, content or summary, base),
        _section(nodes) or one_line(get("dc:subject", "")),
        language,
    )


def _text(nodes: Nodes, *wanted: str) -> str:
    """Return the markup of the first text construct there is, decoded where it is base64."""
    for name in wanted:
        for element in nodes.get(name, ()):
            text = markup(element)
            if text and not text.isspace():
                return _decoded(text) if _is_encoded(element) else _shown(text, element)
    return ""


def _shown(text: str, element: Element) -> str:
    """Return a text whose tags are to be read where it says that it has none, and looks like it."""
    if (
        "<" in text
        and element.get("type", "text") in ("text", "text/plain")
        and not len(element)
        and not _MARKUP.search(text)
    ):
        return text.replace("&", "&amp;").replace("<", "&lt;")
    return text


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


def _links(nodes: Nodes) -> tuple[str, list[Element]]:
    """Return the alternate link, one in HTML before one in another type, and the links to enclosures."""
    best, other = "", ""
    enclosures = []
    for element in nodes.get("atom:link", ()):
        relation = element.get("rel") or "alternate"
        if relation == "enclosure":
            enclosures.append(element)
        elif relation in _ALTERNATE and (href := (element.get("href") or "").strip()):
            if (element.get("type") or "text/html") in ("text/html", "application/xhtml+xml"):
                best = best or href
            other = other or href
    return best or other, enclosures


def _people(nodes: Nodes, names: Names) -> list[str]:
    if "atom:author" in nodes:
        return [_name(author, names) for author in nodes["atom:author"]]
    return [creator.text or "" for creator in nodes.get("dc:creator", ())]


def _name(author: Element, names: Names) -> str:
    for child in author:
        if names[child.tag] == "atom:name":
            return child.text or ""
    return author.text or ""


def _section(nodes: Nodes) -> str:
    for category in nodes.get("atom:category", ()):
        if label := category.get("label") or category.get("term") or category.text:
            return one_line(label)
    return ""
