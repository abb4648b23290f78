"""What RSS and Atom have in common: names of people, pictures, categories and times to live; knows neither format."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from digest.collect.feed_names import Names
from digest.collect.feed_xml import Element, markup, resolve
from digest.collect.prose import first_image, is_speck, one_line, paragraphs, pixels
from digest.model import Picture

#: The children of one element by name, each name's in their order.
Fields = dict[str, list[Element]]

_ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)*")
_ROLE = re.compile(r"^by[:\s]+", re.IGNORECASE)
_PERIODS = {"hourly": 60, "daily": 1440, "weekly": 10080, "monthly": 43200, "yearly": 525600}


def fields_of(element: Element, names: Names) -> Fields:
    """Return an element's children by their names; those of a media:group count as its own."""
    fields: Fields = {}
    for child in element:
        name = names[child.tag]
        if name in fields:
            fields[name].append(child)
        else:
            fields[name] = [child]
    if "media:group" in fields:
        for group in fields["media:group"]:
            for name, children in fields_of(group, names).items():
                fields.setdefault(name, []).extend(children)
    return fields


def values(fields: Fields, *wanted: str) -> Iterator[str]:
    """Give what stands in the elements of these names, in this order, empty ones left out."""
    for name in wanted:
        for element in fields.get(name, ()):
            text = markup(element) if len(element) else element.text
            if text and not text.isspace():
                yield text


def value(fields: Fields, *wanted: str) -> str:
    """Return the first text there is in elements of these names, '' for none."""
    for name in wanted:
        if name in fields:
            for text in values(fields, name):
                return text
    return ""


def person(text: str) -> str:
    """Return the name in ``jane@example.org (Jane Doe)`` and its variants; '' where only an address is given."""
    text = one_line(text)
    if "@" in text:
        text = _ADDRESS.sub("", text).replace("mailto:", "").strip(" <>()[],;:-")
    return _ROLE.sub("", text)


def names_of(people: Iterable[str]) -> str:
    """Return names separated by comma, each once."""
    return ", ".join(dict.fromkeys(filter(None, map(person, people))))


def picture(fields: Fields, html: str, base: str) -> Picture | None:
    """Return the largest picture an entry names, else the first in its text."""
    best: Picture | None = None
    for url, alt, width, height in _pictures(fields):
        if url and not is_speck(width, height) and (best is None or (width or 0) > (best.width or 0)):
            best = Picture(resolve(url, base), alt, width, height)
    if best is None and (found := first_image(html)):
        url, alt, width, height = found
        best = Picture(resolve(url, base), alt, width, height)
    return best


def _pictures(fields: Fields) -> Iterator[tuple[str, str, int | None, int | None]]:
    for name in ("media:content", "enclosure", "media:thumbnail", "itunes:image", "image"):
        found = False
        for element in fields.get(name, ()):
            url = element.get("url") or element.get("href") or (name == "image" and _text_of(element)) or ""
            if url and (name not in ("media:content", "enclosure") or _is_image(element, url)):
                yield url, "", pixels(element.get("width")), pixels(element.get("height"))
                found = True
        if found:
            return


def _is_image(element: Element, url: str) -> bool:
    kind = element.get("type") or element.get("medium")
    if kind:
        return kind.lower().startswith("image")
    return url.lower().partition("?")[0].endswith((".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif"))


def _text_of(element: Element) -> str:
    """Return the address in ``<image>address</image>`` or ``<image><url>address</url></image>``."""
    return next((text.strip() for text in map(str, element.itertext()) if text.strip().startswith("http")), "")


def ttl_minutes(fields: Fields) -> int:
    """Return how long the feed asks to be left alone: RSS 2.0's ttl, else what the syndication module says."""
    ttl = value(fields, "ttl").strip()
    if ttl.isdecimal() and len(ttl) < 7:
        return int(ttl)
    period = _PERIODS.get(value(fields, "sy:updateperiod").strip().lower(), 0)
    frequency = value(fields, "sy:updatefrequency").strip() or "1"
    return period // max(int(frequency), 1) if frequency.isdecimal() and len(frequency) < 5 else period


def prose(text: str) -> str:
    """Return the plain text of a dek or a body."""
    return paragraphs(text) if text else ""
