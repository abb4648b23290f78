"""Reads what a page says of itself in JSON-LD (schema.org); believes everything, chooses nothing."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from lxml import html

from digest.collect.page_salvage import load
from digest.collect.page_text import squeeze
from digest.model import Picture

#: schema.org types that are one piece of writing.
ARTICLE = re.compile(r"(?:\w*Article|\w*BlogPosting|Report|Review|CreativeWork)$")
#: At most so many items of JSON-LD are looked at; a page of news has under a hundred.
MOST_ITEMS = 2000
_MARKUP = re.compile(r"<[^<>]*>")
#: Keys whose items are about something else than the page itself.
_ELSEWHERE = frozenset(
    {"itemListElement", "isPartOf", "citation", "mentions", "comment", "review", "hasPart", "subjectOf"}
)

Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Person:
    """Who signs a page."""

    name: str
    is_organisation: bool = False


@dataclass(frozen=True, slots=True)
class Claims:
    """What one item of a page's data says about the article."""

    kind: str = ""  #: the schema.org type
    headline: str = ""
    people: tuple[Person, ...] = ()
    published: str = ""  #: as written
    updated: str = ""  #: as written
    pictures: tuple[Picture, ...] = ()
    publisher: str = ""
    publisher_url: str = ""
    logo: str = ""
    dek: str = ""
    body: str = ""
    section: str = ""
    language: str = ""
    url: str = ""


def linked_data(tree: html.HtmlElement) -> tuple[tuple[Claims, ...], tuple[Claims, ...]]:
    """Return what the JSON-LD items of articles claim, and those of whole pages, in the page's order."""
    items = list(islice((item for text in _scripts(tree) for item in _items(load(text))), MOST_ITEMS))
    by_id = {str(item["@id"]): item for item in items if item.get("@id") and len(item) > 1}
    articles = tuple(_claims(item, by_id) for item in items if ARTICLE.match(kind_of(item)))
    wholes = tuple(_claims(item, by_id) for item in items if kind_of(item).endswith(("Page", "VideoObject")))
    return articles, tuple(replace(whole, headline="") for whole in wholes)


def _scripts(tree: html.HtmlElement) -> Iterator[str]:
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text:
            yield script.text


def _items(value: Any) -> Iterator[Item]:
    """Yield the items of a value, outer ones first."""
    waiting = [value]
    while waiting:
        value = waiting.pop(0)
        if isinstance(value, list):
            waiting[:0] = value
        elif isinstance(value, dict):
            yield value
            waiting[:0] = [v for k, v in value.items() if isinstance(v, dict | list) and k not in _ELSEWHERE]


def kind_of(item: Item) -> str:
    """Return the item's type; of several, the one that names an article."""
    kinds = [str(kind).rsplit("/", 1)[-1] for kind in _list(item.get("@type"))]
    return next((kind for kind in kinds if ARTICLE.match(kind)), kinds[0] if kinds else "")


def _claims(item: Item, by_id: Mapping[str, Item]) -> Claims:
    publisher = _item(item.get("publisher"), by_id)
    logo = _pictures(publisher.get("logo"), by_id)
    return Claims(
        kind=kind_of(item),
        headline=words(item.get("headline")),
        people=_people(item.get("author"), by_id) or _people(item.get("creator"), by_id),
        published=first(item.get("datePublished")) or first(item.get("uploadDate")) or first(item.get("dateCreated")),
        updated=first(item.get("dateModified")),
        pictures=_pictures(item.get("image"), by_id) or _pictures(item.get("thumbnailUrl"), by_id),
        publisher=words(publisher.get("name")),
        publisher_url=first(publisher.get("url")),
        logo=logo[0].url if logo else "",
        dek=words(item.get("description")),
        body=entities.unescape(first(item.get("articleBody"))),
        section=words(first(item.get("articleSection"))),
        language=first(item.get("inLanguage")),
        url=first(item.get("url")) or _address(item.get("mainEntityOfPage")),
    )


def words(value: Any) -> str:
    """Return a value as plain words: entities resolved (even twice over), markup left out."""
    text = entities.unescape(entities.unescape(first(value)))
    return squeeze(_MARKUP.sub("", text))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def first(value: Any) -> str:
    """Return the first text in a value, '' where there is none."""
    for one in _list(value):
        if isinstance(one, dict):
            one = one.get("@value") or one.get("name") or ""
            one = one.get("@value") or "" if isinstance(one, dict) else one
        if isinstance(one, str | int | float) and str(one).strip():
            return str(one).strip()
    return ""


def _item(value: Any, by_id: Mapping[str, Item]) -> Item:
    """Return the first item of a value, a reference followed, a bare name as an item of that name."""
    for one in _list(value):
        if isinstance(one, dict):
            return (
                by_id.get(str(one.get("@id")), one) if len(one) <= 2 and one.get("@id") and not one.get("name") else one
            )
        if isinstance(one, str):
            return by_id.get(one, {"name": one})
    return {}


def _address(value: Any) -> str:
    item = _list(value)[0] if _list(value) else ""
    return str(item.get("@id") or item.get("url") or "") if isinstance(item, dict) else str(item)


def _people(value: Any, by_id: Mapping[str, Item]) -> tuple[Person, ...]:
    found = []
    if isinstance(value, dict) and "@list" in value:
        value = value["@list"]
    for one in _list(value):
        item = _item(one, by_id)
        kind = str(item.get("@type", ""))
        names = [words(name) for name in _list(item.get("name"))] or [
            " ".join(filter(None, (words(item.get("givenName")), words(item.get("familyName")))))
        ]
        found += [Person(name, "Organization" in kind) for name in names if name]
    return tuple(found)


def _pictures(value: Any, by_id: Mapping[str, Item]) -> tuple[Picture, ...]:
    found = []
    for one in _list(value):
        item = {"url": one} if isinstance(one, str) else _item(one, by_id)
        for address in _list(item.get("url") or item.get("contentUrl") or item.get("@id")):
            if isinstance(address, str) and address.strip():
                alt = words(item.get("caption") or item.get("description"))
                found.append(Picture(address.strip(), alt, pixels(item.get("width")), pixels(item.get("height"))))
    return tuple(found)


def pixels(value: Any) -> int | None:
    """Return a size written as ``640``, ``"640px"`` or ``{"value": 640}``, ``None`` where there is none."""
    if isinstance(value, dict):
        value = value.get("value") or value.get("@value")
    found = re.match(r"\s*(\d{1,6})(?:\.\d+)?\s*(?:px)?\s*$", str(value))
    return int(found[1]) if found else None
