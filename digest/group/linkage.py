"""Join what is alike by average linkage, then part what only hangs together; knows a matrix, never an article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from digest.group.texts import Floats, Ints

#: Two parts of at least this many stay one story only if they are as alike, between them, as this share of the
#: looser one is within.
_PART, _HANGS_TOGETHER = 3, 0.4
#: Likeness assumed within a part, and the number of pairs that this assumption is worth.
_WITHIN, _WITHIN_PAIRS = 0.5, 3.0


@dataclass(slots=True)
class Node:
    """A cluster in the tree of joins."""

    members: list[int]
    within: float = 0.0  #: sum of similarities over its pairs
    between: float = 1.0  #: mean similarity of its two parts
    parts: tuple[Node, Node] | None = None

    @property
    def cohesion(self) -> float:
        """Mean similarity of its pairs, drawn to what is assumed where they are few."""
        pairs = len(self.members) * (len(self.members) - 1) / 2
        return (self.within + _WITHIN * _WITHIN_PAIRS) / (pairs + _WITHIN_PAIRS)


def link(means: Floats, nodes: list[Node], threshold: float) -> list[Node]:
    """Return the trees of nodes whose mean similarity reaches the threshold; ``means`` is used up.

    Average linkage (UPGMA) by nearest-neighbour chains (Murtagh 1983), exact and quadratic; a node counts as many
    texts as it has.
    """
    return _chain(means, list(nodes), threshold)


def contracted(similarity: Floats, held: Sequence[Ints]) -> Floats:
    """Return the mean similarities between sets of rows."""
    order = np.concatenate(held)
    sizes = np.array([len(rows) for rows in held])
    first = np.cumsum(sizes) - sizes
    summed = np.add.reduceat(similarity[np.ix_(order, order)], first, axis=0)
    means = np.add.reduceat(summed, first, axis=1) / np.outer(sizes, sizes)
    return np.asarray(means, np.float32)


def parted(tree: Node) -> list[Node]:
    """Return the tree as one cluster, or the parts that only hang together."""
    found, waiting = [], [tree]
    while waiting:
        node = waiting.pop()
        if node.parts and _falls_apart(node, *node.parts):
            waiting.extend(node.parts)
        else:
            found.append(node)
    return found


def _chain(matrix: Floats, nodes: list[Node], threshold: float) -> list[Node]:
    """Join nodes along chains of nearest neighbours; return the trees that are left."""
    np.fill_diagonal(matrix, -np.inf)
    done: list[Node] = []
    waiting = dict.fromkeys(range(len(nodes)))
    chain: list[int] = []
    while waiting:
        if not chain:
            chain.append(next(iter(waiting)))
        last = chain[-1]
        best = int(matrix[last].argmax())
        mean = float(matrix[last, best])
        if mean < threshold:
            done.append(nodes[last])
            del waiting[last]
            chain.pop()
            matrix[last] = matrix[:, last] = -np.inf
        elif len(chain) > 1 and mean <= matrix[last, chain[-2]]:
            chain.pop()
            _join(matrix, nodes, last, chain.pop())
            del waiting[last]
        else:
            chain.append(best)
    return done


def _join(matrix: Floats, nodes: list[Node], gone: int, kept: int) -> None:
    """Put one node into another, and their row of means with it (Lance & Williams 1967)."""
    a, b = nodes[gone], nodes[kept]
    between = float(matrix[gone, kept])
    share = np.float32(len(a.members) / (len(a.members) + len(b.members)))
    row: Floats = matrix[gone] * share + matrix[kept] * (np.float32(1) - share)
    row[kept] = row[gone] = -np.inf
    matrix[kept] = matrix[:, kept] = row
    matrix[gone] = matrix[:, gone] = -np.inf
    within = a.within + b.within + between * len(a.members) * len(b.members)
    nodes[kept] = Node(a.members + b.members, within, between, (a, b))


def _falls_apart(node: Node, one: Node, other: Node) -> bool:
    if min(len(one.members), len(other.members)) < _PART:
        return False
    return node.between < _HANGS_TOGETHER * min(one.cohesion, other.cohesion)
