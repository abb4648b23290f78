"""Cut many texts into blocks within which stories lie, so that exact linkage stays affordable; knows no story."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from digest.group.similarity import ranges
from digest.group.texts import Floats, Ints, Texts

#: Up to this many texts are one block: nothing is left out.
_WHOLE = 4000
#: Blocks of more texts than that have at most this many.
_MOST = 1000
#: Terms a text is looked up by, its weightiest.
_KEYS = 16
#: Pairs of texts looked at: terms that many share are left out, the commonest first, until so many remain.
_PAIRS_A_TEXT = 200
#: Neighbours kept, and the least likeness of one.
_NEIGHBOURS, _LEAST = 12, 0.08


def blocks(texts: Texts, joined: Sequence[Sequence[int]] = ()) -> list[Ints]:
    """Return rows in blocks, each ascending; rows in ``joined`` share a block.

    Strong neighbours are put together first, as far as a block's size allows (single linkage with a bound).
    """
    if len(texts) <= _WHOLE:
        return [np.arange(len(texts))]
    roots = _Roots(len(texts))
    for group in joined:
        for other in group[1:]:
            roots.join(group[0], other, len(texts))
    left, right, value = neighbours(texts)
    for n in np.lexsort((right, left, -value)):
        roots.join(int(left[n]), int(right[n]), _MOST)
    return _packed(roots)


def neighbours(texts: Texts) -> tuple[Ints, Ints, Floats]:
    """Return pairs of rows (left < right) that are near each other, and how alike they are."""
    rows, terms, weights = _keys(texts)
    order = np.lexsort((rows, terms))
    rows, terms, weights = rows[order], terms[order], weights[order]
    held = np.bincount(terms)
    usable = (held > 1) & (held <= _commonest(held, _PAIRS_A_TEXT * len(texts)))
    keep = usable[terms]
    rows, terms, weights = rows[keep], terms[keep], weights[keep]
    first = np.searchsorted(terms, np.arange(len(held)))
    by_row = np.argsort(rows, kind="stable")
    bounds = np.searchsorted(rows[by_row], np.arange(0, len(texts) + 2000, 2000))
    found = [
        _nearest(texts, rows, terms, weights, held, first, by_row[low:high]) for low, high in itertools.pairwise(bounds)
    ]
    left, right, value = (np.concatenate(part) for part in zip(*found, strict=True))
    return left, right, value


def _keys(texts: Texts) -> tuple[Ints, Ints, Floats]:
    """Return row, term and weight of the weightiest terms of each text."""
    rows = texts.rows
    order = np.lexsort((texts.terms, -texts.weights, rows))
    place = np.arange(len(order)) - texts.starts[rows]
    chosen = order[place < _KEYS]
    return rows[chosen], texts.terms[chosen], texts.weights[chosen]


def _commonest(held: Ints, budget: int) -> int:
    """Return how many texts may share a term before the pairs they make go over the budget."""
    sizes = np.sort(held)
    within = np.flatnonzero(np.cumsum(sizes.astype(np.float64) ** 2) <= budget)
    return int(sizes[within[-1]]) if len(within) else 0


def _nearest(
    texts: Texts, rows: Ints, terms: Ints, weights: Floats, held: Ints, first: Ints, part: Ints
) -> tuple[Ints, Ints, Floats]:
    """Return the neighbours of the rows that these postings belong to."""
    counts = held[terms[part]]
    others = ranges(first[terms[part]], counts)
    here = np.repeat(part, counts)
    pairs = rows[here] * len(texts) + rows[others]
    products = weights[here] * weights[others]
    distinct = rows[here] < rows[others]
    pairs, which = np.unique(pairs[distinct], return_inverse=True)
    value = np.bincount(which, products[distinct], minlength=len(pairs)).astype(np.float32)
    left, right = pairs // len(texts), pairs % len(texts)
    value += np.einsum("ij,ij->i", texts.meanings[left], texts.meanings[right])
    order = np.lexsort((right, -value, left))
    place = np.arange(len(order)) - np.searchsorted(left[order], left[order])
    keep = order[(place < _NEIGHBOURS) & (value[order] >= _LEAST)]
    return left[keep], right[keep], value[keep]


class _Roots:
    """Disjoint sets with a bound on their size."""

    def __init__(self, size: int) -> None:
        self.parent = list(range(size))
        self.size = [1] * size

    def find(self, n: int) -> int:
        while self.parent[n] != n:
            self.parent[n] = self.parent[self.parent[n]]
            n = self.parent[n]
        return n

    def join(self, a: int, b: int, most: int) -> None:
        a, b = self.find(a), self.find(b)
        if a != b and self.size[a] + self.size[b] <= most:
            a, b = min(a, b), max(a, b)
            self.parent[b] = a
            self.size[a] += self.size[b]


def _packed(roots: _Roots) -> list[Ints]:
    """Return the sets, small ones put together so that few blocks are left."""
    sets: dict[int, list[int]] = {}
    for n in range(len(roots.parent)):
        sets.setdefault(roots.find(n), []).append(n)
    found: list[list[int]] = [[]]
    for members in sets.values():
        if found[-1] and len(found[-1]) + len(members) > _MOST:
            found.append([])
        found[-1] += members
    return [np.array(sorted(members), np.int64) for members in found]
