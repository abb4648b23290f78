"""Reads an article's page: what it says, who says it, and what it lists beside it; fetches and stores nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from lxml import html

from digest.collect import (
    page_body,
    page_byline,
    page_card,
    page_data,
    page_date,
    page_headline,
    page_markup,
    page_picture,
    page_prune,
    page_related,
)
from digest.collect.page_blocks import Block, blocks_of, headline_at
from digest.collect.page_links import absolute, host_of
from digest.collect.page_text import decode, parse, word_count
from digest.collect.site import site_of
from digest.errors import FeedError
from digest.model import Headline, Picture

#: Headlines: a page that lists fewer is no front page.
FEWEST_LISTED = 5
#: Words: a longer text is an article.
LONGEST_WELCOME = 150
Meta = Mapping[str, tuple[str, ...]]
#: Where a page names its site.
_SITES = ("og:site_name", "application-name", "apple-mobile-web-app-title")


@dataclass(frozen=True, slots=True)
class Page:
    """An article's page as it was read."""

    url: str  #: the address it was read from, '' when unknown
    headline: str
    byline: tuple[str, ...] = ()  #: names
    published_at: datetime | None = None  #: aware, at the offset the page names
    updated_at: datetime | None = None  #: aware, at the offset the page names
    image: Picture | None = None
    site: str = ""  #: the source's name
    site_url: str = ""
    tagline: str = ""  #: the source's sentence about itself
    logo: str = ""  #: the source's header image
    language: str = ""  #: BCP 47 tag
    section: str = ""
    dek: str = ""
    body: str = ""  #: plain text, paragraphs separated by a blank line
    related: tuple[Headline, ...] = ()  #: what the page lists beside its article, in its order
    canonical_url: str = ""
    full_url: str = ""  #: where the page says the full article is, '' when it is here
    is_list: bool = False  #: a front page: it lists articles, in ``related``, and holds none itself
    notes: tuple[str, ...] = ()  #: what was mended, for people


@dataclass(frozen=True, slots=True)
class _Look:
    """What the parts of the reader are given of a page."""

    tree: html.HtmlElement
    url: str  #: the address that relative links start from
    meta: Meta
    claims: tuple[page_data.Claims, ...]  #: most trusted first
    blocks: Sequence[Block]
    end: int | None  #: the block that links to the full article elsewhere
    card: page_card.Card
    below: range | None  #: the blocks from there to the end of the source's card


def read_page(raw: bytes, *, url: str = "", content_type: str = "") -> Page:
    """Return what a page says; raise FeedError where it is no article's page."""
    text, encoding = decode(raw, content_type)
    tree = parse(text)
    if tree is None:
        raise FeedError(f"page not read: {url or 'it'} is empty; give the address of an article")
    if tree.tag in ("rss", "feed") or text.lstrip()[:200].lower().startswith(("<rss", "<feed", "{")):
        raise FeedError(f'page not read: {url or "it"} is a feed or data, not a page; use kind = "feed"')
    look = _look(tree, url)
    page = _as_list(look, _page(look, url))
    if not page.headline or not (page.body or page.related):
        raise FeedError(
            f"page not read: {url or 'it'} has no {'text' if page.headline else 'headline'}; is it an article?"
        )
    return replace(page, notes=() if encoding == "utf-8" else (f"read as {encoding}",))


def _look(tree: html.HtmlElement, url: str) -> _Look:
    meta = page_markup.meta_tags(tree)
    blocks = blocks_of(tree)
    end = page_card.full_article(blocks)
    found = page_card.source_card(blocks, end) if end is not None else None
    card, last = found or (page_card.Card(), end)
    below = None if end is None or last is None else range(end, last + 1)
    base = next((node.get("href") for node in tree.iter("base")), "")
    own = url or canonical_url(tree, meta, url)
    start = absolute(own, base) if base else own
    return _Look(tree, start, meta, page_markup.claims(tree, own), blocks, end, card, below)


def _page(look: _Look, url: str) -> Page:
    first = look.claims[0] if look.claims else page_data.Claims()
    source = _introduced(look, first)
    sites = (source.name, first.publisher, *(_meta(look, name) for name in _SITES), *_of_host(look.url))
    headline = page_headline.headline(look.tree, look.claims, look.meta, sites, look.url)
    start = headline_at(look.blocks, headline)
    names = page_byline.byline(look.claims, look.meta, look.blocks, start, sites)
    page = Page(
        url=url,
        headline=headline,
        byline=names,
        published_at=page_date.published_at(look.tree, look.claims, look.meta, look.blocks, start, look.url),
        updated_at=page_date.updated_at(look.claims, look.meta),
        site=source.name,
        site_url=source.url,
        tagline=source.tagline,
        logo=source.logo,
        language=(look.tree.get("lang") or first.language or _meta(look, "og:locale")).replace("_", "-"),
        section=first.section or _meta(look, "article:section"),
        dek=_meta(look, "og:description", "description") or first.dek,
        related=page_related.related(look.blocks, look.url, look.below),
        canonical_url=canonical_url(look.tree, look.meta, look.url),
        full_url=page_card.link_of(look.blocks[look.end], look.url) if look.end is not None else "",
    )
    return _with_article(look, page)


def _introduced(look: _Look, first: page_data.Claims) -> page_card.Card:
    """Return the source as the page's card, its tags and its data introduce it."""
    name = look.card.name or _meta(look, "og:site_name") or first.publisher
    logo = page_picture.header_picture(look.tree, name, look.url) or absolute(look.url, first.logo or None)
    home = look.card.url or absolute(look.url, first.publisher_url or None)
    return page_card.Card(name, home, look.card.tagline, logo)


def _with_article(look: _Look, page: Page) -> Page:
    """Return the page with what is taken from the article itself; this takes the tree apart, so it comes last."""
    if look.end is not None:
        page_prune.cut_after(look.blocks[look.end])
    image = page_picture.lead_picture(look.tree, look.claims, look.meta, look.url, page.logo, page.byline)
    page_prune.prune(look.tree, page.headline)
    beside = [line for item in page.related for line in (item.headline, item.dek)]
    bylines = [f"By {' and '.join(page.byline)}", f"By {', '.join(page.byline)}", *page.byline]
    stated = max((claim.body for claim in look.claims), key=len, default="")
    body = page_body.body_text(look.tree, look.blocks, page.headline, page.dek, (*bylines, *beside), stated)
    return replace(page, image=image, body=body)


def _as_list(look: _Look, page: Page) -> Page:
    """Return the page as a list of articles, where it says nowhere that it is one and lists more than it tells."""
    is_article = any(page_data.ARTICLE.match(claim.kind) for claim in look.claims)
    if is_article or look.end is not None or _meta(look, "og:type", "article:published_time") not in ("", "website"):
        return page
    listed = page_related.related(look.blocks, look.url, None, bare=True)
    lines = {line for item in listed for line in (item.headline, item.dek)}
    told = sum(word_count(text) for text in page.body.split("\n\n") if text not in lines)
    is_list = len(listed) >= FEWEST_LISTED and told < min(LONGEST_WELCOME, sum(map(word_count, lines)))
    return replace(page, body="", related=listed, is_list=True) if is_list else page


def _of_host(url: str) -> tuple[str, ...]:
    """Return how a site may be called by its address: ``quay.example``, ``quay``."""
    return host_of(url), site_of(url).partition(".")[0]


def _meta(look: _Look, *names: str) -> str:
    return next((value for name in names for value in look.meta.get(name, ())[:1]), "")


def canonical_url(tree: html.HtmlElement, meta: Meta, url: str) -> str:
    """Return the address that the page gives for itself, absolute, '' where it gives none."""
    links = [
        str(node.get("href")) for node in tree.iter("link") if "canonical" in (node.get("rel") or "").lower().split()
    ]
    for href in (*links, *meta.get("og:url", ())[:1]):
        if address := absolute(url, href):
            return address
    return ""


def as_json(page: Page, file: str) -> dict[str, Any]:
    """Return the line that ``digest inspect page --json`` prints for a page."""
    return {
        "file": file,
        "url": page.url or page.canonical_url,
        "headline": page.headline,
        "byline": list(page.byline),
        "published_at": page.published_at.isoformat() if page.published_at else None,
        "image_url": page.image.url if page.image else None,
        "site": page.site,
        "body": page.body,
        "related": [{"headline": item.headline, "url": item.url, "dek": item.dek} for item in page.related],
        "error": None,
    }
