"""Reads and writes lists of sources as OPML 2.0, the format feed readers exchange; knows no config file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from email.utils import format_datetime

from lxml import etree

from digest.collect.page_links import host_of, is_web
from digest.errors import SourceError
from digest.model import Source

#: Levels of outlines that are followed; more are a mistake or an attack.
DEEPEST = 20


def read_opml(raw: bytes) -> tuple[Source, ...]:
    """Return the feeds an OPML file lists, each address once; raise SourceError where it is no OPML.

    An outline without a feed is a section for those in it (the innermost counts). Slugs are made from the
    titles and are unique.
    """
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(raw.strip(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise SourceError(f"not read as OPML: {error}") from error
    if root is None or _name(root) != "opml":
        raise SourceError("not read as OPML: its first element is not <opml>; export it anew from your feed reader")
    found: dict[str, Source] = {}
    slugs: set[str] = set()
    for outline, section in _feeds(root):
        url = (outline.get("xmlUrl") or "").strip()
        if is_web(url) and url not in found:
            slug = unique_slug(_title(outline) or host_of(url), slugs)
            found[url] = _source(outline, url, slug, section)
    return tuple(found.values())


def _feeds(root: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """Yield each outline with a feed, in document order, with the section it stands in."""
    body = next((child for child in root if _name(child) == "body"), root)
    waiting = [(child, "", 1) for child in reversed(body)]
    while waiting:
        outline, section, depth = waiting.pop()
        if _name(outline) != "outline" or depth > DEEPEST:
            continue
        if outline.get("xmlUrl"):
            yield outline, section
        inner = section if outline.get("xmlUrl") else _title(outline) or section
        waiting += [(child, inner, depth + 1) for child in reversed(outline)]


def _name(node: etree._Element) -> str:
    return str(node.tag).rpartition("}")[2].lower()


def _title(outline: etree._Element) -> str:
    return " ".join((outline.get("title") or outline.get("text") or "").split())


def _source(outline: etree._Element, url: str, slug: str, section: str) -> Source:
    homepage = (outline.get("htmlUrl") or "").strip()
    return Source(
        slug=slug,
        title=_title(outline) or slug,
        url=url,
        section=section,
        language=(outline.get("language") or "").strip(),
        tagline=" ".join((outline.get("description") or "").split()),
        homepage=homepage if is_web(homepage) else "",
    )


def slug_of(title: str) -> str:
    """Return a title as a slug: lower-case ASCII letters, digits and hyphens, at most 40 characters."""
    plain = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:40].strip("-") or "source"


def unique_slug(title: str, taken: set[str]) -> str:
    """Return a slug for a title that is not ``taken`` yet, and take it."""
    base = slug_of(title)
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    taken.add(slug)
    return slug


def write_opml(sources: Sequence[Source], title: str, now: datetime) -> bytes:
    """Return an OPML file of the sources that have a feed's address, by section; ``now`` is its date."""
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = _writable(title)
    etree.SubElement(head, "dateCreated").text = format_datetime(now)
    body = etree.SubElement(root, "body")
    for section, members in _by_section(source for source in sources if source.kind == "feed" and source.url):
        name = _writable(section)
        holder = etree.SubElement(body, "outline", text=name, title=name) if name else body
        for source in members:
            etree.SubElement(holder, "outline", _attributes(source))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _by_section(sources: Iterable[Source]) -> list[tuple[str, list[Source]]]:
    sections: dict[str, list[Source]] = {}
    for source in sources:
        sections.setdefault(source.section, []).append(source)
    return sorted(sections.items(), key=lambda item: item[0] != "")


def _attributes(source: Source) -> dict[str, str]:
    facts = {
        "type": "rss",
        "text": source.title,
        "title": source.title,
        "xmlUrl": source.url,
        "htmlUrl": source.homepage,
        "language": source.language,
        "description": source.tagline,
    }
    return {name: _writable(value) for name, value in facts.items() if value}


def _writable(text: str) -> str:
    """Return the text without the characters that XML cannot hold (XML 1.0 §2.2)."""
    return re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)
