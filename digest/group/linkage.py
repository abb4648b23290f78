"""Join what is alike by average linkage, then part what only hangs together; knows a matrix, never an article."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from digest.group.texts import Floats

#: Two parts of at least this many stay one story only if they are as alike, between them, as this share of the
#: looser one is within.
_PART, _HANGS_TOGETHER = 3, 0.5
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


def clusters(similarity: Floats, threshold: float, joined: list[list[int]] | None = None) -> list[list[int]]:
    """Return the clusters of a similarity matrix as sorted lists of rows.

    Average linkage (UPGMA) by nearest-neighbour chains (Murtagh 1983), exact and quadratic, stopping where no mean
    similarity reaches the threshold. ``joined`` names rows that are one from the start. The matrix is used up.
    """
    nodes = [Node(members) for members in _starting(len(similarity), joined)]
    matrix: Floats = _contracted(similarity, nodes) if joined else similarity
    trees = _chain(matrix, nodes, threshold)
    return sorted(sorted(node.members) for tree in trees for node in _parted(tree))


def _starting(size: int, joined: list[list[int]] | None) -> list[list[int]]:
    taken = {n for members in joined or [] for n in members}
    return [*(joined or []), *([n] for n in range(size) if n not in taken)]


def _contracted(similarity: Floats, nodes: list[Node]) -> Floats:
    """Return the mean similarities between nodes."""
    order = np.concatenate([node.members for node in nodes]).astype(np.int64)
    sizes = np.array([len(node.members) for node in nodes])
    first = np.cumsum(sizes) - sizes
    summed = np.add.reduceat(similarity[np.ix_(order, order)], first, axis=0)
    means = np.add.reduceat(summed, first, axis=1) / np.outer(sizes, sizes)
    return np.asarray(means, np.float32)


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


def _parted(tree: Node) -> list[Node]:
    """Return the tree as one cluster, or the parts that only hang together."""
    found, waiting = [], [tree]
    while waiting:
        node = waiting.pop()
        if node.parts and _falls_apart(node, *node.parts):
            waiting.extend(node.parts)
        else:
            found.append(node)
    return found


def _falls_apart(node: Node, one: Node, other: Node) -> bool:
    if min(len(one.members), len(other.members)) < _PART:
        return False
    return node.between < _HANGS_TOGETHER * min(one.cohesion, other.cohesion)
