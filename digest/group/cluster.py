"""Cluster texts: cut them into blocks, link within each, learn what tells stories apart, link again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from digest.group.blocks import blocks
from digest.group.linkage import Node, contracted, link, parted
from digest.group.mixing import condensed, smoothed
from digest.group.neighbours import Near, nearest
from digest.group.similarity import products
from digest.group.texts import Counts, Floats, Ints, Texts, borrowing, clearness, loudness, scaled, weigh

Pair = tuple[int, int]

#: Mean similarity at which reports are one story, in the first pass and in the second.
_FIRST, _SECOND = 0.2, 0.18
#: Added to it in the second pass where all reports of the first stood alone: the rarer stories of many reports are,
#: the likelier two that are alike only share a topic (Bayes).
_ALONE = 0.3
#: What is assumed of a term's pairs of texts that are in one story, and how many pairs that is worth.
_SAME, _SAME_PAIRS = 0.5, 16.0
#: What a term that tells no story apart still counts.
_LEAST = 0.2
#: Rounds across blocks end when one leaves more than this share of the clusters.
_SHRINKS = 0.95
#: The likeness of what must be kept apart: no mean with it reaches a threshold.
_NEVER = -1e9


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
    groups = _united(links, size)
    if groups:  # an editor merges stories, not articles: what each is with stays with it
        stories = cluster(counts, replace(links, together=()), cohesion)
        groups = _united(replace(links, together=_whole(groups, stories, links.apart)), size)
    clear = clearness(counts)
    texts = scaled(weigh(counts, kinds=links.kinds), clear)
    near, manner = nearest(texts), _Manner(_FIRST + cohesion, clear)
    first = _linked(texts, near, groups, links, manner)
    borrows = borrowing(counts, _alone(first))
    if borrows is not None:
        first = _linked(texts, near, groups, links, replace(manner, borrows=borrows))
    texts = scaled(weigh(counts, _telling(counts, first), links.kinds), clear)
    loud = loudness(counts) if clear is None else loudness(counts) * clear
    manner = _Manner(_SECOND + _ALONE * _alone(first) + cohesion, loud, borrows)
    return _linked(texts, nearest(texts), groups, links, manner)


@dataclass(frozen=True, slots=True)
class _Manner:
    """How texts are linked."""

    threshold: float
    loud: Floats | None  #: a factor for each text's likeness to any other; None: all are 1
    borrows: Floats | None = None  #: a factor for what each text borrows from its neighbours; None: all are 1


def _alone(stories: Sequence[Sequence[int]]) -> float:
    """Return the share of reports that stand alone."""
    return sum(len(story) == 1 for story in stories) / sum(map(len, stories))


def _linked(texts: Texts, near: Near, groups: Sequence[list[int]], links: Links, manner: _Manner) -> list[list[int]]:
    """Link the texts of each block, then the clusters across blocks, then part what only hangs together."""
    texts = scaled(smoothed(texts, near, manner.borrows), manner.loud)
    parts = blocks(len(texts), near, groups)
    trees: list[Node] = []
    for block in parts:
        trees += _linked_block(products(texts, block), block, groups, links, manner.threshold)
    if len(parts) > 1:
        trees = _linked_across(texts, trees, links, manner.threshold)
    return sorted(sorted(node.members) for tree in trees for node in parted(tree))


def _linked_block(
    alike: Floats, block: Ints, groups: Sequence[list[int]], links: Links, threshold: float
) -> list[Node]:
    inside = set(block.tolist())
    joined = [group for group in groups if group[0] in inside]
    taken = {row for group in joined for row in group}
    nodes = [Node(group) for group in (*joined, *([row] for row in block.tolist() if row not in taken))]
    if joined:
        alike = contracted(alike, [np.searchsorted(block, node.members) for node in nodes])
    _forbid(alike, nodes, links)
    return link(alike, nodes, threshold)


def _linked_across(texts: Texts, trees: list[Node], links: Links, threshold: float) -> list[Node]:
    """Link clusters of different blocks as if there had been none, until no more come together."""
    while True:
        rows = condensed(texts, [tree.members for tree in trees])
        before = len(trees)
        parts, found = blocks(before, nearest(rows)), list[Node]()
        for block in parts:
            nodes = [trees[n] for n in block]
            means = products(rows, block)
            _forbid(means, nodes, links)
            found += link(means, nodes, threshold)
        trees = found
        if len(parts) == 1 or len(trees) > _SHRINKS * before:
            return trees


def _forbid(means: Floats, nodes: list[Node], links: Links) -> None:
    """Make nodes unlike that are of two languages or to be kept apart."""
    if links.kinds is not None:
        kinds = np.array([links.kinds[node.members].max() for node in nodes])
        means[(kinds[:, None] != kinds) & (kinds[:, None] > 0) & (kinds > 0)] = 0
    named = {row for pair in links.apart for row in pair}
    place = {row: n for n, node in enumerate(nodes) for row in node.members if row in named}
    for a, b in links.apart:
        if a in place and b in place:
            means[place[a], place[b]] = means[place[b], place[a]] = _NEVER


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


def _whole(
    groups: Iterable[Sequence[int]], stories: Iterable[Sequence[int]], apart: Iterable[Pair]
) -> tuple[Pair, ...]:
    """Return the pairs that keep sets together with the stories their rows are in by themselves: none is torn.

    A row that must not be with one of the set is left out of it.
    """
    story = {row: members for members in stories for row in members}
    parted = {frozenset(pair) for pair in apart}
    found: list[Pair] = []
    for group in groups:
        beside = {row for named in group for row in story[named]}.difference(group)
        free = [row for row in beside if not any(frozenset((row, named)) in parted for named in group)]
        found += [(group[0], row) for row in (*group[1:], *free)]
    return tuple(found)


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
