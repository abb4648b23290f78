"""What RSS and Atom have in common: names of people, pictures and times to live; knows neither format."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from digest.collect.feed_names import Names
from digest.collect.feed_picture import first_image, is_speck, pixels
from digest.collect.feed_xml import Element, markup, resolve
from digest.collect.prose import one_line
from digest.model import Picture

#: What stands in the children of an element, by their names: the first that is not empty of each.
Texts = dict[str, str]
#: The children whose attributes or number matter, by their names, each name's in their order.
Nodes = dict[str, list[Element]]

_NODES = frozenset({
    "item", "entry", "atom:entry", "atom:link", "author", "atom:author", "dc:creator", "dc:author", "itunes:author",
    "media:credit", "image", "enclosure", "itunes:image", "media:content", "media:thumbnail", "atom:title",
    "atom:content", "atom:summary", "atom:subtitle", "atom:tagline", "atom:category",
})  # fmt: skip
_AT_A_TIME = 200
#: Children an entry has at most, but for those made to cost much.
_USUALLY = 200
_IN_THIS_ORDER = ("media:content", "enclosure", "media:thumbnail", "itunes:image", "image")
#: Where sound and films stand as well.
_MAY_BE_OTHER = ("media:content", "enclosure")
_ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)*")
_ROLE = re.compile(r"by[:\s]+", re.IGNORECASE)
_PERIODS = {"hourly": 60, "daily": 1440, "weekly": 10080, "monthly": 43200, "yearly": 525600}


def taken_apart(elements: list[Element], names: Names) -> Iterator[tuple[Element, Texts, Nodes]]:
    """Give each entry with what its children hold.

    They are taken apart many at a time, before any of them is read: so a processor keeps the code of the one at hand,
    then that of the other, which saves a twentieth; and not all at once, which would cost memory.
    """
    for start in range(0, len(elements), _AT_A_TIME):
        batch = elements[start : start + _AT_A_TIME]
        for element, (texts, nodes) in zip(batch, [parts_of(element, names) for element in batch], strict=True):
            yield element, texts, nodes


def parts_of(element: Element, names: Names) -> tuple[Texts, Nodes]:
    """Return what an element's children hold; those of a media:group count as its own, and the last ``link`` counts."""
    texts: Texts = {}
    nodes: Nodes = {}
    _sort_out(element, names, texts, nodes)
    return texts, nodes


def _sort_out(element: Element, names: Names, texts: Texts, nodes: Nodes) -> None:
    # This runs for every child of every entry, so the usual ones take the shortest way. A slice is the fastest walk,
    # but it holds all children at once.
    children = element[:] if len(element) <= _USUALLY else element  # type: ignore[index] # the stubs know no slices
    for child in children:
        name = names[child.tag]
        if name in texts:
            if name == "link" and (address := _address(child)):
                texts[name] = address
        elif name in _NODES:
            if name in nodes:
                nodes[name].append(child)
            else:
                nodes[name] = [child]
        elif name:
            if len(child):
                if name == "media:group":
                    _sort_out(child, names, texts, nodes)
                elif inner := _address(child) if name == "link" else markup(child).strip():
                    texts[name] = inner
            elif ((text := child.text) and not text.isspace()) or (
                name == "link" and (text := child.get("href")) and not text.isspace()
            ):
                texts[name] = text


def _address(link: Element) -> str:
    """Return the address in a link, '' for none."""
    return next((text for text in (link.text, link.get("href")) if text and not text.isspace()), "")


def first(texts: Texts, *names: str) -> str:
    """Return the text of the first of these names that has one, '' where none has."""
    for name in names:
        if name in texts:
            return texts[name]
    return ""


def person(text: str) -> str:
    """Return the name in ``jane@example.org (Jane Doe)`` and its variants; '' where only an address is given."""
    text = one_line(text)
    if not text:
        return ""
    if "@" in text:
        if text.count("@") > 1 and "," in text:
            return names_of(text.split(","))
        text = _ADDRESS.sub("", text).replace("mailto:", "").strip(" <>()[],;:-")
    if text[:2] in ("by", "By", "BY"):
        text = text[found.end() :] if (found := _ROLE.match(text)) else text
    return text


def names_of(people: Iterable[str]) -> str:
    """Return names separated by comma, each once."""
    names = [name for each in people if (name := person(each))]
    return ", ".join(dict.fromkeys(names)) if len(names) > 1 else names[0] if names else ""


def picture(nodes: Nodes, html: str, base: str) -> Picture | None:
    """Return the largest picture an entry names, else the first in its text."""
    for name in _IN_THIS_ORDER:
        if name in nodes and (best := _largest(name, nodes[name], base)):
            return best
    if "media:content" in nodes and (still := _still_of(nodes["media:content"], base)):
        return still
    if "<" in html and ("<img" in html or "<IMG" in html) and (found := first_image(html)):
        return Picture(resolve(found[0], base), *found[1:])
    return None


def _still_of(films: list[Element], base: str) -> Picture | None:
    """Return the picture that stands for a film, inside its element."""
    stills = [child for film in films for child in film if str(child.tag).endswith("}thumbnail")]
    return _largest("media:thumbnail", stills, base) if stills else None


def _largest(name: str, elements: list[Element], base: str) -> Picture | None:
    """Return the widest of the elements that is a picture people can see, the first of those equally wide."""
    for element in elements if len(elements) == 1 else _widest_first(elements):
        get = element.get
        url = get("url") or get("href") or (_address_in(element) if name == "image" else "")
        if not url or url.isspace():
            continue
        if name in _MAY_BE_OTHER:
            kind = get("type") or get("medium")
            if not (kind.lower().startswith("image") if kind else _is_named_like_a_picture(url)):
                continue
        width, height = pixels(get("width")), pixels(get("height"))
        if not is_speck(width, height):
            return Picture(resolve(url, base), "", width, height)
    return None


def _widest_first(elements: list[Element]) -> list[Element]:
    widths = [pixels(element.get("width")) or 0 for element in elements]
    return [elements[at] for at in sorted(range(len(widths)), key=widths.__getitem__, reverse=True)]


def _is_named_like_a_picture(url: str) -> bool:
    return url.lower().partition("?")[0].endswith((".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif"))


def _address_in(element: Element) -> str:
    """Return the address in ``<image>address</image>`` or ``<image><url>address</url></image>``."""
    return next((text.strip() for text in map(str, element.itertext()) if text.strip().startswith("http")), "")


def ttl_minutes(texts: Texts) -> int:
    """Return how long the feed asks to be left alone: RSS 2.0's ttl, else what the syndication module says."""
    ttl = first(texts, "ttl").strip()
    if ttl.isdecimal() and len(ttl) < 7:
        return int(ttl)
    period = _PERIODS.get(first(texts, "sy:updateperiod").strip().lower(), 0)
    frequency = first(texts, "sy:updatefrequency").strip()
    return period // max(int(frequency), 1) if frequency.isdecimal() and len(frequency) < 5 else period
