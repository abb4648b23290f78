"""Chooses a page's lead picture, with its size; passes over tracking pixels, logos and portraits of authors."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from urllib.parse import unquote

from lxml import etree, html

from digest.collect.page_data import Claims, pixels
from digest.collect.page_links import absolute, is_web, same_page
from digest.collect.page_text import squeeze, text_of, word_count
from digest.collect.page_versions import ODD, largest, versions
from digest.model import Picture

#: Pixels a side: whatever is smaller is an icon or a pixel that counts readers.
SMALLEST = 50
#: Pictures looked at.
MOST = 100
#: Paragraphs below the headline among which the lead picture stands.
AT_THE_TOP = 3
#: A file that is called so, whatever else it is called, shows who publishes and not what happened.
_LOGO = re.compile(r"(?:^|[-_.])logo(?:[-_.]|$)", re.IGNORECASE)
#: A file that is called so is a part of the page.
_FURNITURE = re.compile(
    r"logo|avatar|icon|sprite|emoji|button|arrow|bullet|banner|header|profile|facebook|twitter|youtube|\.gif$",
    re.IGNORECASE,
)
#: What photographs are stored as; signs are, too, but have short names.
_PHOTOGRAPH = re.compile(r"\.(?:jpe?g|webp|avif)$|[^/]{8,}\.png$", re.IGNORECASE)
_EMBLEM = re.compile(r"logo|avatar|icon|sprite|emoji|author|byline|profile|portrait", re.IGNORECASE)
#: What tells one picture from another in an address: a number or a name with a digit, a file's whole stem.
_TOKEN = re.compile(r"[^\W_]*\d[^\W_]*|[^\W_]{12,}")
#: A day in an address, which a day's pictures have in common.
_DAY = re.compile(r"(?:19|20)\d\d[01]\d[0-3]\d$")
_HOST = re.compile(r"^(?:https?:)?//[^/]*")


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture as a page shows it, in its largest version."""

    picture: Picture
    tokens: frozenset[str]
    is_top: bool  #: between the headline and the first paragraphs
    is_below: bool  #: below the headline


def lead_picture(
    tree: html.HtmlElement,
    claims: Sequence[Claims],
    meta: Mapping[str, tuple[str, ...]],
    url: str,
    logo: str,
    names: Sequence[str],
) -> Picture | None:
    """Return the picture that stands for the page, its address absolute; ``None`` where there is none.

    What a page states for sharing may be cropped, watermarked or a card with its title, so the same picture as
    readers see it comes first, then another at the top of the article, then the one stated. The source's
    ``logo`` is none of them, nor a portrait of one of the ``names``, nor what links to another page.
    """
    shown = [item for item in islice(_shown(tree, url, names), MOST) if item.picture.url != logo]
    stated = [replace(picture, url=absolute(url, picture.url)) for picture in _stated(claims, meta)]
    stated = [p for p in stated if p.url != logo and is_picture(p.url, p.width, p.height)]
    for item in (*_twins(stated, shown), *(item for item in shown if item.is_top)):
        return item.picture
    for picture in stated:
        if not _LOGO.search(_file(picture.url)):
            return picture
    is_headed = any(item.is_below for item in shown)
    left = (item.picture for item in shown if item.is_below or not is_headed)
    return next((picture for picture in left if _is_photograph(picture)), None)


def _is_photograph(picture: Picture) -> bool:
    """Tell whether a picture that nothing speaks for is one, by its name and its size."""
    name = _file(picture.url)
    return bool(picture.width or _PHOTOGRAPH.search(name)) and not _FURNITURE.search(name)


def _file(address: str) -> str:
    """Return the last part of an address's path."""
    return address.partition("?")[0].rstrip("/").rpartition("/")[2]


def is_picture(address: str, width: int | None, height: int | None) -> bool:
    """Tell whether an address may be a picture worth showing."""
    small = any(side is not None and side < SMALLEST for side in (width, height))
    return is_web(address) and not small and not ODD.search(address)


def _stated(claims: Sequence[Claims], meta: Mapping[str, tuple[str, ...]]) -> Iterator[Picture]:
    size = (pixels(meta.get(f"og:image:{side}", ("",))[0]) for side in ("width", "height"))
    width, height = size
    alt = meta.get("og:image:alt", ("",))[0]
    for name in ("og:image", "og:image:url", "og:image:secure_url"):
        yield from (Picture(address, alt, width, height) for address in meta.get(name, ())[:1])
    for claim in claims:
        yield from claim.pictures if claim.kind != "microdata" else ()
    for name in ("twitter:image", "twitter:image:src", "thumbnail", "image"):
        yield from (Picture(address) for address in meta.get(name, ())[:1])
    for claim in claims:
        yield from claim.pictures[:1] if claim.kind == "microdata" else ()


def _twins(stated: Sequence[Picture], shown: Sequence[Shown]) -> Iterator[Shown]:
    """Yield the shown pictures that are one of those stated: their addresses share a rare token."""
    often = Counter(token for item in shown for token in item.tokens)
    for picture in stated:
        rare = {token for token in _tokens([picture.url]) if often[token] <= 2}
        own = _own_part(picture.url)
        yield from (item for item in shown if rare & item.tokens or _own_part(item.picture.url) == own)


def _own_part(address: str) -> str:
    """Return what of an address names the picture: a file's name stands before what is asked of its server."""
    return address.partition("?")[0] if "." in _file(address) else address


def _tokens(addresses: Iterable[str]) -> frozenset[str]:
    return frozenset(
        token
        for address in addresses
        for token in _TOKEN.findall(unquote(unquote(_HOST.sub("", address))))
        if len(token) >= 6 and not _DAY.match(token)
    )


def _shown(tree: html.HtmlElement, url: str, names: Sequence[str]) -> Iterator[Shown]:
    """Yield the pictures of the article, in the page's order."""
    paragraphs, is_below = 0, False
    for node in tree.iter("h1", "p", "img", "amp-img"):
        if node.tag == "h1":
            paragraphs, is_below = paragraphs if is_below else 0, True
        elif node.tag == "p":
            paragraphs += paragraphs < AT_THE_TOP and word_count(text_of(node)) >= 12
        elif (found := versions(node)) and _is_lead(node, url, names):
            picture = largest(node, found, url)
            is_top = is_below and paragraphs < AT_THE_TOP and _is_framed(node, picture)
            if is_picture(picture.url, picture.width, picture.height):
                yield Shown(picture, _tokens(address for address, _ in found), is_top, is_below)


def _is_framed(node: html.HtmlElement, picture: Picture) -> bool:
    """Tell whether a picture is set as one, or stands within the article and is none of the page's signs."""
    if next(node.iterancestors("figure", "picture"), None) is not None:
        return True
    return next(node.iterancestors("article", "main"), None) is not None and _is_photograph(picture)


def _is_lead(node: html.HtmlElement, url: str, names: Sequence[str]) -> bool:
    near = [node, *list(node.iterancestors())[:3]]
    marks = " ".join(f"{n.get('class') or ''} {n.get('id') or ''}" for n in near)
    is_portrait = squeeze(node.get("alt")).casefold() in {name.casefold() for name in names}
    inside = next(node.iterancestors("aside", "nav", "footer"), None)
    return inside is None and not is_portrait and not _EMBLEM.search(marks) and not _links_away(node, url)


def _links_away(node: html.HtmlElement, url: str) -> bool:
    """Tell whether a picture is a link to another page, and not to a larger version of itself."""
    link = next(node.iterancestors("a"), None)
    href = absolute(url, link.get("href", url)) if link is not None else url
    is_picture_file = re.search(r"\.(?:jpe?g|png|webp|gif|avif)\b", href, re.IGNORECASE)
    return not same_page(href, url) and not is_picture_file


def header_picture(tree: html.HtmlElement, site: str, url: str) -> str:
    """Return the address of the picture that carries the source's name ('NAME header', 'NAME logo'), '' for none."""
    for node in tree.iter(etree.Element):
        alt = squeeze(node.get("alt")).casefold() if node.tag == "img" else ""
        if site and alt.startswith(site.casefold()) and re.search(r"header|logo|banner|masthead", alt):
            return absolute(url, node.get("data-src") or node.get("src"))
    return ""
