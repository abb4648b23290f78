"""Reads what a page says of itself in its markup: meta tags and microdata; believes everything, chooses nothing."""

from __future__ import annotations

from lxml import html

from digest.collect.page_data import Claims, Person, first, linked_data, words
from digest.collect.page_text import key_of, squeeze, text_of


def claims(tree: html.HtmlElement) -> tuple[Claims, ...]:
    """Return what the page's data says, most trusted first: article items, microdata, items for the whole page.

    Of several articles, those whose headline the page shows come first: others may be what it lists beside.
    """
    articles, wholes = linked_data(tree)
    in_markup = microdata(tree)
    shown = [key_of(text_of(node)) for node in tree.iter("h1", "title")]
    ordered = sorted(articles, key=lambda claim: not any(key_of(claim.headline) in text for text in shown))
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


def microdata(tree: html.HtmlElement) -> Claims:
    """Return what the page's itemprop attributes claim."""
    scope = tree.xpath("//*[@itemscope and contains(@itemtype, 'rticle')][1]") or [tree]
    found: dict[str, list[str]] = {}
    for node in scope[0].xpath("descendant-or-self::*[@itemprop]"):
        for name in (node.get("itemprop") or "").split():
            if value := _itemprop(node):
                found.setdefault(name, []).append(value)
    authors = tuple(Person(name) for name in found.get("author", ()))
    return Claims(
        kind="microdata" if found else "",
        headline=words(found.get("headline")),
        people=authors,
        published=first(found.get("datePublished")),
        updated=first(found.get("dateModified")),
        dek=words(found.get("description")),
    )


def _itemprop(node: html.HtmlElement) -> str:
    if node.get("content") or node.get("datetime"):
        return squeeze(node.get("content") or node.get("datetime"))
    name = node.xpath(".//*[@itemprop='name']") if node.get("itemscope") is not None else []
    if name:
        return squeeze(name[0].get("content")) or text_of(name[0])
    return text_of(node) if node.tag != "img" else squeeze(node.get("src"))
