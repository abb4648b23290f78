"""Finds the line with which a page's readers are told who wrote it; knows how it is marked up and worded."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import takewhile
from urllib.parse import unquote, urlsplit

from lxml import etree

from digest.collect.page_blocks import Block
from digest.collect.page_text import WIDE, text_of

#: Blocks above and below the headline in which a byline may stand.
ABOVE, BELOW = 3, 12
#: Characters: a longer block is about something.
LONGEST_LINE = 160
BY = re.compile(
    r"^(?:(?:(?:written|posted|submitted|published|reported|story) by"
    r"|(?:geschrieben|verfasst|veröffentlicht|eingestellt|erstellt) von"
    r"|(?:escrito|publicado) por|(?:écrit|rédigé|publié) par|(?:scritto|pubblicato) da|geschreven door|skre?ve[nt] av"
    r"|by|von|par|por|di|de|da|av|door|af|text|texte|texto|testo|tekst|teksti|words|authors?|auteurs?|autore"
    r"|autorin/autor|autor(?:in|es|a|ka|zy)?|szerző|yazar|yazan|автор(?:ы|и)?|текст|κείμενο|του|της"
    r"|بقلم|كتب(?:ت)?|نویسنده|של|מאת|ผู้เขียน|โดย)(?!\w)(?:\s*[:：]\s*|\s+)"
    r"|(?:作者|撰文|文|记者|記者|取材・文|執筆|글)(?:\s*[:：/／=＝]\s*|\s+))",
    re.IGNORECASE,
)
#: What is set behind a journalist's name in Korean, Chinese and Japanese.
_BEHIND = re.compile(r"\s*(?:기자|특파원|記者|记者)$")
#: A line that opens with one of these and goes on with a name is a byline, whatever its markup says.
_OPENING = re.compile(
    r"(?:^|[|·•]\s)(?:By|BY|Von|Par|Por|Door|Av|Af|Written by|Autorin/Autor|Автор|بقلم)\b:?\s+(?=[^\W\d_a-z])"
)
#: The same in small letters, believed where the line is a name and no more.
_NAME_ALONE = re.compile(
    r"^(?:by|von|par|por|di|da|door|av|af|text|texte|tekst):?\s+"
    r"[^\W\d_a-z][\w.'’-]+(?:\s+[^\W\d_a-z][\w.'’-]*){1,3}(?=$|\s*[|·•,–-])"
)
_MARKED = re.compile(
    r"(?i:(?:^|[-_ ])(?:authors?|author-?names?|author-?lines?|bylines?"
    r"|autor(?:es|in|e|i|ka|zy)?|auteurs?|skribent|redactors?)(?:[-_ ]|$))"
    r"|[a-z]Author(?:List|Name|s)?\b"
)
_ELSEWHERE = re.compile(r"comment|related|teaser|caption|share|recommend", re.IGNORECASE)
_LINE_END = re.compile(
    r"\s+[|•·]\s+|\s+[-–—]\s+|\s+(?:on|am|le|el|il|em|den)\s+(?=(?:[^\W\d_]+,?\s+)?\d)|\s*\d"
    r"|\s+(?:Stand|Updated|Published|Aktualisiert):?\s",
    re.IGNORECASE,
)
_AND = frozenset({"and", "und", "et", "y", "e", "&"})
#: News agencies sign with one word.
_AGENCIES = frozenset(
    {"Reuters", "AFP", "AP", "dpa", "APA", "EFE", "ANSA", "Lusa", "Belga", "ANP", "NTB", "TT", "Ritzau", "STT", "PAP"}
    | {"ČTK", "MTI", "Tass", "TASS", "Xinhua", "PTI", "ANI", "IANS", "Bernama", "Kyodo", "Yonhap", "AAP", "SDA"}
)
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
        parts = block.text.split()
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
        is_line = not block.is_heading or (block.tag != "h1" and _opening(block.text))
        if is_line and len(block.text) <= LONGEST_LINE and not _is_caption(block.element):
            yield block


def _is_caption(element: etree._Element) -> bool:
    return element.tag == "figcaption" or next(element.iterancestors("figcaption"), None) is not None


def _pieces(block: Block) -> Iterator[str]:
    marked = [node for node in block.element.iter(etree.Element) if node is not block.element and _is_marked(node)]
    holders = {above for node in marked for above in node.iterancestors()}
    opening = _opening(block.text)
    if leaves := [node for node in marked if node not in holders]:
        yield from (_line(text_of(node)) for node in leaves)
    elif any(_is_marked(node) for node in _around(block.element)):
        links = [text_of(node) for node in block.element.iter("a", "span") if len(node) == 0]
        yield from links or [_line(block.text)]
    elif opening:
        yield _line(opening)
    elif dated := _NAME_AND_DATE.match(block.text):
        yield dated[1]


def _around(element: etree._Element) -> Iterator[etree._Element]:
    """Yield an element and what holds it, below the article as a whole, whose marks say whose it is, not what."""
    near = (element, *list(element.iterancestors())[:3])
    return takewhile(lambda node: node.tag not in ("article", "main", "body"), near)


def _opening(text: str) -> str:
    """Return what follows the word *by* in a line that is a byline whatever its markup says, '' in any other."""
    found = _OPENING.search(text)
    return text[found.end() :] if found else BY.sub("", text) if _NAME_ALONE.match(text) else ""


def _is_marked(node: etree._Element) -> bool:
    classes = node.get("class") or ""
    is_author = "author" in f"{node.get('rel') or ''} {node.get('itemprop') or ''}".split()
    return (is_author or bool(_MARKED.search(classes))) and not _ELSEWHERE.search(f"{classes} {node.get('id') or ''}")


def _line(text: str) -> str:
    """Return a byline up to the date or the place behind it; one in capitals as names are written."""
    text = BY.sub("", text)
    end = _LINE_END.search(text)
    text = _BEHIND.sub("", text[: end.start()] if end else text)
    return ", ".join(map(_in_capitals, text.split(", ")))


def _in_capitals(text: str) -> str:
    """Return a name set in capitals as it is written, without what follows it in small letters: what somebody is."""
    loud = list(takewhile(lambda word: word.isupper() or word in _AND, text.split()))
    is_name = sum(word.isupper() for word in loud) > 1
    return " ".join(word if word in _AND else word.title() for word in loud) if is_name else text


def is_full(name: str) -> bool:
    """Tell whether a text on the page is a person's or an agency's full name, and not a label or a place."""
    parts = name.split()
    is_capital = len(parts) > 1 and not parts[0][0].islower() and not parts[-1][0].islower() and not name.isupper()
    return is_capital or name in _AGENCIES or bool(WIDE.search(name))
