"""Find the copies of one article: the same address, or one wire story in print twice; knows no meaning."""

from __future__ import annotations

import itertools
import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence

from digest.group.boilerplate import without
from digest.group.identity import article_key
from digest.group.words import terms
from digest.model import Article

#: Words in a row that make a shingle (Broder, 'On the resemblance and containment of documents', 1997).
_SHINGLE = 3
#: A text under this many words beside its headline proves no copy: title equality alone never merges.
_ENOUGH = 12
#: Share of shingles in common at which a text is a copy.
_RESEMBLANCE = 0.6


def collapse(
    articles: Sequence[Article], apart: Iterable[tuple[str, str]] = (), read: Sequence[Article] | None = None
) -> tuple[tuple[Article, ...], ...]:
    """Return the articles in groups of copies, the original first; every article is in exactly one group.

    Two articles are copies when they have the same canonical key, or texts (dek and body) that are nearly the
    same word for word. ``apart`` names pairs of article keys that are no copies whatever their texts say;
    ``read`` holds the same articles without what their sources print under all of them.
    """
    groups = _Groups(articles, apart)
    _same_key(articles, groups)
    _same_text(without(articles) if read is None else read, groups)
    return groups.in_order()


class _Groups:
    """Which articles are copies of one another, so far."""

    def __init__(self, articles: Sequence[Article], apart: Iterable[tuple[str, str]]) -> None:
        self.articles = articles
        self.root = list(range(len(articles)))
        self.members = {n: [n] for n in self.root}
        numbers = {article.key: n for n, article in enumerate(articles)}
        self.apart = {frozenset((numbers[a], numbers[b])) for a, b in apart if a in numbers and b in numbers}

    def join(self, i: int, j: int) -> None:
        i, j = self.root[i], self.root[j]
        if i == j or any(frozenset((a, b)) in self.apart for a in self.members[i] for b in self.members[j]):
            return
        i, j = min(i, j), max(i, j)
        for n in self.members[j]:
            self.root[n] = i
        self.members[i] += self.members.pop(j)

    def in_order(self) -> tuple[tuple[Article, ...], ...]:
        return tuple(
            tuple(sorted((self.articles[n] for n in numbers), key=_original_first)) for numbers in self.members.values()
        )


def _same_key(articles: Sequence[Article], groups: _Groups) -> None:
    first: dict[str, int] = {}
    for n, article in enumerate(articles):
        groups.join(first.setdefault(article_key(article), n), n)


def _same_text(articles: Sequence[Article], groups: _Groups) -> None:
    """Join articles whose shingles agree; only those that share a rare shingle are compared."""
    shingles = [_shingles(article) for article in articles]
    holders: dict[int, list[int]] = defaultdict(list)
    for n, own in enumerate(shingles):
        # The smallest hashes of a set are a sample of it: copies share most of them (Broder's min-hash).
        for shingle in sorted(own)[:16]:
            holders[shingle].append(n)
    for numbers in holders.values():
        for i, j in itertools.pairwise(numbers):
            if groups.root[i] != groups.root[j] and _resemble(shingles[i], shingles[j]):
                groups.join(i, j)


def _shingles(article: Article) -> frozenset[int]:
    words = terms(f"{article.dek} {article.body}")
    if len(words) < _ENOUGH:
        return frozenset()
    return frozenset(_hash(words[n : n + _SHINGLE]) for n in range(len(words) - _SHINGLE + 1))


def _hash(words: Sequence[str]) -> int:
    """Return a number for these words that is the same in every process."""
    return zlib.crc32(" ".join(words).encode())


def _resemble(one: frozenset[int], other: frozenset[int]) -> bool:
    return len(one & other) >= _RESEMBLANCE * len(one | other)


def _original_first(article: Article) -> tuple[bool, float, int, str]:
    """Sort a signed and fuller report before its copies, the earliest first where times are known."""
    when = article.when.timestamp() if article.when else float("inf")
    return (not article.byline, when, -len(article.body), article.key)
