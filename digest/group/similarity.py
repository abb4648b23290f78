"""Say how alike texts are, all of a block at once; knows rows of numbers only, never an article."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from digest.group.texts import Floats, Ints, Texts

#: A term in more than this share of a block is multiplied densely, the others pair by pair.
_DENSE = 0.05
#: Products made at a time: bounds memory.
_CHUNK = 4_000_000
#: Neighbours by which a text is smoothed, the likeness that counts nothing, and what the rest counts.
_NEIGHBOURS, _FLOOR, _SMOOTHING = 10, 0.1, 0.5


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike the texts of a block are, each seen with its neighbours."""

    matrix: Floats  #: symmetric, 1 on its diagonal
    near: Ints  #: each text's neighbours in the block
    pull: Floats  #: how much of each neighbour is added
    lengths: Floats  #: by which the sum is divided

    def shares(self, story: Ints) -> Floats:
        """Return how much of each text its story is made of, neighbours in other stories left out."""
        own = (1 - _FLOOR) / self.lengths
        inside = story[:, None] == story[self.near]
        pulled = (self.pull / self.lengths[:, None]) * inside
        lent = np.bincount(self.near.ravel(), pulled.ravel(), minlength=len(story))
        return np.asarray(own + lent, np.float32)


def likeness(texts: Texts, members: Ints) -> Likeness:
    """Return how alike these members of ``texts`` are.

    A headline is a handful of words; its nearest neighbours' words, weighted by their likeness, are added to it
    before it is compared (document expansion: Singhal & Pereira, SIGIR 1999).
    """
    raw = products(texts, members)
    count = max(0, min(_NEIGHBOURS, len(members) - 1))
    np.fill_diagonal(raw, -1)
    near = np.argpartition(-raw, max(0, count - 1), axis=1)[:, :count]
    pull = np.maximum(np.take_along_axis(raw, near, axis=1) - _FLOOR, 0) * _SMOOTHING
    np.fill_diagonal(raw, 1)
    half = _smoothed(raw, near, pull)
    whole = _smoothed(np.ascontiguousarray(half.T), near, pull)
    lengths = np.sqrt(np.maximum(np.diag(whole), 1e-12))
    whole /= lengths[:, None]
    whole /= lengths[None, :]
    whole += whole.T.copy()
    whole *= np.float32(0.5)
    return Likeness(whole, near, pull, lengths)


def products(texts: Texts, members: Ints) -> Floats:
    """Return the dot products of these members' rows."""
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


def ranges(starts: Ints, lengths: Ints) -> Ints:
    """Return start, start + 1, … for each start and length, one after the other."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    found: Ints = np.arange(total) + np.repeat(starts - (ends - lengths), lengths)
    return found


def _add_common(found: Floats, rows: Ints, terms: Ints, weights: Floats, common: np.ndarray) -> None:
    chosen = common[terms]
    if not chosen.any():
        return
    columns = np.cumsum(common) - 1
    dense = np.zeros((len(found), int(common.sum())), np.float32)
    dense[rows[chosen], columns[terms[chosen]]] = weights[chosen]
    found += dense @ dense.T


def _add_rare(found: Floats, rows: Ints, terms: Ints, weights: Floats, held: Ints, common: np.ndarray) -> None:
    """Add the products of terms that few share: for each posting, all postings of its term."""
    first = np.cumsum(held) - held
    chosen = np.flatnonzero(~common[terms] & (held[terms] > 1))
    lengths = held[terms[chosen]]
    flat = found.reshape(-1)
    bounds = np.searchsorted(np.cumsum(lengths), np.arange(0, int(lengths.sum()) + _CHUNK, _CHUNK))
    for low, high in zip(bounds, [*bounds[1:], len(chosen)], strict=True):
        part, counts = chosen[low:high], lengths[low:high]
        others = ranges(first[terms[part]], counts)
        here = np.repeat(part, counts)
        np.add.at(flat, rows[here] * len(found) + rows[others], weights[here] * weights[others])


def _smoothed(matrix: Floats, near: Ints, pull: Floats) -> Floats:
    mixed = matrix * np.float32(1 - _FLOOR)
    for n in range(near.shape[1]):
        mixed += matrix[near[:, n]] * pull[:, n, None]
    return mixed
