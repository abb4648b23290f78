"""Chooses who signed a page among those it names in its data, its meta tags and on the page itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from digest.collect.page_blocks import Block
from digest.collect.page_data import Claims, words
from digest.collect.page_headline import fold
from digest.collect.page_names import is_full, names_in
from digest.collect.page_signature import author_links, named_by_address, named_by_mailbox, signatures
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


def _signed(blocks: Sequence[Block], start: int) -> Iterator[tuple[str, ...]]:
    for pieces in signatures(blocks, start):
        yield tuple(name for name in names_in(pieces) if is_full(name))


def _ranked(
    claims: Sequence[Claims], meta: Mapping[str, tuple[str, ...]], blocks: Sequence[Block], start: int
) -> Iterator[tuple[str, ...]]:
    for claim in claims:
        yield names_in(person.name for person in claim.people if not person.is_organisation)
    yield from _signed(blocks, start)
    tags = [words(value) for name in _META for value in meta.get(name, ())]
    yield names_in(named_by_mailbox(blocks, start, tag) for tag in tags if "@" in tag)
    yield names_in(named_by_address(blocks, tag) for tag in tags if "://" in tag)
    for name in _META:
        yield names_in(words(value) for value in meta.get(name, ()))
    for claim in claims:
        yield names_in(person.name for person in claim.people)
