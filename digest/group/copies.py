"""Find the copies of one article: the same address, or one wire story in print twice; knows no meaning."""

from __future__ import annotations

import itertools
import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from digest.group.boilerplate import without
from digest.group.identity import article_key
from digest.group.reading import Readings, read
from digest.model import Article

#: Words in a row that make a shingle (Broder, 'On the resemblance and containment of documents', 1997).
_SHINGLE = 3
#: A text under this many words beside its headline proves no copy: title equality alone never merges.
_ENOUGH = 12
#: Share of shingles in common at which a text is a copy.
_RESEMBLANCE = 0.6
#: Under so many words the like texts of one source are copies only where the headlines agree too, in such a share of
#: the shorter one's words: a source has its ways to say things.
_LONG, _SAME_HEADLINE = 60, 0.6
#: Shingles by which a text is looked up.
_SAMPLE = 16
#: Odd factors that spread the words of a shingle over 64 bits (the golden ratio, and two of SplitMix64).
_FACTORS = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)

Hashes = npt.NDArray[np.uint64]


def collapse(
    articles: Sequence[Article], apart: Iterable[tuple[str, str]] = (), readings: Readings | None = None
) -> tuple[tuple[Article, ...], ...]:
    """Return the articles in groups of copies, the original first; every article is in exactly one group.

    Two articles are copies when they have the same canonical key, or texts (dek and body) that are nearly the
    same word for word. ``apart`` names pairs of article keys that are no copies whatever their texts say;
    ``readings`` is what the articles say, without what their sources print under all of them.
    """
    groups = _Groups(articles, apart)
    _same_key(articles, groups)
    _same_text(read(without(articles)) if readings is None else readings, groups)
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


def _same_text(readings: Readings, groups: _Groups) -> None:
    """Join articles whose shingles agree; only those that share a rare shingle are compared."""
    hashes = np.fromiter((zlib.crc32(term.encode()) for term in readings.numbers), np.uint64)
    shingles = [_shingles(hashes[text]) for text in readings.texts]
    holders: dict[int, list[int]] = defaultdict(list)
    for n, own in enumerate(shingles):
        # The smallest hashes of a set are a sample of it: copies share most of them (Broder's min-hash).
        for shingle in own[:_SAMPLE].tolist():
            holders[shingle].append(n)
    for numbers in holders.values():
        for i, j in itertools.pairwise(numbers):
            if (
                groups.root[i] != groups.root[j]
                and _resemble(shingles[i], shingles[j])
                and not _is_form(readings, i, j)
            ):
                groups.join(i, j)


def _is_form(readings: Readings, i: int, j: int) -> bool:
    """Return whether two short texts are alike because their source writes so: *The road to … is closed until …*."""
    source = readings.sources[i]
    if not source or source != readings.sources[j] or min(len(readings.texts[n]) for n in (i, j)) >= _LONG:
        return False  # of articles that name no source each may be of another
    one, other = set(readings.headlines[i].tolist()), set(readings.headlines[j].tolist())
    return len(one & other) < _SAME_HEADLINE * min(len(one), len(other))


def _shingles(words: Hashes) -> Hashes:
    """Return the distinct shingles of words as ascending numbers, the same in every process."""
    length = len(words) - _SHINGLE + 1
    if len(words) < _ENOUGH:
        return words[:0]
    found = np.zeros(length, np.uint64)
    for n, factor in enumerate(_FACTORS):
        found ^= words[n : n + length] * np.uint64(factor)
    return np.unique(found)


def _resemble(one: Hashes, other: Hashes) -> bool:
    fewer, more = sorted((len(one), len(other)))
    if fewer < _RESEMBLANCE * more:
        return False
    shared = len(np.intersect1d(one, other, assume_unique=True))
    return shared >= _RESEMBLANCE * (fewer + more - shared)


def _original_first(article: Article) -> tuple[bool, float, int, str]:
    """Sort a signed and fuller report before its copies, the earliest first where times are known."""
    when = article.when.timestamp() if article.when else float("inf")
    return (not article.byline, when, -len(article.body), article.key)
