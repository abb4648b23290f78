"""Takes the article's text out of a page, with trafilatura; does not know who wrote it or when."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from copy import deepcopy

from lxml import etree, html

from digest.collect.page_blocks import Block
from digest.collect.page_headline import fold
from digest.collect.page_text import squeeze

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def body_text(tree: html.HtmlElement, url: str) -> str:
    """Return the article's paragraphs, separated by blank lines, '' where there are none."""
    from trafilatura import bare_extraction

    try:
        found = bare_extraction(tree, url=url or None, include_comments=False)
    except (ValueError, TypeError, AttributeError, etree.LxmlError, RecursionError):
        return ""
    text = getattr(found, "text", "") or ""
    return "\n\n".join(line for raw in text.splitlines() if (line := squeeze(raw)))


def cut_at(tree: html.HtmlElement, block: Block) -> html.HtmlElement:
    """Return a copy of the page that ends before a block."""
    mark = "data-end-of-article"
    block.element.set(mark, "")
    copy = deepcopy(tree)
    del block.element.attrib[mark]
    last = copy.find(f".//*[@{mark}]")
    if last is None:
        return copy
    for node in (last, *last.iterancestors()):
        for later in list(node.itersiblings()):
            node.getparent().remove(later)
    last.drop_tree()
    return copy


def without(text: str, unwanted: Sequence[str]) -> str:
    """Return the text without the paragraphs that are one of the unwanted lines."""
    lines = {fold(line) for line in unwanted if line}
    return "\n\n".join(part for part in text.split("\n\n") if fold(part) not in lines)
