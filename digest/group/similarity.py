"""Say how alike texts are, all of a block at once; knows rows of numbers only, never an article."""

from __future__ import annotations

import numpy as np

from digest.group.texts import Floats, Ints, Texts, ranges

#: A term in more than this share of a block is multiplied densely, the others pair by pair.
_DENSE = 0.05
#: Products made at a time: bounds memory.
_CHUNK = 4_000_000
#: Rows copied at a time: few enough for the processor's cache.
_MIRRORED = 256


def products(texts: Texts, members: Ints) -> Floats:
    """Return the dot products of these members' rows with one another; what a row has with itself means nothing."""
    size = len(members)
    rows, terms, weights = _postings(texts, members)
    order = np.argsort(terms, kind="stable")
    rows, terms, weights = rows[order], terms[order], weights[order]
    _, terms, held = np.unique(terms, return_inverse=True, return_counts=True)
    common = held > max(8, _DENSE * size)
    meanings = texts.meanings[members]
    found: Floats = meanings @ meanings.T
    _add_common(found, rows, terms, weights, common)
    _add_rare(found, rows, terms, weights, held, common)
    return found


def _postings(texts: Texts, members: Ints) -> tuple[Ints, Ints, Floats]:
    """Return row in the block, term and weight of every posting of the members."""
    lengths = np.diff(texts.starts)[members]
    places = ranges(texts.starts[members], lengths)
    return np.repeat(np.arange(len(members)), lengths), texts.terms[places], texts.weights[places]


def _add_common(found: Floats, rows: Ints, terms: Ints, weights: Floats, common: np.ndarray) -> None:
    chosen = common[terms]
    if not chosen.any():
        return
    columns = np.cumsum(common) - 1
    dense = np.zeros((len(found), int(common.sum())), np.float32)
    dense[rows[chosen], columns[terms[chosen]]] = weights[chosen]
    found += dense @ dense.T


def _add_rare(found: Floats, rows: Ints, terms: Ints, weights: Floats, held: Ints, common: np.ndarray) -> None:
    """Add the products of terms that few share: for each posting, the postings of its term after it."""
    ends = np.cumsum(held)
    chosen = np.flatnonzero(~common[terms])
    lengths = ends[terms[chosen]] - chosen - 1
    flat = found.reshape(-1)
    bounds = np.searchsorted(np.cumsum(lengths), np.arange(0, int(lengths.sum()) + _CHUNK, _CHUNK))
    for low, high in zip(bounds, [*bounds[1:], len(chosen)], strict=True):
        part, counts = chosen[low:high], lengths[low:high]
        others = ranges(part + 1, counts)
        here = np.repeat(part, counts)
        np.add.at(flat, rows[here] * len(found) + rows[others], weights[here] * weights[others])
    _mirror(found)


def _mirror(found: Floats) -> None:
    """Copy what lies above the diagonal below it."""
    for low in range(0, len(found), _MIRRORED):
        high = low + _MIRRORED
        found[high:, low:high] = found[low:high, high:].T
        square = np.triu(found[low:high, low:high])
        found[low:high, low:high] = square + np.triu(square, 1).T
