"""Chooses who signed a page among those it names in its data, its meta tags and on the page itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from digest.collect.page_blocks import Block
from digest.collect.page_data import Claims, words
from digest.collect.page_headline import fold
from digest.collect.page_signature import (
    BY,
    author_links,
    is_full,
    named_by_address,
    named_by_mailbox,
    signatures,
)
from digest.collect.page_text import WIDE

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
_SPLIT = re.compile(r"\s*(?:[;,|·•&/，、；،؛／]|\b(?:and|und|et|og|och|ja|ve|en|és|και)\b)\s*")
#: Words for *and* that may stand within a name, too: they are none before the last word, José Ortega y Gasset.
_SHORT_AND = re.compile(r"\s+(?:y|e|i|a|и|й|та|و)\s+(?=\S+\s+(?!(?:y|e|i|a|и|й|та|و)\s)\S)")
_PARENTHESES = re.compile(r"\s*\([^()]*\)")
_NO_NAME = re.compile(r"[@:/\d#<>]|www\.|\.(?:com|org|net)\b|^https?", re.IGNORECASE)
#: What somebody is, set behind the name.
_ROLE = re.compile(
    r"^(?:\w+ ){0,3}(?:reporter|editor|correspondent|writer|journalist|columnist|contributor|producer|photographer"
    r"|redakteur(?:in)?|korrespondent(?:in)?|journalistin|reporterin|journaliste|correspondante?|periodista|corresponsal"
    r"|redactora?|giornalista|inviat[oa]|jornalista|repórter)$",
    re.IGNORECASE,
)
#: What systems call whoever has no name there, and what they say before one.
_NOBODY = re.compile(
    r"^(?:super ?user|(?:wp-?)?admin(?:istrator)?|webmaster|root|guest|anonymous|user|null|undefined|unknown"
    r"|(?:submitted|posted|published|updated|written|veröffentlicht|publié|publicado|pubblicato)\b.*)$",
    re.IGNORECASE,
)
#: What a link to somebody's articles says before the name.
_ALL_BY = re.compile(
    r"^(?:(?:show|view|see|read) )?(?:all|more|alle|mehr|weitere|tous|plus|todos|todas|más|tutti|altri)\b.{0,30}?"
    r"\b(?:by|of|from|von|de|par|por|di)\s+(?=\S)",
    re.IGNORECASE,
)
#: Words: more of them are a sentence about the author.
LONGEST_NAME = 6


def byline(
    claims: Sequence[Claims],
    meta: Mapping[str, tuple[str, ...]],
    blocks: Sequence[Block],
    start: int,
    sites: Sequence[str],
) -> tuple[str, ...]:
    """Return the names that sign the page, in its order, each once.

    People named in the article's data come first, then the line that readers see at the headline (block
    ``start``), the meta tags, the organisations in the data, and last of all the ``sites`` themselves. Where the
    page links more authors at the headline, all of them sign: data often names the first alone.
    """
    ours = {fold(site) for site in sites if site}
    found = [names for names in _ranked(claims, meta, blocks, start) if names]
    best = next((names for names in found if not ours.issuperset(map(fold, names))), found[0] if found else ())
    others = tuple(name for name in best if fold(name) not in ours)
    best = others if any(len(name.split()) > 1 or WIDE.search(name) for name in others) else best
    linked = names_in(author_links(blocks, start))
    return linked if set(map(fold, best)) < set(map(fold, linked)) else best


def _ranked(
    claims: Sequence[Claims], meta: Mapping[str, tuple[str, ...]], blocks: Sequence[Block], start: int
) -> Iterator[tuple[str, ...]]:
    for claim in claims:
        yield names_in(person.name for person in claim.people if not person.is_organisation)
    for pieces in signatures(blocks, start):
        yield tuple(name for name in names_in(pieces) if is_full(name))
    tags = [words(value) for name in _META for value in meta.get(name, ())]
    yield names_in(named_by_mailbox(blocks, start, tag) for tag in tags if "@" in tag)
    yield names_in(named_by_address(blocks, tag) for tag in tags if "://" in tag)
    for name in _META:
        yield names_in(words(value) for value in meta.get(name, ()))
    for claim in claims:
        yield names_in(person.name for person in claim.people)


def names_in(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the names in bylines, each once: ``By Ann Lee and Bo Ek`` gives ``Ann Lee`` and ``Bo Ek``."""
    found: dict[str, str] = {}
    for text in texts:
        for part in _parts(text):
            name = _ALL_BY.sub("", part.strip(" .,;:–-"))
            if is_name(name):
                found.setdefault(fold(name), name)
    people = tuple(name for name in found.values() if not _ROLE.search(name))
    return people or tuple(found.values())


def _parts(text: str) -> Iterator[str]:
    """Yield what stands between a byline's commas and ands."""
    if "://" in text:
        return
    for part in _SPLIT.split(BY.sub("", _PARENTHESES.sub("", text).strip())):
        yield from _SHORT_AND.split(part)


def is_name(text: str) -> bool:
    """Tell whether a text may be a name: few words, no address, no number, and not a system's word for nobody."""
    is_short = 1 < len(text) <= 60 and len(text.split()) <= LONGEST_NAME
    return is_short and not _NO_NAME.search(text) and not _NOBODY.match(text)
