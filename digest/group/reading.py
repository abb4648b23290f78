"""Read articles into numbered terms, once for all that compares them; knows no weight and no likeness."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from digest.group.words import address_terms, terms
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

    def __len__(self) -> int:
        return len(self.headlines)

    def of(self, rows: Sequence[int]) -> Readings:
        """Return those of some of the articles."""
        parts = (self.headlines, self.texts, self.addresses)
        return Readings(self.numbers, *(tuple(part[n] for n in rows) for part in parts))


def read(articles: Sequence[Article]) -> Readings:
    """Read headline, dek, body and address of these articles."""
    numbers: dict[str, int] = {}

    def numbered(found: Sequence[str]) -> Numbers:
        return np.fromiter((numbers.setdefault(term, len(numbers)) for term in found), np.int32, len(found))

    return Readings(
        numbers,
        headlines=tuple(numbered(terms(article.headline)) for article in articles),
        texts=tuple(numbered(_opening(article)) for article in articles),
        addresses=tuple(numbered(address_terms(article.url)) for article in articles),
    )


def _opening(article: Article) -> list[str]:
    text = f"{article.dek} {article.body[:_CHARACTERS_READ]}"
    return list(itertools.islice(terms(text), _WORDS_READ))
