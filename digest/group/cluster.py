"""Join what is alike by average linkage on a sparse graph; knows numbers only, never an article."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping

Pair = tuple[int, int]


def average_linkage(
    count: int,
    similarities: Mapping[Pair, float],
    *,
    threshold: float,
    together: Iterable[Pair] = (),
    apart: Iterable[Pair] = (),
) -> list[list[int]]:
    """Return clusters of ``count`` items whose mean similarity reaches the threshold, as sorted lists.

    Pairs (i < j) that are not named have similarity 0. Pairs in ``apart`` are never in one cluster; pairs in
    ``together`` always are, unless that would break one of ``apart``. UPGMA: Sokal & Michener (1958).
    """
    state = _Linkage(count, similarities, apart)
    for i, j in sorted(together):
        state.join_named(i, j)
    state.run(threshold)
    return sorted(sorted(members) for members in state.members.values())


class _Linkage:
    """Clusters under way: sums of similarities between neighbours, and a heap of candidate joins."""

    def __init__(self, count: int, similarities: Mapping[Pair, float], apart: Iterable[Pair]) -> None:
        self.members: dict[int, list[int]] = {n: [n] for n in range(count)}
        self.sums: list[dict[int, float]] = [{} for _ in range(count)]
        for (i, j), value in similarities.items():
            self.sums[i][j] = self.sums[j][i] = value
        self.apart: dict[int, set[int]] = {}
        for i, j in apart:
            self.apart.setdefault(i, set()).add(j)
            self.apart.setdefault(j, set()).add(i)

    def join_named(self, i: int, j: int) -> None:
        """Join the clusters of two items unless they are the same or to be kept apart."""
        a, b = (next(c for c, members in self.members.items() if n in members) for n in (i, j))
        if a != b and not self._kept_apart(a, b):
            self._join(a, b)

    def run(self, threshold: float) -> None:
        """Join the most alike pair of clusters again and again, while it reaches the threshold."""
        heap = [
            (-self._mean(i, j), i, j)
            for i in self.members
            for j in self.sums[i]
            if i < j and self._mean(i, j) >= threshold
        ]
        heapq.heapify(heap)
        while heap:
            negative, i, j = heapq.heappop(heap)
            if i not in self.members or j not in self.members or self._mean(i, j) != -negative:
                continue
            if self._kept_apart(i, j):
                continue
            joined = self._join(i, j)
            for other in self.sums[joined]:
                mean = self._mean(joined, other)
                if mean >= threshold:
                    heapq.heappush(heap, (-mean, min(joined, other), max(joined, other)))

    def _mean(self, i: int, j: int) -> float:
        return self.sums[i][j] / (len(self.members[i]) * len(self.members[j]))

    def _kept_apart(self, i: int, j: int) -> bool:
        small, large = sorted((self.members[i], self.members[j]), key=len)
        return any(not self.apart.get(n, set()).isdisjoint(large) for n in small) if self.apart else False

    def _join(self, i: int, j: int) -> int:
        """Put the cluster with fewer neighbours into the other one and return the number that is left."""
        if (len(self.sums[i]), j) < (len(self.sums[j]), i):
            i, j = j, i
        self.members[i] += self.members.pop(j)
        self.sums[i].pop(j, None)
        for other, value in self.sums[j].items():
            if other != i:
                self.sums[i][other] = self.sums[i].get(other, 0.0) + value
                self.sums[other][i] = self.sums[i][other]
                del self.sums[other][j]
        self.sums[j] = {}
        return i
