"""Closes what a feed leaves open and drops what it closes twice, so that its elements fit into each other."""

from __future__ import annotations

import re
from collections.abc import Iterator

from digest.collect.prose import is_html_name

_TAG = re.compile(r"<(/?)([a-zA-Z_][\w:.-]*)((?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+)>")
_OPEN, _CLOSE = "<![CDATA[", "]]>"
#: Elements that hold others; they end only by their own name.
_HOLDERS = frozenset({"rss", "rdf", "feed", "channel", "item", "entry"})
_ITEMS = ("item", "entry")
#: What holds text alone, and what stands beside it: the one ends where the other begins.
_LINES = frozenset({"title", "link", "guid", "id", "pubdate", "updated", "published", "category", "creator", "date"})
_BESIDE = _LINES | {"description", "summary", "content", "encoded", "author", "enclosure", "thumbnail"}
_AROUND_ITEMS = _HOLDERS - frozenset(_ITEMS)
#: Nobody nests deeper; past this the rest is left as it is.
_DEEPEST = 200


def balance(text: str) -> str:
    """Return ``text`` with every element closed where it must be; all text stays.

    A closing tag that fits an element further out closes those in between. One that fits nothing is dropped
    where it is HTML, and closes the element it stands in where it is not: ``<title>…</subtitle>``. An item closes
    everything that is still open around it but the feed.
    """
    return "".join(_balanced(text))


def _balanced(text: str) -> Iterator[str]:
    inside: list[str] = []
    for piece, is_markup in _pieces(text):
        if not is_markup:
            yield piece
            continue
        at = 0
        for tag in _TAG.finditer(piece):
            yield piece[at : tag.start()]
            yield _opened(tag, inside) if not tag[1] else _closed(tag, inside)
            at = tag.end()
        yield piece[at:]
    yield from (f"</{name}>" for name in reversed(inside))


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Give the text in order, CDATA sections and comments apart from what is markup."""
    at = 0
    while (start := text.find("<!", at)) >= 0:
        section = text.startswith(_OPEN, start)
        end = text.find(_CLOSE if section else "-->" if text.startswith("<!--", start) else ">", start)
        if end < 0:
            break
        end += 1 if text[end] == ">" else 3
        yield text[at:start], True
        yield text[start:end], False
        at = end
    yield text[at:], True


def _opened(tag: re.Match[str], inside: list[str]) -> str:
    if tag[3].endswith("/"):
        return tag[0]
    before = ""
    if _local(tag[2]) in _ITEMS:
        while inside and _local(inside[-1]) not in _AROUND_ITEMS:
            before += f"</{inside.pop()}>"
    if inside and _local(tag[2]) in _BESIDE and _local(inside[-1]) in _LINES:
        before += f"</{inside.pop()}>"
    if len(inside) >= _DEEPEST:
        return before
    inside.append(tag[2])
    return before + tag[0]


def _closed(tag: re.Match[str], inside: list[str]) -> str:
    name = tag[2]
    if name not in inside:  # written in other letters, perhaps
        name = next((each for each in reversed(inside) if each.lower() == name.lower()), name)
    if name in inside:
        return _close_up_to(name, inside)
    if not inside or is_html_name(name) or _local(inside[-1]) in _HOLDERS or _local(name) in _HOLDERS:
        return ""
    return f"</{inside.pop()}>"


def _close_up_to(name: str, inside: list[str]) -> str:
    closing = ""
    while inside:
        top = inside.pop()
        closing += f"</{top}>"
        if top == name:
            break
    return closing


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()
