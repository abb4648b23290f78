"""Reads RSS 0.9x, 1.0 and 2.0 with the usual extensions from a tree; knows nothing of bytes."""

from __future__ import annotations

from collections.abc import Iterator

from digest.collect.dates import read_date
from digest.collect.feed_names import Names
from digest.collect.feed_parts import Fields, fields_of, names_of, picture, prose, ttl_minutes, value, values
from digest.collect.feed_values import Entry, Feed
from digest.collect.feed_xml import XML_LANG, Element, base_of, resolve
from digest.collect.prose import one_line


def read_rss(root: Element, names: Names, url: str, *, has_bases: bool) -> Feed:
    """Return the feed under an ``rss``, ``rdf:RDF`` or ``channel`` element.

    ``url`` is where it was fetched from; ``has_bases`` tells whether xml:base occurs in it at all.
    """
    channel = root if names[root.tag] == "channel" else next((c for c in root if names[c.tag] == "channel"), root)
    fields = fields_of(channel, names)
    items = fields.pop("item", [])
    if channel is not root:
        items = items + [child for child in root if names[child.tag] == "item"]
    link = resolve(_link(fields), (has_bases and base_of(channel)) or url)
    entries = tuple(_entry(item, names, (has_bases and base_of(item)) or link or url) for item in items)
    return Feed(
        title=one_line(value(fields, "title", "dc:title", "media:title", "atom:title")),
        link=link,
        language=one_line(value(fields, "language", "dc:language"))
        or channel.get(XML_LANG)
        or root.get(XML_LANG)
        or "",
        entries=entries,
        logo=_logo(root, fields, names, link or url),
        tagline=one_line(value(fields, "description", "itunes:summary", "itunes:subtitle", "dc:description")),
        ttl_minutes=ttl_minutes(fields),
    )


def _entry(item: Element, names: Names, base: str) -> Entry:
    fields = fields_of(item, names)
    content = value(fields, "content:encoded", "atom:content", "xhtml:body", "xhtml:div")
    summary = value(fields, "description", "dc:description", "atom:summary", "itunes:summary", "media:description")
    published = value(fields, "pubdate", "dc:date", "atom:published", "dcterms:issued", "dcterms:created", "date")
    updated = value(fields, "atom:updated", "dcterms:modified", "dc:date")
    published_at = read_date(published)
    return Entry(
        guid=" ".join(value(fields, "guid", "atom:id").split()),
        headline=one_line(value(fields, "title", "dc:title", "atom:title", "media:title")),
        url=_address(fields, base),
        published_at=published_at,
        updated_at=published_at if updated is published else read_date(updated),
        dek=prose(summary),
        body=prose(content),
        byline=names_of(_people(fields)),
        image=picture(fields, content or summary, base),
        section=one_line(value(fields, "category", "dc:subject")),
        language=value(fields, "dc:language").strip() or item.get(XML_LANG) or "",
    )


def _address(fields: Fields, base: str) -> str:
    url = _link(fields)
    if not url and "guid" in fields and fields["guid"][0].get("isPermaLink", "true").lower() != "false":
        guid = value(fields, "guid").strip()  # RSS 2.0: a guid is the item's address unless it says otherwise
        url = guid if guid.startswith(("http://", "https://")) else ""
    return resolve(url, base)


def _link(fields: Fields) -> str:
    """Return the last ``link`` there is, else the alternate among the Atom links."""
    for element in reversed(fields.get("link", [])):
        if text := (element.text or "").strip() or (element.get("href") or "").strip():
            return text
    for element in fields.get("atom:link", ()):
        if element.get("rel", "alternate") == "alternate" and (href := element.get("href")):
            return href
    return ""


def _people(fields: Fields) -> Iterator[str]:
    for name in ("dc:creator", "author", "dc:author", "itunes:author", "media:credit"):
        if found := list(values(fields, name)):
            yield from found
            return
    for element in fields.get("atom:author", ()):
        yield from (child.text or "" for child in element if str(child.tag).endswith("}name"))


def _logo(root: Element, fields: Fields, names: Names, base: str) -> str:
    images = fields.get("image", []) + [child for child in root if names[child.tag] == "image"]
    for image in images:
        if url := value(fields_of(image, names), "url").strip() or (image.get("href") or ""):
            return resolve(url, base)
    found = picture({name: fields[name] for name in ("itunes:image", "media:thumbnail") if name in fields}, "", base)
    return found.url if found else ""
