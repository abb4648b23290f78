"""Chooses who signed a page among those it names; knows how bylines are written, in several languages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from lxml import html

from digest.collect.page_blocks import Block
from digest.collect.page_data import Claims, words
from digest.collect.page_text import text_of

_META = (
    "author",
    "article:author",
    "og:article:author",
    "byl",
    "dc.creator",
    "dcterms.creator",
    "parsely-author",
    "sailthru.author",
    "articleauthor",
    "cxenseparse:author",
    "citation_author",
)
_BY = re.compile(
    r"^(?:by|von|par|por|di|de|av|door|af|autor(?:in|es|a)?:|text:|written by|posted by)\s+", re.IGNORECASE
)
_BYLINE = re.compile(
    r"^(?:by|von|par|por|written by)\s+((?:[^\W\d_][\w.'’\-]*\s*){2,8}(?:,|and|und|et|y|&|[^\W\d_][\w.'’\-]*|\s)*)$",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\s*(?:;|,|\||\band\b|\bund\b|\bet\b|&)\s*")
#: Words: more of them are a sentence about the author.
_LONGEST_NAME = 6


def byline(
    tree: html.HtmlElement, claims: Sequence[Claims], meta: Mapping[str, tuple[str, ...]], blocks: Sequence[Block]
) -> tuple[str, ...]:
    """Return the names that sign the page, in its order, each once; an organisation only where nobody else signs."""
    for names in _candidates(tree, claims, meta, blocks):
        clean = _once(name for text in names for name in split_names(text))
        if clean:
            return clean
    return ()


def _candidates(
    tree: html.HtmlElement, claims: Sequence[Claims], meta: Mapping[str, tuple[str, ...]], blocks: Sequence[Block]
) -> Iterator[list[str]]:
    for claim in claims:
        yield [person.name for person in claim.people]
    for name in _META:
        yield [words(value) for value in meta.get(name, ())]
    yield [text_of(node) for node in tree.iter("a") if "author" in (node.get("rel") or "").split()]
    yield [found[1] for block in blocks if (found := _BYLINE.match(block.text))][:1]


def split_names(text: str) -> Iterator[str]:
    """Yield the names in a byline: ``By Ann Lee and Bo Ek`` gives ``Ann Lee`` and ``Bo Ek``."""
    for part in _SPLIT.split(_BY.sub("", text.strip())):
        name = part.strip(" .,;:–-")
        if name and len(name.split()) <= _LONGEST_NAME and not re.match(r"https?:|www\.|@", name):
            yield name


def _once(names: Iterator[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(name.casefold(), name)
    return tuple(found.values())
