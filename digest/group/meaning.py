"""Say what texts mean by static vectors, less what all texts of a day mean; knows a text's words by number alone."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from digest.group.lexicon import lexicon

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

#: Share of the day's mean that is taken off a meaning: on a day of politics two texts are not of one story because
#: both are politics (the corpus's common part: Arora, Liang & Ma, ICLR 2017).
_OFF = 0.7
#: Where there are few stories the mean is theirs, and less of it is taken off: that share is halved where two texts are
#: alike by 1/20 on the mean, and where there are 20 texts.
_FEW_STORIES, _FEW_TEXTS = 20.0, 20.0
#: Vectors summed at a time: few enough to stay in the processor's cache, half of the time.
_VECTORS = 2_000


def means(words: Ints, weight: Floats, rows: Ints, size: int) -> Floats:
    """Return the weighted mean of each row's word vectors, of length 1, or 0 where no word has one."""
    known = lexicon()
    held = np.flatnonzero((words >= 0) & (words < len(known.vectors)))
    words = words[held]
    return _unit(summed(known.vectors, words, weight[held] * known.scales[words], rows[held], size))


def understood(words: Ints, weight: Floats, rows: Ints, size: int) -> Floats:
    """Return the share of each row's squared weight that lies on words with a vector: names have none."""
    held = (words >= 0) & (words < len(lexicon().vectors))
    square = weight**2
    whole = np.bincount(rows, square, minlength=size)
    return np.asarray(np.bincount(rows, square * held, minlength=size) / np.maximum(whole, 1e-9), np.float32)


def apart(meanings: Floats, alike: float) -> Floats:
    """Return the meanings less what they have in common; ``alike`` is how alike two texts are by their terms."""
    has = np.any(meanings, axis=1, keepdims=True)
    told = int(has.sum())
    share = _OFF / (1 + _FEW_STORIES * alike) * told / (told + _FEW_TEXTS)
    common = meanings.sum(axis=0, dtype=np.float64) / max(told, 1)
    return _unit(np.where(has, meanings - share * common, 0).astype(np.float32))


def summed(vectors: npt.NDArray[np.float32 | np.int8], chosen: Ints, weights: Floats, rows: Ints, size: int) -> Floats:
    """Return for each of ``size`` rows the weighted sum of the vectors chosen for it; ``rows`` is ascending."""
    found = np.zeros((size, vectors.shape[1]), np.float32)
    for part in np.array_split(np.arange(len(rows)), len(rows) // _VECTORS + 1):
        first = np.flatnonzero(np.diff(rows[part], prepend=-1))
        if len(first):
            sums = np.add.reduceat(vectors[chosen[part]] * weights[part, None], first, axis=0)
            found[rows[part[first]]] += sums
    return found


def _unit(vectors: Floats) -> Floats:
    """Return the rows at length 1; what has none stays 0."""
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.float32(1e-9))
    return vectors
