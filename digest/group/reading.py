"""Read articles into numbered terms, once for all that compares them; knows no weight and no likeness."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from digest.group.words import address_terms, is_bent, terms, unelided
from digest.model import Article

Numbers = npt.NDArray[np.int32]

#: Words of dek and body that are read: what a report is about stands at its top.
_WORDS_READ = 300
#: Characters within which they stand.
_CHARACTERS_READ = 9 * _WORDS_READ


@dataclass(frozen=True, slots=True)
class Readings:
    """What articles say: for each the numbers of the terms of its parts, in their order."""

    numbers: dict[str, int]  #: term → its number, without gaps
    headlines: tuple[Numbers, ...]
    texts: tuple[Numbers, ...]  #: dek and body, as far as they are read
    addresses: tuple[Numbers, ...]
    languages: tuple[str, ...]  #: '' where unknown
    sources: tuple[str, ...]
    headed: frozenset[int] = frozenset()  #: those under one heading, like in topic whatever they tell

    def __len__(self) -> int:
        return len(self.headlines)

    def of(self, rows: Sequence[int]) -> Readings:
        """Return those of some of the articles."""
        headlines, texts, addresses = (
            tuple(part[n] for n in rows) for part in (self.headlines, self.texts, self.addresses)
        )
        languages, sources = (tuple(part[n] for n in rows) for part in (self.languages, self.sources))
        return Readings(self.numbers, headlines, texts, addresses, languages, sources)


def read(articles: Sequence[Article], languages: Sequence[str] = ()) -> Readings:
    """Read headline, dek, body and address of these articles; ``languages`` are theirs, where known."""
    told = tuple(languages) or ("",) * len(articles)
    both = tuple(zip(articles, told, strict=True))
    numbers: dict[str, int] = {}

    def numbered(found: Sequence[str]) -> Numbers:
        return np.fromiter((numbers.setdefault(term, len(numbers)) for term in found), np.int32, len(found))

    return Readings(
        numbers,
        headlines=tuple(numbered(terms(_plain(article.headline, name))) for article, name in both),
        texts=tuple(numbered(_opening(article, name)) for article, name in both),
        addresses=tuple(numbered(address_terms(article.url)) for article in articles),
        languages=told,
        sources=tuple(article.source for article in articles),
    )


def _opening(article: Article, language: str) -> list[str]:
    text = f"{article.dek} {article.body[:_CHARACTERS_READ]}"
    return list(itertools.islice(terms(_plain(text, language)), _WORDS_READ))


def _plain(text: str, language: str) -> str:
    return unelided(text) if is_bent(language) else text
