"""Say how alike two texts are: weighted terms and their sparse products; knows no story and no threshold."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

Vector = dict[str, float]


def vectors(texts: Sequence[list[str]]) -> list[Vector]:
    n = len(texts)
    seen = Counter(term for text in texts for term in set(text))
    made = []
    for text in texts:
        v = {t: (1 + math.log(c)) * math.log((n + 1) / (seen[t] + 0.5)) for t, c in Counter(text).items()}
        length = math.sqrt(sum(x * x for x in v.values())) or 1.0
        made.append({t: x / length for t, x in v.items()})
    return made


def pairs(made: Sequence[Vector]) -> dict[tuple[int, int], float]:
    index: dict[str, list[tuple[int, float]]] = {}
    total: dict[tuple[int, int], float] = {}
    for j, v in enumerate(made):
        for t, x in v.items():
            for i, y in index.setdefault(t, []):
                total[i, j] = total.get((i, j), 0.0) + x * y
            index[t].append((j, x))
    return total
