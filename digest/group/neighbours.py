"""Find the texts nearest to each text: all compared where they are few, else those that share telling terms."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from digest.group.similarity import products
from digest.group.texts import Floats, Ints, Texts, ranges

#: Up to this many texts are all compared with one another.
WHOLE = 4000
#: Neighbours kept of each text, and the least likeness of one.
_NEIGHBOURS, _LEAST = 10, 0.15
#: Terms a text is looked up by, its weightiest.
_KEYS = 16
#: Pairs looked at for each text: terms that many share are left out, the commonest first, until so many remain.
_PAIRS, _PAIRS_AT_LEAST = 80, 1_000_000
#: Rows searched at a time: bounds memory, and keeps a pair's number below 2³¹ up to two million texts.
_ROWS = 1000
#: Pairs of vectors multiplied at a time: few enough to stay in the processor's cache, a third of the time.
_VECTORS = 1000


@dataclass(frozen=True, slots=True)
class Near:
    """Neighbours: ``others[n]`` is near ``rows[n]``, which is ascending."""

    rows: Ints
    others: Ints
    values: Floats


def nearest(texts: Texts) -> Near:
    """Return the neighbours of each text that are alike at all."""
    found = _by_comparing(texts) if len(texts) <= WHOLE else _by_terms(texts)
    return Near(*(np.concatenate(parts) for parts in zip(*found, strict=True)))


def _by_comparing(texts: Texts) -> list[tuple[Ints, Ints, Floats]]:
    matrix = products(texts, np.arange(len(texts)))
    np.fill_diagonal(matrix, -1)
    count = min(_NEIGHBOURS, len(texts) - 1)
    others = np.argpartition(-matrix, count - 1, axis=1)[:, :count].ravel()
    rows = np.repeat(np.arange(len(texts)), count)
    values = matrix[rows, others]
    keep = values > _LEAST
    return [(rows[keep], others[keep], values[keep])]


def _by_terms(texts: Texts) -> list[tuple[Ints, Ints, Floats]]:
    rows, terms, weights = _keys(texts)
    order = np.lexsort((rows, terms))
    rows, terms, weights = rows[order], terms[order], weights[order]
    held = np.bincount(terms)
    keep = ((held > 1) & (held <= _commonest(held, _PAIRS_AT_LEAST + _PAIRS * len(texts))))[terms]
    rows, terms, weights = rows[keep], terms[keep], weights[keep]
    first = np.searchsorted(terms, np.arange(len(held)))
    by_row = np.argsort(rows, kind="stable")
    bounds = np.searchsorted(rows[by_row], np.arange(0, len(texts) + _ROWS, _ROWS))
    return [
        _of_rows(texts, rows, weights, first[terms], held[terms], by_row[low:high])
        for low, high in itertools.pairwise(bounds)
    ]


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


def _of_rows(
    texts: Texts, rows: Ints, weights: Floats, first: Ints, held: Ints, part: Ints
) -> tuple[Ints, Ints, Floats]:
    """Return the neighbours of the rows that these postings belong to."""
    others = ranges(first[part], held[part])
    here = np.repeat(part, held[part])
    base = int(rows[part[0]]) if len(part) else 0
    pairs, values = _summed((rows[here] - base) * len(texts) + rows[others], weights[here] * weights[others])
    left, right = base + pairs // len(texts), pairs % len(texts)
    values += _alike_in_meaning(texts.meanings, left, right)
    keep = (left != right) & (values > _LEAST)
    left, right, values = left[keep], right[keep], values[keep]
    order = np.lexsort((right, -values, left))
    order = order[np.arange(len(order)) - np.searchsorted(left[order], left[order]) < _NEIGHBOURS]
    return left[order], right[order], values[order]


def _alike_in_meaning(meanings: Floats, left: Ints, right: Ints) -> Floats:
    """Return the dot product of each pair of rows."""
    found = np.empty(len(left), np.float32)
    for low in range(0, len(left), _VECTORS):
        part = slice(low, low + _VECTORS)
        np.einsum("ij,ij->i", meanings[left[part]], meanings[right[part]], out=found[part])
    return found


def _summed(keys: Ints, values: Floats) -> tuple[Ints, Floats]:
    """Return each distinct key, below 2³¹, and the sum of its values, above 0.

    Key and value are sorted as one number: a third of the time of sorting by key and keeping places.
    """
    packed = (keys << 32) | values.view(np.uint32).astype(np.int64)
    packed.sort()
    keys, values = packed >> 32, (packed & 0xFFFFFFFF).astype(np.uint32).view(np.float32)
    first = np.flatnonzero(np.diff(keys, prepend=-1))
    return keys[first], np.add.reduceat(values, first) if len(first) else values[:0]
