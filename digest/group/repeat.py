"""Tell whether a story was sent before and brings enough new; knows past editions only as values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from digest.group.identity import article_key
from digest.group.rules import Rules
from digest.group.words import terms
from digest.model import Edition, Story

#: Terms of a story that are kept to know it again.
_TERMS = 240
_ADDRESS = "url:"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to become of a story that may have been sent before."""

    repeated: bool  #: it was sent before
    fresh: float  #: share of its facts that were not, 0…1


def fingerprint(story: Story) -> tuple[str, ...]:
    """Return the terms that tell a story again, the most telling first, then its articles' keys."""
    if story.fingerprint:
        return story.fingerprint
    held: Counter[str] = Counter()
    for article in story.articles:
        held.update(dict.fromkeys(terms(article.headline), 3))
        held.update(set(terms(f"{article.dek} {article.body[:1500]}")))
    ranked = sorted(held, key=lambda t: (-held[t] * _weight(t), t))[:_TERMS]
    return (*ranked, *sorted({_ADDRESS + article_key(a) for a in story.articles}))


def marked(story: Story) -> Story:
    """Return the story with its fingerprint."""
    return replace(story, fingerprint=fingerprint(story))


def verdict(story: Story, past: Sequence[Edition], on: date, rules: Rules) -> Verdict:
    """Return whether the last days' stories hold this one, and the share of its facts they do not."""
    since = on - timedelta(days=rules.repeat_days)
    own = fingerprint(story)
    told: set[str] = set()
    for edition in past:
        if edition.date >= since:
            for sent in (*edition.stories, *edition.brief):
                other = fingerprint(sent)
                if likeness(own, other) >= rules.repeat_similarity:
                    told.update(other)
    if not told:
        return Verdict(repeated=False, fresh=1.0)
    facts = [t for t in own if not t.startswith(_ADDRESS)]
    weights = {t: _weight(t) for t in facts}
    new = sum(weight for t, weight in weights.items() if t not in told)
    return Verdict(repeated=True, fresh=new / (sum(weights.values()) or 1.0))


def likeness(own: Sequence[str], other: Sequence[str]) -> float:
    """Return how alike two fingerprints are, 0…1; 1 when they share an article."""
    if any(t.startswith(_ADDRESS) for t in set(own) & set(other)):
        return 1.0
    a, b = _head(own), _head(other)
    shared = sum(_weight(t) for t in a & b)
    return shared / (min(sum(map(_weight, a)), sum(map(_weight, b))) or 1.0)


def _head(terms_: Sequence[str]) -> set[str]:
    return {t for t in terms_[:24] if not t.startswith(_ADDRESS)}


def _weight(term: str) -> float:
    """Return how telling a term is without knowing the day: long words and numbers more than short words."""
    return 2.0 if any(c.isdigit() for c in term) else min(len(term), 8) / 4
