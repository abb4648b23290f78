"""Finds the headlines with deks that a page lists beside its article; does not know what the article says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import takewhile

from lxml import etree

from digest.collect.page_blocks import Block
from digest.collect.page_links import absolute, same_page
from digest.collect.page_text import WIDE, word_count
from digest.model import Headline

#: A list is at least so many headlines with deks; two may be chance.
FEWEST = 3
#: Headlines taken of a page; longer lists are archives.
MOST = 200
#: Of a list's headlines, how many must have a dek: a list of bare links is navigation.
WITH_DEK = 0.6
#: Blocks looked at behind a headline until its dek: a date, a name and a section may stand between.
NEAR = 4
#: Words: a longer block is a dek or a paragraph, a shorter one may be a date or a name.
PARAGRAPH = 12
#: Characters.
LONGEST_HEADLINE, LONGEST_DEK = 300, 1200
_ASIDE = re.compile(r"comment|disqus|footer|cookie|consent|breadcrumb|menu", re.IGNORECASE)
_NAMED = re.compile(r"title|headline|heading", re.IGNORECASE)
_MORE = re.compile(
    r"^(read|continue|learn|see|view|show|weiter|mehr|lire|leer|ver|leggi|lees|les)\b.{0,40}$", re.IGNORECASE
)
_OTHER_SCHEME = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_PROMPT = re.compile(
    r"\s*[\[(]?\s*(?:read (?:more|full article|the full (?:article|story))|continue reading|weiterlesen|mehr lesen"
    r"|lire la suite|leer más|seguir leyendo|leggi tutto|les mer|läs mer|læs mere|lees meer)\s*[\])]?\s*[.…»›→>]*\s*$",
    re.IGNORECASE,
)
_DATED = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[.:]\d{2}\b|\bago\b")
_WORD = re.compile(r"[^\W\d_]{2,}")

Pair = tuple[Block, Block | None]


def related(blocks: Sequence[Block], page_url: str, card: range | None, bare: bool = False) -> tuple[Headline, ...]:
    """Return the headlines that the page lists with deks, in its order, each once.

    ``card`` are the blocks in which the page ends its article and introduces the source, where it does;
    headlines without a link are believed only behind them, for inside an article they are its subheadings.
    ``bare`` takes lists of linked headings without deks, too, as front pages have them.
    """
    candidates = [
        n
        for n, block in enumerate(blocks)
        if not (card and n in card) and _is_headline(block, page_url, card is not None and n >= card.stop)
    ]
    kinds: dict[tuple[str, ...], list[int]] = {}
    for n in candidates:
        kinds.setdefault(_kind(blocks[n]), []).append(n)
    chosen: dict[int, Pair] = {}
    for members in kinds.values():
        for run in _runs(blocks, members):
            pairs = _with_deks(blocks, run)
            if not bare:
                pairs = _without_loose_ends(pairs)
            if _is_list(pairs) or (bare and _is_bare_list(pairs)):
                chosen.update(pairs)
    return _once([chosen[n] for n in sorted(chosen)], page_url)[:MOST]


def _runs(blocks: Sequence[Block], members: Sequence[int]) -> Iterator[list[int]]:
    """Yield headlines that follow each other closely; two paragraphs between them are an article's own text."""
    run: list[int] = []
    for n in members:
        between = blocks[run[-1] + 1 : n] if run else ()
        if sum(word_count(block.text) >= PARAGRAPH for block in between) > 1:
            yield run
            run = []
        run.append(n)
    yield run


def _is_headline(block: Block, page_url: str, after_article: bool) -> bool:
    if block.tag == "h1" or len(block.text) > LONGEST_HEADLINE or not _has_words(block.text):
        return False
    is_linked = block.is_link and leads_elsewhere(block.href, page_url) and not _MORE.match(block.text)
    is_bare = after_article and block.is_heading and not block.is_link
    return (is_linked or is_bare) and not _is_aside(block.element)


def _has_words(text: str) -> bool:
    return word_count(text) >= 3 and (len(_WORD.findall(text)) >= 2 or bool(WIDE.search(text)))


def leads_elsewhere(href: str, page_url: str) -> bool:
    """Tell whether a link leads to another page."""
    if not href or href.startswith("#") or _OTHER_SCHEME.match(href):
        return False
    return not page_url or not same_page(absolute(page_url, href), page_url)


def _is_aside(element: etree._Element) -> bool:
    marks = (
        f"{node.get('class', '')} {node.get('id', '')}"
        for node in (element, *element.iterancestors())
        if node.tag != "body"
    )
    return any(_ASIDE.search(mark) for mark in marks) or any(node.tag == "footer" for node in element.iterancestors())


def _kind(block: Block) -> tuple[str, ...]:
    """Return what headlines of one list have in common: how their element is marked up."""
    classes = block.element.get("class") or ""
    named = " ".join(part for part in classes.split() if _NAMED.search(part))
    return (block.tag, named or re.sub(r"\d+", "0", classes))


def _with_deks(blocks: Sequence[Block], members: Sequence[int]) -> dict[int, Pair]:
    stops = [*members[1:], len(blocks)]
    deks = {
        n: _dek_of(blocks[n], blocks[n + 1 : min(stop, n + 1 + NEAR)]) for n, stop in zip(members, stops, strict=True)
    }
    usual = _usual_kind([dek for dek in deks.values() if dek is not None])
    return {n: (blocks[n], dek if dek and usual in ((), _kind(dek)) else None) for n, dek in deks.items()}


def _usual_kind(deks: Sequence[Block]) -> tuple[str, ...]:
    """Return how most deks of a list are marked up, () where they differ: a paragraph of the article is none."""
    ((kind, often),) = Counter(map(_kind, deks)).most_common(1) or [((), 0)]
    return kind if often > len(deks) / 2 else ()


def _dek_of(headline: Block, after: Sequence[Block]) -> Block | None:
    """Return the first sentence-like block behind a headline; a line with a name and a date is none."""
    near = list(takewhile(lambda block: not block.is_heading, after))
    texts = [block for block in near if not _leads_away(block, headline) and len(block.text) <= LONGEST_DEK]
    long = (block for block in texts if word_count(block.text) >= 8)
    short = (block for block in texts if word_count(block.text) >= 4 and not _DATED.search(block.text))
    return next(long, None) or next(short, None)


def _leads_away(block: Block, headline: Block) -> bool:
    is_other = block.is_link and block.href != headline.href
    return is_other or bool(_MORE.match(block.text))


def _without_loose_ends(pairs: dict[int, Pair]) -> dict[int, Pair]:
    """Return a list without the headlines before and behind it that have no dek; a single one may belong to it."""
    told = [place for place, (_, dek) in enumerate(pairs.values()) if dek is not None]
    if not told:
        return pairs
    start = 0 if told[0] <= 1 else told[0]
    end = len(pairs) if len(pairs) - told[-1] <= 2 else told[-1] + 1
    return dict(list(pairs.items())[start:end])


def _is_list(pairs: dict[int, Pair]) -> bool:
    found = [headline.text for headline, dek in pairs.values() if dek is not None]
    return len(set(found)) >= FEWEST and len(found) >= WITH_DEK * len(pairs)


def _without_prompt(dek: str) -> str:
    """Return a dek without the 'Read more' at its end."""
    return _PROMPT.sub("", dek) or dek


def _is_bare_list(pairs: dict[int, Pair]) -> bool:
    found = {headline.text for headline, _ in pairs.values() if headline.is_heading and headline.is_link}
    return len(found) >= FEWEST


def _once(pairs: Sequence[Pair], page_url: str) -> tuple[Headline, ...]:
    found: dict[str, Headline] = {}
    for headline, dek in pairs:
        url = absolute(page_url, headline.href) if headline.href else ""
        found.setdefault(
            headline.text.casefold(), Headline(headline.text, url, _without_prompt(dek.text) if dek else "")
        )
    return tuple(found.values())
