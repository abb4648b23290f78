"""Cut many texts into blocks within which stories lie, so that exact linkage stays affordable; knows no story."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from digest.group.neighbours import WHOLE, Near
from digest.group.texts import Ints

#: Blocks of more texts than are compared whole have at most this many.
_MOST = 1000


def blocks(size: int, near: Near, joined: Sequence[Sequence[int]] = ()) -> list[Ints]:
    """Return ``size`` rows in blocks, each ascending; rows in ``joined`` share a block.

    Strong neighbours are put together first, as far as a block's size allows (single linkage with a bound).
    """
    if size <= WHOLE:
        return [np.arange(size)]
    sets = _Sets(size)
    for group in joined:
        for other in group[1:]:
            sets.join(group[0], other, size)
    for n in np.lexsort((near.others, near.rows, -near.values)).tolist():
        sets.join(int(near.rows[n]), int(near.others[n]), _MOST)
    return _packed(sets)


class _Sets:
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


def _packed(sets: _Sets) -> list[Ints]:
    """Return the sets, small ones put together so that few blocks are left."""
    held: dict[int, list[int]] = {}
    for n in range(len(sets.parent)):
        held.setdefault(sets.find(n), []).append(n)
    found: list[list[int]] = [[]]
    for members in held.values():
        if found[-1] and len(found[-1]) + len(members) > _MOST:
            found.append([])
        found[-1] += members
    return [np.array(sorted(members), np.int64) for members in found]
