"""Takes out of a page's tree what is never its article's text: captions, embeds, lists of links, other articles."""

from __future__ import annotations

import re

from lxml import html

from digest.collect.page_blocks import Block
from digest.collect.page_text import squeeze, text_of

_EMBED = re.compile(r"twitter-tweet|instagram-media|tiktok-embed|fb-post|bluesky-embed|mastodon", re.IGNORECASE)
_CAPTION = re.compile(r"(?:^|[-_ ])(?:caption|credit|copyright|bildunterschrift|bildquelle)", re.IGNORECASE)
#: Of a list's text, how much must be links for it to be a list of links.
LINKED = 0.6
#: Characters: what is longer holds more than a caption.
LONGEST_CAPTION = 600
#: Characters: a cell of a table of figures holds less.
WHOLE_TEXT = 300
#: Characters: what is longer is no offer, whatever it is called.
LONGEST_OFFER = 600
#: Of a page's text, how much a cell must hold for its table to be the page's layout.
LAID_OUT = 0.5
#: What asks readers to pay or to sign in, in the words of classes and addresses.
_OFFER = re.compile(
    r"paywall|pay-wall|regwall|subscri|signup|sign-up|sign-in|login|member|newsletter|piano-", re.IGNORECASE
)
_MARKS = ("aption", "redit", "opyright", "bildunterschrift", "bildquelle")
_OFFERS = " or ".join(
    f"contains(@class, '{mark}')"
    for mark in ("wall", "ubscri", "ign-up", "ignup", "ogin", "ember", "ewsletter", "piano")
)
_CLASSES = " or ".join(f"contains(@class, '{mark}')" for mark in _MARKS)
#: What may have to go, found without a Python call for every element.
_CANDIDATES = (
    "//figcaption | //*[@role='dialog'] | //blockquote[@class] | //ul | //ol"
    f" | //*[self::div or self::p or self::span or self::small][{_CLASSES}]"
    f" | //*[self::div or self::section or self::aside][{_OFFERS}]"
)


def cut_after(block: Block) -> None:
    """Take everything out of the tree from a block on."""
    last = block.element
    for node in (last, *last.iterancestors()):
        parent = node.getparent()
        if parent is None:
            return
        for later in list(node.itersiblings()):
            parent.remove(later)
    parent = last.getparent()
    if parent is not None:
        parent.remove(last)


def prune(tree: html.HtmlElement, headline: str) -> None:
    """Take out of the tree what is not the article's text."""
    unwanted = [node for node in tree.xpath(_CANDIDATES) if _is_unwanted(node)]
    for node in [*unwanted, *_other_articles(tree, headline)]:
        if node.getparent() is not None:
            node.drop_tree()
    _unlay(tree)


def _unlay(tree: html.HtmlElement) -> None:
    """Make plain blocks of the tables that lay out the page: a cell of them holds most of its text."""
    tables = list(tree.iter("table"))
    most = max(WHOLE_TEXT, LAID_OUT * len(text_of(tree))) if tables else 0
    for table in tables:
        inside = [node for node in table.iter("tbody", "tr", "td") if next(node.iterancestors("table"), None) is table]
        if not any(node.tag == "td" and len(text_of(node)) >= most for node in inside):
            continue
        for node in (table, *inside):
            node.tag = "div"


def _is_unwanted(node: html.HtmlElement) -> bool:
    if node.tag == "figcaption" or node.get("role") == "dialog":
        return True
    if node.tag in ("ul", "ol"):
        return _is_link_list(node)
    mark = node.get("class") or ""
    if node.tag == "blockquote":
        return bool(_EMBED.search(mark))
    is_caption = bool(_CAPTION.search(mark)) and len(text_of(node)) < LONGEST_CAPTION
    return is_caption or _is_offer(node)


def _is_offer(node: html.HtmlElement) -> bool:
    """Tell whether an element asks readers to pay or to sign in: it is called so, short, and leads there."""
    if not _OFFER.search(node.get("class") or "") or len(text_of(node)) >= LONGEST_OFFER:
        return False
    leads = any(_OFFER.search(link.get("href") or "") for link in node.iter("a"))
    return leads or next(node.iter("form", "button"), None) is not None


def _is_link_list(node: html.HtmlElement) -> bool:
    items = node.findall("li")
    links = [link for item in items for link in item.iter("a")]
    if len(items) < 2 or len(links) < len(items):
        return False
    linked = sum(len(squeeze(link.text_content())) for link in links)
    return linked >= LINKED * len(squeeze(node.text_content()))


def _other_articles(tree: html.HtmlElement, headline: str) -> list[html.HtmlElement]:
    """Return the articles with a headline of their own that follow the page's article, as on a page without end."""
    headings = [(node, text_of(node)) for node in tree.iter("h1")]
    first = next((node for node, text in headings if text == headline), None)
    if first is None:
        return []
    own = set(first.iterancestors("article"))
    others = [node for node, text in headings if text and text != headline]
    found = [next((a for a in node.iterancestors("article") if a not in own), None) for node in others]
    return [article for article in found if article is not None and own]
