"""Cluster texts: cut them into blocks, link within each, learn which terms tell stories apart, link again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from digest.group import linkage
from digest.group.blocks import blocks
from digest.group.similarity import similarities
from digest.group.texts import Counts, Floats, Ints, Texts, weigh

Pair = tuple[int, int]

#: Mean similarity at which reports are one story, in the first pass and in the second.
_FIRST, _SECOND = 0.28, 0.22
#: What is assumed of a term's pairs of texts that are in one story, and how many pairs that is worth.
_SAME, _SAME_PAIRS = 0.5, 4.0
#: What a term that tells no story apart still counts.
_LEAST = 0.2


@dataclass(frozen=True, slots=True)
class Links:
    """What an editor or a language decides before any text is read, by row."""

    together: tuple[Pair, ...] = ()
    apart: tuple[Pair, ...] = ()
    kinds: Ints | None = None  #: rows of two kinds above 0 are never alike


def cluster(counts: Counts, links: Links, cohesion: float = 0.0) -> list[list[int]]:
    """Return the stories as sorted lists of rows; ``cohesion`` is added to the similarity they must have."""
    size = len(counts.starts) - 1
    if size < 2:
        return [[n] for n in range(size)]
    texts = weigh(counts)
    first = _linked(texts, links, _FIRST + cohesion)
    texts = weigh(counts, _telling(counts, first))
    return _linked(texts, links, _SECOND + cohesion)


def _linked(texts: Texts, links: Links, threshold: float) -> list[list[int]]:
    found: list[list[int]] = []
    groups = _united(links, len(texts))
    for block in blocks(texts, groups):
        matrix = similarities(texts, block)
        place = {int(row): n for n, row in enumerate(block)}
        _keep_apart(matrix, block, place, links)
        joined = [[place[n] for n in group] for group in groups if group[0] in place]
        found.extend([int(block[n]) for n in members] for members in linkage.clusters(matrix, threshold, joined))
    return found


def _keep_apart(matrix: Floats, block: Ints, place: dict[int, int], links: Links) -> None:
    if links.kinds is not None:
        kinds = links.kinds[block]
        foreign = (kinds[:, None] != kinds[None, :]) & (kinds[:, None] > 0) & (kinds[None, :] > 0)
        matrix[foreign] = 0
    for a, b in links.apart:
        if a in place and b in place:
            matrix[place[a], place[b]] = matrix[place[b], place[a]] = -1e9


def _united(links: Links, size: int) -> list[list[int]]:
    """Return the sets of rows that must be one story; a pair that must not be is stronger."""
    root = list(range(size))
    members = {n: [n] for n in {n for pair in links.together for n in pair}}
    apart = {frozenset(pair) for pair in links.apart}
    for a, b in sorted(links.together):
        one, other = root[a], root[b]
        if one == other or any(frozenset((x, y)) in apart for x in members[one] for y in members[other]):
            continue
        for n in members[other]:
            root[n] = one
        members[one] += members.pop(other)
    return [sorted(group) for group in members.values() if len(group) > 1]


def _telling(counts: Counts, stories: Iterable[Sequence[int]]) -> Floats:
    """Return for each term how well it tells stories apart: the share of its pairs of texts that are in one."""
    story = np.empty(len(counts.starts) - 1, np.int64)
    for n, members in enumerate(stories):
        story[list(members)] = n
    width = int(story.max()) + 1
    held = np.bincount(counts.terms, minlength=len(counts.lexical)).astype(np.float64)
    cells, sizes = np.unique(counts.terms * width + story[counts.rows], return_counts=True)
    same = np.bincount(cells // width, sizes * (sizes - 1.0), minlength=len(held))
    share = (same + _SAME * _SAME_PAIRS) / (held * (held - 1) + _SAME_PAIRS)
    return (_LEAST + share).astype(np.float32)
