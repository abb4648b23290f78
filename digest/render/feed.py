"""Editions as an Atom feed (RFC 4287), for readers who prefer that to mail; knows no template."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from lxml import etree

from digest.model import Edition
from digest.render import text
from digest.render.links import link
from digest.render.view import EditionView
from digest.render.words import language
from digest.render.writer import view

_ATOM = "http://www.w3.org/2005/Atom"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


#: Where the feed is served, under the base address.
PATH = "/editions.atom"


def atom(editions: Sequence[Edition], *, title: str, base_url: str) -> bytes:
    """Return a feed of editions, newest first, whose pages are under ``base_url``.

    An entry has the lead's headline as its title and all headlines of the edition, with their links, as its content.
    """
    base = link(base_url).rstrip("/")
    feed = etree.fromstring(f'<feed xmlns="{_ATOM}"/>')
    _add(feed, "title", text.headline(title))
    _add(feed, "id", f"{base}{PATH}")
    _add(feed, "updated", _moment(max((each.cut_off for each in editions), default=None)))
    _add(feed, "link", href=f"{base}{PATH}", rel="self", type="application/atom+xml")
    _add(feed, "link", href=f"{base}/", rel="alternate", type="text/html")
    author = _add(feed, "author")
    _add(author, "name", text.headline(title))
    for edition in sorted(editions, key=lambda each: each.cut_off, reverse=True):
        _entry(feed, edition, base)
    return etree.tostring(feed, encoding="utf-8", xml_declaration=True)


def _entry(feed: etree._Element, edition: Edition, base: str) -> None:
    entry = _add(feed, "entry")
    entry.set(_LANGUAGE, edition.masthead.language or "en")
    address = f"{base}/editions/{edition.id}"
    _add(entry, "title", f"{text.headline(edition.masthead.title)}: {text.headline(edition.lead.title)}")
    _add(entry, "id", address)
    _add(entry, "updated", _moment(edition.cut_off))
    _add(entry, "link", href=address, rel="alternate", type="text/html")
    _add(entry, "content", _content(view(edition)), type="html")


def _content(seen: EditionView) -> str:
    """Return an edition's headlines as a small piece of HTML."""
    body = etree.Element("div", dir=seen.direction)
    for story in (seen.lead, *seen.stories):
        _item(body, "h2", story.headline, story.url)
        for paragraph in filter(None, (story.dek, story.source.name)):
            etree.SubElement(body, "p").text = _shown(paragraph)
        _list(body, ((line.headline, line.url) for line in (*story.related, *story.page_list)))
    if seen.brief:
        etree.SubElement(body, "h2").text = language(seen.language).gettext("In brief")
        _list(body, ((line.headline, line.url) for line in seen.brief))
    return str(etree.tostring(body, encoding="unicode", method="html"))


def _list(body: etree._Element, items: Iterable[tuple[str, str]]) -> None:
    listed = etree.Element("ul")
    for headline, url in items:
        _item(listed, "li", headline, url)
    if len(listed):
        body.append(listed)


def _item(parent: etree._Element, name: str, words: str, url: str) -> None:
    element = etree.SubElement(parent, name)
    holder = etree.SubElement(element, "a", href=url) if url else element
    holder.text = _shown(words)


def _add(parent: etree._Element, name: str, words: str = "", **attributes: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    if words:
        element.text = _shown(words)
    return element


def _moment(when: datetime | None) -> str:
    return when.isoformat() if when else "1970-01-01T00:00:00+00:00"


def _shown(words: str) -> str:
    """Return words for readers: nothing is filled here, so percent signs need no guard."""
    return words.replace(text.GUARD, "")
