"""Tell whether a story was sent before and brings enough new; knows past editions only as values."""

from __future__ import annotations

import math
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
        new = sum(worth for fact, worth in found.items() if fact not in self.facts)
        return new, new / (sum(found.values()) or 1.0)


def fingerprint(story: Story) -> tuple[str, ...]:
    """Return the terms that tell a story again, the most telling first, then its articles' keys."""
    if story.fingerprint:
        return story.fingerprint
    held: Counter[str] = Counter()
    for article in story.articles:
        held.update(dict.fromkeys(terms(article.headline), _HEADLINE))
        held.update(set(_text(article)))
    for article in story.articles:  # a paper that names itself under every report tells nothing of this one
        for term in terms(f"{article.source} {article.owner}"):
            held.pop(term, None)
    ranked = sorted(held, key=lambda term: (-held[term] * weight(term), term))[:_KEPT]
    return (*ranked, *addresses(story))


def addresses(story: Story) -> tuple[str, ...]:
    """Return the terms that tell a story's articles again."""
    return tuple(sorted({_ADDRESS + article_key(article) for article in story.articles}))


def marked(story: Story) -> Story:
    """Return the story with its fingerprint."""
    return replace(story, fingerprint=fingerprint(story))


def facts(articles: Iterable[Article]) -> dict[str, float]:
    """Return the names, numbers and rare words of these reports, each with its weight."""
    words: set[str] = set()
    for article in articles:
        own = {*terms(article.headline), *_text(article)}
        words |= own - set(terms(f"{article.source} {article.owner}"))
    return {word: weight(word) for word in words if _rarity(word) >= _RARE}


class Memory:
    """The stories that the editions of the last days sent."""

    def __init__(self, past: Sequence[Edition], on: date, rules: Rules) -> None:
        since = on - timedelta(days=rules.repeat_days)
        sent = [story for edition in past if edition.date >= since for story in (*edition.stories, *edition.brief)]
        self.fingerprints = [fingerprint(story) for story in sent]
        self.heads = [_head(each) for each in self.fingerprints]
        self.addresses = [frozenset(t for t in each if t.startswith(_ADDRESS)) for each in self.fingerprints]
        self.held = Counter(term for head in self.heads for term in head)
        self.alike = rules.repeat_similarity

    def told(self, story: Story) -> Told | None:
        """Return what was told of this story, None where nothing sent was like it."""
        own = fingerprint(story)
        head, addresses = _head(own), frozenset(term for term in own if term.startswith(_ADDRESS))
        known: set[str] = set()
        for n, other in enumerate(self.fingerprints):
            if addresses & self.addresses[n] or self._likeness(head, self.heads[n]) >= self.alike:
                known.update(other)
        if not known:
            return None
        found = frozenset(term for term in known if term.startswith(_ADDRESS))
        return Told(found, frozenset(known) - found)

    def _likeness(self, one: set[str], other: set[str]) -> float:
        """Return the share of the lighter one's weight that both have, 0…1."""
        shared = sum(map(self._telling, one & other))
        if not shared:
            return 0.0
        return shared / min(sum(map(self._telling, one)), sum(map(self._telling, other)))

    def _telling(self, term: str) -> float:
        """Return a term's weight, less for one that many of the stories sent have."""
        stories = len(self.heads) + 1
        return weight(term) * math.log(stories / max(1, self.held[term])) / math.log(stories)


def _head(fingerprint_: Sequence[str]) -> set[str]:
    return {term for term in fingerprint_[:_COMPARED] if not term.startswith(_ADDRESS)}


def _text(article: Article) -> list[str]:
    return terms(f"{article.dek} {article.body[:1500]}")


def weight(term: str) -> float:
    """Return how telling a term is without knowing the day, 0…1."""
    return max(0.0, _rarity(term) - _COMMON) / (UNKNOWN_RARITY - _COMMON)


def _rarity(term: str) -> float:
    return lexicon().rarity_of(term)
