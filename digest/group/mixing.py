"""Make new rows of texts: each seen with its neighbours, or many as their mean; knows no story."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digest.group.meaning import summed
from digest.group.neighbours import Near
from digest.group.texts import Floats, Ints, Texts, ranges

#: The likeness of a neighbour that counts nothing: below it, neighbours share a topic.
_FLOOR = 0.17
#: So many postings, and a row's, are put together at a time: bounds memory.
_POSTINGS = 1_000_000


def smoothed(texts: Texts, near: Near, borrows: Floats | None = None) -> Texts:
    """Return each text with its neighbours' words, weighted by their likeness, added to its own.

    ``borrows`` is a factor for what each text takes. A headline is a handful of words; its neighbours tell what else
    its story says (document expansion: Singhal & Pereira, SIGIR 1999).
    """
    own = np.arange(len(texts))
    taken = np.maximum(near.values - _FLOOR, 0) * (1 if borrows is None else borrows[near.rows])
    told = np.flatnonzero(taken)
    rows, parts = np.concatenate([own, near.rows[told]]), np.concatenate([own, near.others[told]])
    amounts = np.concatenate([np.full(len(own), 1 - _FLOOR), taken[told]]).astype(np.float32)
    order = np.argsort(rows, kind="stable")
    made = _mixed(texts, rows[order], parts[order], amounts[order], len(texts))
    lengths = np.bincount(made.rows, made.weights**2, minlength=len(made)) + np.sum(made.meanings**2, axis=1)
    scale = (1 / np.sqrt(np.maximum(lengths, 1e-12))).astype(np.float32)
    return replace(made, weights=made.weights * scale[made.rows], meanings=made.meanings * scale[:, None])


def condensed(texts: Texts, groups: Sequence[Sequence[int]]) -> Texts:
    """Return a row for each group of texts: the mean of its members."""
    sizes = np.array([len(members) for members in groups])
    parts = np.concatenate([np.asarray(members, np.int64) for members in groups])
    rows = np.repeat(np.arange(len(groups)), sizes)
    return _mixed(texts, rows, parts, (1 / sizes).astype(np.float32)[rows], len(groups))


def _mixed(texts: Texts, rows: Ints, parts: Ints, amounts: Floats, size: int) -> Texts:
    """Return ``size`` rows made of amounts of texts; ``rows`` is ascending."""
    lengths = np.diff(texts.starts)[parts]
    first = np.searchsorted(rows, np.arange(size + 1))  # the first part of each row
    before = np.concatenate([[0], np.cumsum(lengths)])[first]  # the postings that go into the rows before
    cuts = first[[0, *np.searchsorted(before, np.arange(_POSTINGS, before[-1], _POSTINGS)), size]]
    found = [_mixed_terms(texts, rows[a:b], parts[a:b], amounts[a:b]) for a, b in itertools.pairwise(cuts)]
    cells, weights = (np.concatenate(each) for each in zip(*found, strict=True))
    width = int(texts.terms.max(initial=0)) + 1
    starts = np.searchsorted(cells, np.arange(size + 1) * width)
    return Texts(starts, cells % width, weights, summed(texts.meanings, parts, amounts, rows, size))


def _mixed_terms(texts: Texts, rows: Ints, parts: Ints, amounts: Floats) -> tuple[Ints, Floats]:
    """Return row × width + term, ascending, and the weight of what these parts make."""
    lengths = np.diff(texts.starts)[parts]
    places = ranges(texts.starts[parts], lengths)
    width = int(texts.terms.max(initial=0)) + 1
    cells, cell = np.unique(np.repeat(rows, lengths) * width + texts.terms[places], return_inverse=True)
    weights = np.bincount(cell, texts.weights[places] * np.repeat(amounts, lengths), minlength=len(cells))
    return cells, weights.astype(np.float32)
