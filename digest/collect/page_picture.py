"""Chooses a page's lead picture, with its size; passes over tracking pixels, logos and icons."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urljoin, urlsplit

from lxml import html

from digest.collect.page_data import Claims, pixels
from digest.collect.page_text import squeeze
from digest.model import Picture

#: Pixels a side: whatever is smaller is an icon or a pixel that counts readers.
SMALLEST = 50
_ODD = re.compile(
    r"pixel|spacer|blank\.|1x1|tracking|/beacon|doubleclick|\.svg$|placeholder|default[-_]?(?:og|share|social)",
    re.IGNORECASE,
)
_EMBLEM = re.compile(r"logo|avatar|icon|sprite|emoji|author", re.IGNORECASE)


def lead_picture(
    tree: html.HtmlElement, claims: Sequence[Claims], meta: Mapping[str, tuple[str, ...]], url: str, logo: str
) -> Picture | None:
    """Return the picture that stands for the page, its address absolute; ``None`` where there is none.

    The source's ``logo`` is none, and neither is what a page shows as a link to another site: that is a sponsor's.
    """
    for picture in (*_stated(claims, meta), *_shown(tree, url)):
        address = urljoin(url, picture.url)
        if address != logo and is_picture(address, picture.width, picture.height):
            return Picture(address, picture.alt or _alt_of(tree, address, url), picture.width, picture.height)
    return None


def is_picture(address: str, width: int | None, height: int | None) -> bool:
    """Tell whether an address may be a picture worth showing."""
    small = any(side is not None and side < SMALLEST for side in (width, height))
    return urlsplit(address).scheme in ("http", "https") and not small and not _ODD.search(address)


def _stated(claims: Sequence[Claims], meta: Mapping[str, tuple[str, ...]]) -> Iterator[Picture]:
    for name in ("og:image", "og:image:url", "og:image:secure_url"):
        for address in meta.get(name, ())[:1]:
            width, height = meta.get("og:image:width", ("",))[0], meta.get("og:image:height", ("",))[0]
            alt = meta.get("og:image:alt", ("",))[0]
            yield Picture(address, alt, pixels(width), pixels(height))
    for claim in claims:
        yield from claim.pictures
    for name in ("twitter:image", "twitter:image:src", "thumbnail", "image"):
        yield from (Picture(address) for address in meta.get(name, ())[:1])


def _shown(tree: html.HtmlElement, url: str) -> Iterator[Picture]:
    for node in tree.iter("img"):
        address = _source(node)
        marks = f"{address} {node.get('class')} {node.get('alt')}"
        if address and _is_in_article(node) and not _is_sponsored(node, url) and not _EMBLEM.search(marks):
            yield Picture(address, squeeze(node.get("alt")), pixels(node.get("width")), pixels(node.get("height")))


def _is_in_article(node: html.HtmlElement) -> bool:
    return next(node.iterancestors("article", "main", "figure"), None) is not None


def _is_sponsored(node: html.HtmlElement, url: str) -> bool:
    link = next(node.iterancestors("a"), None)
    host = urlsplit(urljoin(url, link.get("href") or "")).hostname if link is not None else None
    return (
        host is not None and host != urlsplit(url).hostname and host != urlsplit(urljoin(url, _source(node))).hostname
    )


def _source(node: html.HtmlElement) -> str:
    """Return an img's address; pages that load pictures late keep it in another attribute."""
    for name in ("data-src", "data-original", "data-lazy-src", "src"):
        value = squeeze(node.get(name))
        if value and not value.startswith("data:"):
            return value
    return ""


def _alt_of(tree: html.HtmlElement, address: str, url: str) -> str:
    for node in tree.iter("img"):
        if urljoin(url, _source(node)) == address:
            return squeeze(node.get("alt"))
    return ""


def header_picture(tree: html.HtmlElement, site: str, url: str) -> str:
    """Return the address of the picture that carries the source's name ('NAME header', 'NAME logo'), '' for none."""
    for node in tree.iter("img"):
        alt = squeeze(node.get("alt")).casefold()
        if site and alt.startswith(site.casefold()) and re.search(r"header|logo|banner|masthead", alt):
            return urljoin(url, _source(node))
    return ""
