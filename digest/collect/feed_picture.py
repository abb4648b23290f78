"""Finds the picture in a piece of markup and tells whether people can see it; knows no feed format and no page."""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape

_IMAGE = re.compile(r"<img\s[^<>]{0,4000}>", re.IGNORECASE)
_IMAGE_FACT = re.compile(r"""\s([a-z-]{3,20})\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)'|([^\s"'<>]+))""", re.IGNORECASE)
#: Where an address stands: pages that load their pictures late put another one into ``src``, or none.
_IMAGE_SOURCES = ("data-src", "data-lazy-src", "data-original", "src", "data-srcset", "srcset")
#: Characters a width or height may have; the same few numbers stand in every entry, and so are kept.
_LONGEST_PIXELS = 16


def first_image(value: str) -> tuple[str, str, int | None, int | None] | None:
    """Return address, alternative text, width and height of the first picture in ``value`` that people can see."""
    for tag in _IMAGE.finditer(value):
        facts = {m[1].lower(): unescape(m[2] or m[3] or m[4] or "").strip() for m in _IMAGE_FACT.finditer(tag[0])}
        width, height = pixels(facts.get("width")), pixels(facts.get("height"))
        address = next((found for name in _IMAGE_SOURCES if (found := _address(name, facts.get(name, "")))), "")
        if address and not is_speck(width, height):
            return address, " ".join(facts.get("alt", "").split()), width, height
    return None


def _address(name: str, value: str) -> str:
    """Return the address in an attribute of a picture, the largest one in a set; '' for one that holds the picture."""
    if value.startswith("data:"):
        return ""
    if not name.endswith("srcset"):
        return value
    return max((part.split() for part in value.split(", ") if part.strip()), key=_scale, default=[""])[0]


def _scale(candidate: list[str]) -> float:
    """Return the width or density of one of a set of pictures: ``800w``, ``2x``."""
    digits = candidate[-1][:-1] if len(candidate) > 1 else ""
    return float(digits) if digits.replace(".", "", 1).isdecimal() else 0.0


def is_speck(width: int | None, height: int | None) -> bool:
    """Tell whether a picture is too small to be seen: a pixel that counts readers."""
    return (width is not None and width <= 3) or (height is not None and height <= 3)


def pixels(value: str | None) -> int | None:
    """Return a width or height in pixels, None where it is no plain number."""
    return _pixels(value) if value and len(value) <= _LONGEST_PIXELS else None


@lru_cache(256)
def _pixels(value: str) -> int | None:
    digits = value.strip().removesuffix("px")
    return int(digits) if digits.isdecimal() and len(digits) < 6 else None
