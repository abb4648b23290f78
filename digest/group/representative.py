"""Choose the article that stands for a story, and the order of the others; knows no score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from digest.group.words import terms
from digest.model import Article


def in_order(reports: Sequence[Article], pinned: Sequence[str] = ()) -> list[Article]:
    """Return a story's reports, its representative first, then other outlets and angles first.

    The representative is the report closest to the story's core with a real headline, a byline and a picture;
    one that an editor pinned always is. What follows trades closeness against likeness to what stands above
    it (maximal marginal relevance: Carbonell & Goldstein 1998).
    """
    words = {a.key: frozenset(terms(f"{a.headline} {a.dek}")) for a in reports}
    seen = Counter(word for own in words.values() for word in own)
    core = {a.key: sum(seen[w] - 1 for w in words[a.key]) / (len(words[a.key]) or 1) ** 0.5 for a in reports}
    most = max(core.values(), default=0.0) or 1.0
    pins = {key: -len(pinned) + n for n, key in enumerate(pinned)}
    waiting = sorted(reports, key=lambda a: (pins.get(a.key, 0), -core[a.key] / most - _finish(a), a.headline, a.key))
    chosen = waiting[:1]
    waiting = waiting[1:]
    likeness = {a.key: 0.0 for a in waiting}
    sources: Counter[str] = Counter()
    while waiting:
        last = chosen[-1]
        sources[last.source] += 1
        for article in waiting:
            likeness[article.key] = max(likeness[article.key], _likeness(words[article.key], words[last.key]))
        best = min(
            waiting,
            key=lambda a: (
                -0.6 * core[a.key] / most + 0.6 * likeness[a.key] + 0.3 * sources[a.source],
                a.headline,
                a.key,
            ),
        )
        waiting.remove(best)
        chosen.append(best)
    return chosen


def _finish(article: Article) -> float:
    """Say how fit an article is to stand first, beside its closeness to the core: 0…0.5."""
    words = len(article.headline.split())
    whole = 4 <= words <= 20 and not article.headline.rstrip().endswith(("...", "…"))
    return (
        0.2 * whole + 0.1 * bool(article.byline) + 0.1 * bool(article.image) + 0.1 * bool(article.dek or article.body)
    )


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / (min(len(one), len(other)) or 1)
