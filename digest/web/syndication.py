"""Past editions as an Atom feed (RFC 4287), for feed readers; knows no request."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from lxml import etree

from digest.store import Stored

ATOM = "http://www.w3.org/2005/Atom"
NAMES: dict[str, str] = {None: ATOM}  # type: ignore[dict-item] # the default namespace has no name


def atom(editions: Sequence[Stored], title: str, base_url: str) -> bytes:
    """Return the feed of some editions, newest first; ``base_url`` has no trailing slash."""
    feed = etree.Element(f"{{{ATOM}}}feed", nsmap=NAMES)
    _add(feed, "title", title)
    _add(feed, "id", f"{base_url}/editions.atom")
    _add(
        feed,
        "updated",
        _time(max((each.edition.cut_off for each in editions), default=datetime(2000, 1, 1, tzinfo=UTC))),
    )
    etree.SubElement(feed, f"{{{ATOM}}}link", rel="self", href=f"{base_url}/editions.atom")
    etree.SubElement(feed, f"{{{ATOM}}}link", rel="alternate", href=f"{base_url}/")
    author = etree.SubElement(feed, f"{{{ATOM}}}author")
    _add(author, "name", title)
    for stored in editions:
        _entry(feed, stored, base_url)
    return etree.tostring(feed, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _entry(feed: etree._Element, stored: Stored, base_url: str) -> None:
    edition = stored.edition
    address = f"{base_url}/editions/{edition.id}"
    entry = etree.SubElement(feed, f"{{{ATOM}}}entry")
    _add(entry, "title", f"{edition.masthead.title}: {edition.lead.title}")
    _add(entry, "id", address)
    _add(entry, "updated", _time(edition.cut_off))
    etree.SubElement(entry, f"{{{ATOM}}}link", rel="alternate", href=address)
    _add(entry, "summary", " · ".join(story.title for story in edition.stories))


def _add(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}{name}").text = "".join(c for c in text if c.isprintable())


def _time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
