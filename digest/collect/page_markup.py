"""Reads what a page says of itself: its meta tags, and the data in it, most trusted first; chooses nothing."""

from __future__ import annotations

from lxml import html

from digest.collect.page_data import Claims, linked_data
from digest.collect.page_links import absolute, same_page
from digest.collect.page_microdata import microdata
from digest.collect.page_text import key_of, squeeze, text_of


def claims(tree: html.HtmlElement, url: str) -> tuple[Claims, ...]:
    """Return what the page's data says, most trusted first: article items, microdata, items for the whole page.

    Of several articles, those whose headline the page shows come first, or whose address is the page's ``url``:
    others may be what it lists beside.
    """
    articles, wholes = linked_data(tree)
    in_markup = microdata(tree)
    shown = [key_of(text_of(node)) for node in tree.iter("h1", "title")]

    def is_other(claim: Claims) -> bool:
        is_here = bool(url and claim.url) and same_page(absolute(url, claim.url), url)
        return not is_here and not any(key_of(claim.headline) in text for text in shown)

    ordered = sorted(articles, key=is_other)
    return (*ordered, *((in_markup,) if in_markup.kind else ()), *wholes)


def meta_tags(tree: html.HtmlElement) -> dict[str, tuple[str, ...]]:
    """Return the values of each meta tag by its lower-case name, property or itemprop, in the page's order."""
    found: dict[str, list[str]] = {}
    for tag in tree.iter("meta"):
        value = squeeze(tag.get("content"))
        for attribute in ("property", "name", "itemprop"):
            if value and (name := (tag.get(attribute) or "").strip().lower()):
                found.setdefault(name, []).append(value)
    return {name: tuple(values) for name, values in found.items()}
