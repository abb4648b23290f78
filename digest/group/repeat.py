"""Tell whether a story was sent before and brings enough new; knows past editions only as values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from digest.group.identity import article_key
from digest.group.lexicon import UNKNOWN_RARITY, lexicon
from digest.group.rules import Rules
from digest.group.words import terms
from digest.model import Article, Edition, Story

#: Terms of a story that are kept to know it again, and those that are compared.
_KEPT, _COMPARED = 240, 24
#: A term rarer than one word in e⁹ is a fact: a name or a number, most often.
_COMMON, _RARE = 5.0, 9.0
#: How much more a headline's term tells than one of a dek.
_HEADLINE = 3
_ADDRESS = "url:"


@dataclass(frozen=True, slots=True)
class Told:
    """What the last days' editions told of a story."""

    addresses: frozenset[str] = frozenset()  #: keys of its articles
    facts: frozenset[str] = frozenset()

    def is_new(self, article: Article) -> bool:
        """Return whether this report was in none of them."""
        return _ADDRESS + article_key(article) not in self.addresses

    def new_facts(self, articles: Iterable[Article]) -> tuple[float, float]:
        """Return the weight of those facts of these reports that they did not tell, and its share of all."""
        found = facts(articles)
        new = sum(weight for fact, weight in found.items() if fact not in self.facts)
        return new, new / (sum(found.values()) or 1.0)


def fingerprint(story: Story) -> tuple[str, ...]:
    """Return the terms that tell a story again, the most telling first, then its articles' keys."""
    if story.fingerprint:
        return story.fingerprint
    held: Counter[str] = Counter()
    for article in story.articles:
        held.update(dict.fromkeys(terms(article.headline), _HEADLINE))
        held.update(set(_text(article)))
    ranked = sorted(held, key=lambda term: (-held[term] * _weight(term), term))[:_KEPT]
    return (*ranked, *sorted({_ADDRESS + article_key(article) for article in story.articles}))


def marked(story: Story) -> Story:
    """Return the story with its fingerprint."""
    return replace(story, fingerprint=fingerprint(story))


def facts(articles: Iterable[Article]) -> dict[str, float]:
    """Return the names, numbers and rare words of these reports, each with its weight."""
    words = {term for article in articles for term in (*terms(article.headline), *_text(article))}
    return {word: _weight(word) for word in words if _rarity(word) >= _RARE}


def told(story: Story, past: Sequence[Edition], on: date, rules: Rules) -> Told | None:
    """Return what the editions of the last days told of this story, None where they had nothing like it."""
    since = on - timedelta(days=rules.repeat_days)
    own = fingerprint(story)
    known: set[str] = set()
    for edition in past:
        if edition.date >= since:
            for sent in (*edition.stories, *edition.brief):
                other = fingerprint(sent)
                if likeness(own, other) >= rules.repeat_similarity:
                    known.update(other)
    if not known:
        return None
    addresses = frozenset(term for term in known if term.startswith(_ADDRESS))
    return Told(addresses, frozenset(known) - addresses)


def likeness(own: Sequence[str], other: Sequence[str]) -> float:
    """Return how alike two fingerprints are, 0…1; 1 when they share an article."""
    if any(term.startswith(_ADDRESS) for term in set(own) & set(other)):
        return 1.0
    a, b = _head(own), _head(other)
    shared = sum(_weight(term) for term in a & b)
    return shared / (min(sum(map(_weight, a)), sum(map(_weight, b))) or 1.0)


def _head(fingerprint_: Sequence[str]) -> set[str]:
    return {term for term in fingerprint_[:_COMPARED] if not term.startswith(_ADDRESS)}


def _text(article: Article) -> list[str]:
    return terms(f"{article.dek} {article.body[:1500]}")


def _weight(term: str) -> float:
    """Return how telling a term is without knowing the day, 0…1."""
    return max(0.0, _rarity(term) - _COMMON) / (UNKNOWN_RARITY - _COMMON)


def _rarity(term: str) -> float:
    return lexicon().rarity_of(term)
