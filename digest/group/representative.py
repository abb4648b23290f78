"""Choose the article that stands for a story, and the order of the others; knows no score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from digest.group.words import terms
from digest.model import Article

#: What closeness to the core counts, another angle, and an outlet not yet heard.
_CORE, _ANGLE, _OUTLET = 1.0, 0.4, 0.4
#: So many reports are put in order carefully; nobody reads further.
_CAREFULLY = 40


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
    ranked = sorted(reports, key=lambda a: (pins.get(a.key, 0), -core[a.key] / most - _finish(a), a.headline, a.key))
    return _spread(ranked[:_CAREFULLY], words, {k: v / most for k, v in core.items()}) + ranked[_CAREFULLY:]


def _spread(ranked: list[Article], words: dict[str, frozenset[str]], core: dict[str, float]) -> list[Article]:
    """Return the first as it is, then again and again what is close to the core and unlike what was chosen."""
    chosen, waiting = ranked[:1], {a.key: a for a in ranked[1:]}
    likeness = dict.fromkeys(waiting, 0.0)
    sources: Counter[str] = Counter()
    while waiting:
        last = chosen[-1]
        sources[last.source] += 1
        for key in waiting:
            likeness[key] = max(likeness[key], _likeness(words[key], words[last.key]))
        value = {
            key: _CORE * core[key] - _ANGLE * likeness[key] - _OUTLET * sources[a.source] for key, a in waiting.items()
        }
        chosen.append(waiting.pop(min(waiting, key=lambda key: (-value[key], waiting[key].headline, key))))
    return chosen


def _finish(article: Article) -> float:
    """Say how fit an article is to stand first, beside its closeness to the core: 0…0.6."""
    words = len(article.headline.split())
    whole = 4 <= words <= 20 and not article.headline.rstrip().endswith(("...", "…"))
    signs = (bool(article.byline), bool(article.image), bool(article.dek or article.body), 5 / (5 + article.position))
    return 0.2 * whole + 0.1 * sum(signs)


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / (min(len(one), len(other)) or 1)
