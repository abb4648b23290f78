"""Reads in which versions and sizes a page shows a picture; knows no article."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml import html

from digest.collect.page_data import pixels
from digest.collect.page_links import absolute
from digest.collect.page_text import squeeze
from digest.model import Picture

#: Pixels wide: a shown picture that is narrower is no lead picture.
NARROWEST = 300
#: Addresses of what is no picture: what counts readers, and what stands there until the picture is loaded.
ODD = re.compile(
    r"pixel|spacer|blank\.|1x1|\b1?px\.gif|tracking|/beacon|doubleclick|\.svg\b|placeholder|preload|\bload(?:er|ing)\b"
    r"|transparent\.|qr-?code|captcha|default[-_]?(?:og|share|social)|^data:",
    re.IGNORECASE,
)
#: The width that an address asks a picture's server for.
_ASKED = re.compile(r"[?&,/](?:w|width)[=_](\d{1,5})(?=[&,/]|$)|[-_](\d{2,4})x\d{2,4}\.\w+(?:\?|$)", re.IGNORECASE)
#: Pixels: what says that it is wider may say anything.
_WIDEST = 100_000
_SIZE = re.compile(r"(?:^|\s)(\d+(?:\.\d+)?)([wx])$")


def versions(node: html.HtmlElement) -> list[tuple[str, int | None]]:
    """Return address and width of every version of an img; none where all are narrow."""
    width = pixels(node.get("width"))
    single = [(squeeze(node.get(name)), width) for name in ("data-src", "data-original", "data-lazy-src", "src")]
    sets = (node.get("srcset"), node.get("data-srcset"), node.get("data-lazy-srcset"), *_sources(node))
    several = [version for value in sets for version in _srcset(value)]
    found = [
        (address, _asked(address) or wide)
        for address, wide in (*single, *several)
        if address and not ODD.search(address)
    ]
    is_known = any(wide is not None for _, wide in found)
    return [] if is_known and all((wide or 0) < NARROWEST for _, wide in found) else found


def _asked(address: str) -> int | None:
    """Return the width an address asks for where it is a small one: what stands there until the picture is loaded."""
    found = _ASKED.search(address)
    wide = int(found[1] or found[2]) if found else NARROWEST
    return wide if wide < NARROWEST else None


def largest(node: html.HtmlElement, found: Sequence[tuple[str, int | None]], url: str) -> Picture:
    """Return an img as the picture it is in its largest version."""
    address, wide = max(found, key=lambda version: version[1] or 0)
    is_own_size = wide is not None and wide == pixels(node.get("width"))
    height = pixels(node.get("height")) if is_own_size else None
    return Picture(absolute(url, address), squeeze(node.get("alt")), wide, height)


def _sources(node: html.HtmlElement) -> Iterator[str | None]:
    picture = next(node.iterancestors("picture"), None)
    if picture is not None:
        for source in picture.iter("source"):
            yield source.get("srcset") or source.get("data-srcset")


def _srcset(value: str | None) -> Iterator[tuple[str, int | None]]:
    """Yield address and width of each candidate (HTML §4.8.4.2.1); a density says nothing about the width."""
    for part in re.split(r",\s+|,(?=https?:)|(?<=\d[wx]),", value or ""):
        size = _SIZE.search(part.strip())
        address = part.strip()[: size.start()].strip() if size else part.strip()
        yield address, int(min(float(size[1]), _WIDEST)) if size and size[2] == "w" else None
