"""Finds the line with which a page's readers are told who wrote it; knows how it is marked up and worded."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import takewhile
from urllib.parse import unquote, urlsplit

from lxml import etree

from digest.collect.page_blocks import Block
from digest.collect.page_names import is_full, line_of, signed
from digest.collect.page_text import text_of

#: Blocks above and below the headline in which a byline may stand.
ABOVE, BELOW = 3, 12
#: Characters: a longer block is about something.
LONGEST_LINE = 160
_MARKED = re.compile(
    r"(?i:(?:^|[-_ ])(?:authors?|author-?names?|author-?lines?|bylines?"
    r"|autor(?:es|in|e|i|ka|zy)?|auteurs?|skribent|redactors?|writers?|firma|verfasser|redakteur"
    r"|forfatter|toimittaja|kirjoittaja|yazar|penulis)(?:[-_ ]|$))"
    r"|[a-z]Author(?:List|Name|s)?\b"
)
#: Where sites put what an author has written.
_AUTHORS = re.compile(r"/(?:authors?|autor(?:en|es)?|auteurs?)/[^/]", re.IGNORECASE)
_ELSEWHERE = re.compile(r"comment|related|teaser|caption|share|recommend", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{4,}")


def signatures(blocks: Sequence[Block], start: int) -> Iterator[list[str]]:
    """Yield the pieces of each line around the headline (block ``start``) that may be its byline, nearest first."""
    for block in _near(blocks, start):
        if pieces := list(_pieces(block)):
            yield pieces


def author_links(blocks: Sequence[Block], start: int) -> Iterator[str]:
    """Yield the text of each link to an author around the headline, by its rel (HTML §4.6.7.3) or its address."""
    for block in _near(blocks, start):
        is_byline = any(_is_marked(node) for node in _around(block.element))
        for link in block.element.iter("a"):
            is_author = "author" in (link.get("rel") or "").split()
            leads_there = is_byline and _AUTHORS.search(link.get("href") or "")
            if (is_author or leads_there) and is_full(text_of(link)):
                yield text_of(link)


def named_by_mailbox(blocks: Sequence[Block], start: int, address: str) -> str:
    """Return the name near the headline whose surname is in a mail address, '' where there is none."""
    mailbox = address.partition("@")[0].casefold()
    for block in _near(blocks, start):
        parts = block.text.split()
        if 1 < len(parts) <= 4 and _WORD.fullmatch(parts[-1]) and parts[-1].casefold() in mailbox:
            return block.text
    return ""


def named_by_address(blocks: Sequence[Block], address: str) -> str:
    """Return the name on the page that an address such as ``…/authors/ann-lee`` spells, '' where there is none."""
    try:
        spelt = [
            part
            for part in re.split(r"[-_.+ ]", _plain(unquote(urlsplit(address).path.rstrip("/")).rpartition("/")[2]))
            if part
        ]
    except ValueError:
        return ""
    if not 2 <= len(spelt) <= 4 or not all(part.isalpha() for part in spelt):
        return ""
    for block in blocks:
        parts = block.text.split() if len(block.text) <= LONGEST_LINE else []
        plain = [re.sub(r"\W", "", _plain(part)) for part in parts]
        for at in range(len(parts) - len(spelt) + 1):
            if plain[at : at + len(spelt)] == spelt:
                return " ".join(parts[at : at + len(spelt)])
    return ""


def _plain(text: str) -> str:
    """Return a text in small letters without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def _near(blocks: Sequence[Block], start: int) -> Iterator[Block]:
    for block in (*blocks[start : start + BELOW], *reversed(blocks[max(0, start - ABOVE) : start])):
        is_line = not block.is_heading or (block.tag != "h1" and (signed(block.text) or _is_marked(block.element)))
        if is_line and len(block.text) <= LONGEST_LINE and not _is_caption(block.element):
            yield block


def _is_caption(element: etree._Element) -> bool:
    return element.tag == "figcaption" or next(element.iterancestors("figcaption"), None) is not None


def _pieces(block: Block) -> Iterator[str]:
    marked = [node for node in block.element.iter(etree.Element) if node is not block.element and _is_marked(node)]
    holders = {above for node in marked for above in node.iterancestors()}
    opening = signed(block.text)
    if leaves := [node for node in marked if node not in holders]:
        yield from (line_of(text_of(node)) for node in leaves)
    elif any(_is_marked(node) for node in _around(block.element)):
        links = [text_of(node) for node in block.element.iter("a", "span") if len(node) == 0]
        yield from links or [line_of(block.text)]
    elif opening:
        yield opening


def _around(element: etree._Element) -> Iterator[etree._Element]:
    """Yield an element and what holds it, below the article as a whole, whose marks say whose it is, not what."""
    near = (element, *list(element.iterancestors())[:3])
    return takewhile(lambda node: node.tag not in ("article", "main", "body"), near)


def _is_marked(node: etree._Element) -> bool:
    classes = node.get("class") or ""
    is_author = "author" in f"{node.get('rel') or ''} {node.get('itemprop') or ''}".split()
    return (is_author or bool(_MARKED.search(classes))) and not _ELSEWHERE.search(f"{classes} {node.get('id') or ''}")
