"""Finds the line with which a page's readers are told who wrote it; knows how it is marked up and worded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml import etree

from digest.collect.page_blocks import Block
from digest.collect.page_text import WIDE, text_of

#: Blocks above and below the headline in which a byline may stand.
ABOVE, BELOW = 3, 12
#: Characters: a longer block is about something.
LONGEST_LINE = 160
BY = re.compile(
    r"^(?:(?:by|von|par|por|di|de|av|door|af|text|tekst|teksti|words|written by|posted by|authors?|auteurs?|autore"
    r"|autorin/autor|autor(?:in|es|a|ka|zy)?|szerző|yazar|автор(?:ы|и)?|текст|بقلم|كتب(?:ت)?|של|מאת)\b(?:\s*[:：]\s*|\s+)"
    r"|(?:作者|撰文|文|记者|記者|取材・文)(?:\s*[:：/／]\s*|\s+))",
    re.IGNORECASE,
)
#: What is set behind a journalist's name in Korean, Chinese and Japanese.
_BEHIND = re.compile(r"\s*(?:기자|특파원|記者|记者)$")
#: A line that opens with one of these and goes on with a name is a byline, whatever its markup says.
_OPENING = re.compile(
    r"(?:^|[|·•]\s)(?:By|BY|Von|Par|Por|Door|Av|Af|Written by|Autorin/Autor|Автор|بقلم)\b:?\s+(?=[^\W\d_a-z])"
)
_MARKED = re.compile(
    r"(?i:(?:^|[-_ ])(?:authors?|author-?names?|author-?lines?|bylines?"
    r"|autor(?:es|in|e|i|ka|zy)?|auteurs?|skribent|redactors?)(?:[-_ ]|$))"
    r"|[a-z]Author(?:List|Name|s)?\b"
)
_ELSEWHERE = re.compile(r"comment|related|teaser|caption|share|recommend", re.IGNORECASE)
_LINE_END = re.compile(r"\s+[|•·]\s+|\s+[-–—]\s+|\s*\d|\s+(?:Stand|Updated|Published|Aktualisiert):?\s", re.IGNORECASE)
_NAME_AND_DATE = re.compile(r"^((?:[^\W\d_][^\W\d_.'’-]*\s+){2,4})[|•·,–-]\s+\d{1,2}[./ ]")
_WORD = re.compile(r"[^\W\d_]{4,}")


def signatures(blocks: Sequence[Block], start: int) -> Iterator[list[str]]:
    """Yield the pieces of each line around the headline (block ``start``) that may be its byline, nearest first."""
    for block in _near(blocks, start):
        if pieces := list(_pieces(block)):
            yield pieces


def author_links(blocks: Sequence[Block], start: int) -> Iterator[str]:
    """Yield the text of each link to an author around the headline (HTML §4.6.7.3, rel=author)."""
    for block in _near(blocks, start):
        for link in block.element.iter("a"):
            if "author" in (link.get("rel") or "").split() and is_full(text_of(link)):
                yield text_of(link)


def named_by_mailbox(blocks: Sequence[Block], start: int, address: str) -> str:
    """Return the name near the headline whose surname is in a mail address, '' where there is none."""
    mailbox = address.partition("@")[0].casefold()
    for block in _near(blocks, start):
        parts = block.text.split()
        if 1 < len(parts) <= 4 and _WORD.fullmatch(parts[-1]) and parts[-1].casefold() in mailbox:
            return block.text
    return ""


def _near(blocks: Sequence[Block], start: int) -> Iterator[Block]:
    for block in (*blocks[start : start + BELOW], *reversed(blocks[max(0, start - ABOVE) : start])):
        if not block.is_heading and len(block.text) <= LONGEST_LINE:
            yield block


def _pieces(block: Block) -> Iterator[str]:
    marked = [node for node in block.element.iter(etree.Element) if node is not block.element and _is_marked(node)]
    holders = {above for node in marked for above in node.iterancestors()}
    opening = _OPENING.search(block.text)
    if leaves := [node for node in marked if node not in holders]:
        yield from (_line(text_of(node)) for node in leaves)
    elif any(_is_marked(node) for node in (block.element, *list(block.element.iterancestors())[:3])):
        links = [text_of(node) for node in block.element.iter("a", "span") if len(node) == 0]
        yield from links or [_line(block.text)]
    elif opening:
        yield _line(block.text[opening.end() :])
    elif dated := _NAME_AND_DATE.match(block.text):
        yield dated[1]


def _is_marked(node: etree._Element) -> bool:
    classes = node.get("class") or ""
    is_author = "author" in f"{node.get('rel') or ''} {node.get('itemprop') or ''}".split()
    return (is_author or bool(_MARKED.search(classes))) and not _ELSEWHERE.search(f"{classes} {node.get('id') or ''}")


def _line(text: str) -> str:
    """Return a byline up to the date or the place behind it; one in capitals as a name is written."""
    text = BY.sub("", text)
    end = _LINE_END.search(text)
    text = _BEHIND.sub("", text[: end.start()] if end else text)
    return text.title() if text.isupper() and len(text.split()) > 1 else text


def is_full(name: str) -> bool:
    """Tell whether a text on the page is a person's or an agency's full name, and not a label or a place."""
    parts = name.split()
    is_capital = len(parts) > 1 and not parts[0][0].islower() and not parts[-1][0].islower() and not name.isupper()
    return is_capital or bool(WIDE.search(name))
