"""Reads what a page says of its article in attributes of its elements: microdata (HTML §5) and RDFa Lite 1.1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import html

from digest.collect.page_data import Claims, Person, pixels, words
from digest.collect.page_text import squeeze, text_of
from digest.model import Picture

_ARTICLE = "contains({0}, 'rticle') or contains({0}, 'BlogPosting')"

Facts = Mapping[str, list[html.HtmlElement]]


@dataclass(frozen=True, slots=True)
class _Syntax:
    """How facts are marked."""

    fact: str  #: the attribute that names one
    item: str  #: the attribute that begins an item
    articles: str  #: where the items of articles are, as XPath


_MICRODATA = _Syntax("itemprop", "itemscope", f"//*[@itemscope and ({_ARTICLE.format('@itemtype')})]")
_RDFA = _Syntax("property", "typeof", f"//*[{_ARTICLE.format('@typeof')}]")


def microdata(tree: html.HtmlElement) -> Claims:
    """Return what the attributes claim: of the first article marked so, else of the page as a whole."""
    for syntax in (_MICRODATA, _RDFA):
        for article in tree.xpath(syntax.articles)[:1]:
            if facts := _facts(article, syntax):
                return _claims(facts, syntax)
    return _claims(_facts(tree, _MICRODATA), _MICRODATA)


def _claims(facts: Facts, syntax: _Syntax) -> Claims:
    people = (Person(_value(node, syntax)) for node in facts.get("author", ()))
    return Claims(
        kind="microdata" if facts else "",
        headline=words(_first(facts, "headline", syntax)),
        people=tuple(person for person in people if person.name),
        published=_first(facts, "datePublished", syntax),
        updated=_first(facts, "dateModified", syntax),
        pictures=tuple(p for node in facts.get("image", ()) if (p := _picture(node, syntax)).url),
        dek=words(_first(facts, "description", syntax)),
    )


def _facts(article: html.HtmlElement, syntax: _Syntax) -> Facts:
    found: dict[str, list[html.HtmlElement]] = {}
    for node in article.xpath(f"descendant-or-self::*[@{syntax.fact}]"):
        for name in node.get(syntax.fact).split():
            found.setdefault(name.removeprefix("schema:"), []).append(node)
    return found


def _first(facts: Facts, name: str, syntax: _Syntax) -> str:
    return next((value for node in facts.get(name, ()) if (value := _value(node, syntax))), "")


def _value(node: html.HtmlElement, syntax: _Syntax) -> str:
    if node.get("content") or node.get("datetime"):
        return squeeze(node.get("content") or node.get("datetime"))
    named = _within(node, syntax, "name")
    return (squeeze(named.get("content")) or text_of(named)) if named is not None else text_of(node)


def _within(node: html.HtmlElement, syntax: _Syntax, name: str) -> html.HtmlElement | None:
    """Return the fact of that name in the item that an element begins, ``None`` where it begins none."""
    if node.get(syntax.item) is None:
        return None
    return next((child for child in node.xpath(f".//*[@{syntax.fact}]") if name in child.get(syntax.fact)), None)


def _picture(node: html.HtmlElement, syntax: _Syntax) -> Picture:
    held = _within(node, syntax, "url")
    at = node if held is None else held
    address = next((at.get(name) for name in ("content", "href", "data-src", "src", "resource") if at.get(name)), "")
    return Picture(address.strip(), squeeze(node.get("alt")), pixels(node.get("width")), pixels(node.get("height")))
