"""Lays a page out as the blocks a reader sees, one after another; knows no meaning but links and headings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lxml import etree, html

from digest.collect.page_text import UNSEEN, key_of, squeeze

_INLINE = (
    "a abbr b bdi bdo cite code data del em font i img ins kbd label mark picture q s small source span strong "
    "sub sup time u wbr"
)
#: Elements that do not end a line.
INLINE = frozenset(_INLINE.split())
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SKIPPED = UNSEEN | {"form", "nav"}
#: Where a link that opens a line may be a headline with its dek behind it on the same line.
_CARDS = frozenset({"li", "dd", "td", "div", "article", "section"})
#: Of its characters, how many must be link text for a block to be a link.
LINKED = 0.85
#: Characters: a shorter link that opens a line is not taken for a headline.
SHORTEST_HEADLINE = 12


@dataclass(slots=True)
class Block:
    """A run of text on lines of its own."""

    tag: str  #: of the element that holds it, or of the heading around that
    element: etree._Element
    text: str = ""
    href: str = ""  #: of the first link in it or around it
    linked: int = 0  #: characters that are link text
    pieces: list[str] = field(default_factory=list)

    @property
    def is_heading(self) -> bool:
        """Whether it stands in a heading element."""
        return self.tag in HEADINGS

    @property
    def is_link(self) -> bool:
        """Whether nearly all of it is link text."""
        return bool(self.href) and self.linked >= LINKED * len(self.text)


class _Layout:
    """Collects blocks during one walk."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.open: Block | None = None
        self.links: list[etree._Element] = []
        self.holders: list[etree._Element] = []
        self.at_label = False  #: a span with a class has just begun or ended: a label, set apart by its looks alone

    def start(self, node: etree._Element) -> None:
        if node.tag not in INLINE:
            self.close()
            self.holders.append(node)
        elif self.headline_ended(node.getprevious()):
            self.close()
        if node.tag == "a":
            self.links.append(node)
        self.at_label = self.at_label or _is_label(node)
        self.add(node.text)

    def end(self, node: etree._Element) -> None:
        if self.links and self.links[-1] is node:
            self.links.pop()
        if node.tag not in INLINE:
            self.close()
            self.holders.pop()
        elif node.tag == "a" and self.holders[-1].tag == "li" and self.headline_ended(node):
            self.close()
        self.at_label = self.at_label or _is_label(node)
        self.tail(node)

    def tail(self, node: etree._Element) -> None:
        if self.holders:
            self.add(node.tail)

    def add(self, text: str | None) -> None:
        if not text or (self.open is None and not text.strip()):
            return
        if self.open is None:
            self.open = Block(_tag_of(self.holders[-1]), self.holders[-1])
        before = self.open.pieces[-1][-1:] if self.open.pieces else ""
        if self.at_label and before.isalnum() and not before.isupper() and text[0].isupper():
            self.open.pieces.append(" ")
        self.at_label = False
        self.open.pieces.append(text)
        if self.links:
            self.open.href = self.open.href or (self.links[-1].get("href") or "").strip()
            self.open.linked += len(squeeze(text))

    def close(self) -> None:
        block, self.open = self.open, None
        if block is not None:
            block.text = _once(squeeze("".join(block.pieces)))
            if block.text:
                self.blocks.append(block)

    def headline_ended(self, before: etree._Element | None) -> bool:
        """Tell whether the line so far is one link, long enough for a headline, that ended with ``before``."""
        if self.open is None or before is None or before.tag != "a" or self.holders[-1].tag not in _CARDS:
            return False
        text = squeeze("".join(self.open.pieces))
        return len(text) >= SHORTEST_HEADLINE and self.open.linked >= LINKED * len(text)


def _is_label(node: etree._Element) -> bool:
    return node.tag == "span" and node.get("class") is not None


def _once(text: str) -> str:
    """Return a text without its repetition: pages write some headlines twice, for wide and for narrow screens."""
    half = len(text) // 2
    return text[:half] if len(text) > SHORTEST_HEADLINE and text[:half] == text[half + 1 :] else text


def _tag_of(holder: etree._Element) -> str:
    node: etree._Element | None = holder
    for _ in range(3):
        if node is None:
            break
        if node.tag in HEADINGS:
            return str(node.tag)
        node = node.getparent()
    return str(holder.tag)


def blocks_of(tree: html.HtmlElement) -> list[Block]:
    """Return the page's visible blocks in document order, navigation and forms left out."""
    layout = _Layout()
    body = tree.find("body")
    root = tree if body is None else body
    layout.holders.append(root)
    for event, node in _visible(root):
        getattr(layout, event)(node)
    layout.close()
    return layout.blocks


def _visible(root: html.HtmlElement) -> Iterator[tuple[str, etree._Element]]:
    """Yield ``start`` and ``end`` of what is seen, and ``tail`` after what is not."""
    hidden: etree._Element | None = None
    for event, node in etree.iterwalk(root, events=("start", "end")):
        if hidden is None and event == "start" and (node.tag in _SKIPPED or node.get("hidden") is not None):
            hidden = node
        if hidden is None:
            yield event, node
        elif event == "end" and node is hidden:
            hidden = None
            yield "tail", node


def headline_at(blocks: Sequence[Block], headline: str) -> int:
    """Return where the article begins: a heading that is its headline or holds it, a line, the first h1, else 0."""
    key = key_of(headline)
    headings = [n for n, block in enumerate(blocks) if block.is_heading]
    same = [n for n in headings if key_of(blocks[n].text) == key]
    around = [n for n in headings if key and key in key_of(blocks[n].text)]
    titles = [n for n in headings if blocks[n].tag == "h1"]
    unmarked = [n for n, block in enumerate(blocks) if key and key_of(block.text) == key]
    return next(iter((*(n for n in same if n in titles), *same, *around, *unmarked, *titles)), 0)
