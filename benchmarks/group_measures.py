"""How good a grouping is, and how right its lead.

B-cubed: Bagga & Baldwin, 'Entity-based cross-document coreferencing using the vector space model', COLING-ACL 1998.
Pairwise F1: over all pairs of articles, that both put into one story (Manning, Raghavan & Schütze 2008, §16.3).
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Sequence

from digest.group.words import terms
from digest.model import Article

Labels = Sequence[str]
Stories = Sequence[Sequence[int]]


def f1(precision: float, recall: float) -> float:
    """Return the harmonic mean."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def scores(labels: Labels, stories: Stories) -> dict[str, float]:
    """Return B-cubed precision, recall and F1, and pairwise F1."""
    sizes = Counter(labels)
    cells = [(Counter(labels[n] for n in story), len(story)) for story in stories]
    precision = sum(k * k / size for told, size in cells for k in told.values()) / len(labels)
    recall = sum(k * k / sizes[label] for told, _ in cells for label, k in told.items()) / len(labels)
    both = sum(_pairs(k) for told, _ in cells for k in told.values())
    made, true = sum(_pairs(size) for _, size in cells), sum(map(_pairs, sizes.values()))
    pairs = f1(both / made if made else 1.0, both / true if true else 1.0)
    return {"B³ P": precision, "B³ R": recall, "B³ F1": f1(precision, recall), "pair F1": pairs}


def lead(articles: Sequence[Article], labels: Labels, stories: Stories) -> dict[str, float]:
    """Return whether the first story is one with most sources, its purity, and stories told twice in the top ten.

    Sources are counted by name, or with near-verbatim headlines taken as one: either count may name the lead.
    """
    by_name: dict[str, set[str]] = defaultdict(set)
    originals: dict[str, list[set[str]]] = defaultdict(list)
    for article, label in zip(articles, labels, strict=True):
        by_name[label].add(article.source)
        words = set(terms(article.headline))
        if not any(len(words & other) >= 0.8 * len(words | other) for other in originals[label]):
            originals[label].append(words)
    tops = [Counter(labels[n] for n in story).most_common(1)[0] for story in stories[:10]]
    first, held = tops[0]
    counts = ({k: len(v) for k, v in by_name.items()}, {k: len(v) for k, v in originals.items()})
    return {
        "lead right": float(any(count[first] == max(count.values()) for count in counts)),
        "lead pure": held / len(stories[0]),
        "twice in ten": float(len(tops) - len({label for label, _ in tops})),
    }


def day(labels: Labels, seed: int) -> list[int]:
    """Return the articles of a simulated day: of every story one to forty, by a heavy tail, many just one."""
    dice, by_label = random.Random(seed), defaultdict(list)
    for n, label in enumerate(labels):
        by_label[label].append(n)
    chosen = []
    for label in sorted(by_label):
        size = min(len(by_label[label]), 40, max(1, int(dice.paretovariate(0.75))))
        chosen += dice.sample(by_label[label], size)
    dice.shuffle(chosen)
    return chosen


def _pairs(count: int) -> int:
    return count * (count - 1) // 2
