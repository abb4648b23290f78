"""Tell whether a story was sent before and brings enough new; knows past editions only as values."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from digest.group.boilerplate import without
from digest.group.identity import article_key
from digest.group.languages import spoken
from digest.group.lexicon import UNKNOWN_RARITY, lexicon
from digest.group.rules import Rules
from digest.group.words import brevity, is_bent, is_number, root, roots, terms, unelided, written
from digest.model import Article, Edition, Story

#: Terms of a story that are kept to know it again, and those that are compared.
_KEPT, _COMPARED = 240, 24
#: Characters of a body that are read.
_READ = 1500
#: A term rarer than one word in e⁹ is a fact: a name or a number, most often.
_COMMON, _RARE = 5.0, 9.0
#: How much more a headline's term tells than one of a dek.
_HEADLINE = 3
#: The most that one term in common counts, of the lighter story's weight.
_ONE_TERM = 0.2
#: What a fact weighs in a language of whose words nothing is known: a word with a capital, with a capital where every
#: noun has one, where there are no capitals, and a word without one.
_NAME, _NOUN, _WORD, _SMALL = 1.0, 0.5, 0.4, 0.25
_NOUNS_HAVE_CAPITALS = frozenset({"de", "lb"})
_ADDRESS = "url:"
#: Addresses and accounts in a text: they are the paper's, and tell nothing of the story.
_ADDRESSES = re.compile(r"(?:https?://|www\.)[!-~]*|@\w+", re.IGNORECASE)


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
        articles = tuple(articles)
        language = spoken(articles)
        told = {root(fact, language) for fact in self.facts} if is_bent(language) else self.facts
        found = facts(articles, language)
        new = sum(worth for fact, worth in found.items() if fact not in told)
        return new, new / (sum(found.values()) or 1.0)


def fingerprint(story: Story, said: Mapping[str, Article] | None = None) -> tuple[str, ...]:
    """Return the terms that tell a story again, the most telling first, then its articles' keys.

    ``said`` is its articles by their keys without what their sources print under all of them. Of the forms of a word
    the commonest stands for all; they are made one only when they are compared.
    """
    if story.fingerprint:
        return story.fingerprint
    articles = [(said or {}).get(article.key, article) for article in story.articles]
    language = spoken(articles)
    held: Counter[str] = Counter()
    for article in articles:
        held.update(dict.fromkeys(roots(article.headline, language), _HEADLINE))
        held.update(set(_text(article, language)))
    for article in articles:  # a paper that names itself under every report tells nothing of this one
        for term in roots(f"{article.source} {article.owner}", language):
            held.pop(term, None)
    ranked = sorted(held, key=lambda term: (-held[term] * weight(term, language), term))[:_KEPT]
    if is_bent(language):
        forms = _commonest_forms(articles, language)
        ranked = [forms[term] for term in ranked]
    return (*ranked, *addresses(story))


def _commonest_forms(articles: Iterable[Article], language: str) -> dict[str, str]:
    """Return for each root the form that these articles have most often."""
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for article in articles:
        for term in terms(unelided(f"{article.headline} {_below(article)}")):
            forms[root(term, language)][term] += 1
    return {found: min(held.items(), key=lambda form: (-form[1], form[0]))[0] for found, held in forms.items()}


def addresses(story: Story) -> tuple[str, ...]:
    """Return the terms that tell a story's articles again."""
    return tuple(sorted({_ADDRESS + article_key(article) for article in story.articles}))


def facts(articles: Iterable[Article], language: str = "") -> dict[str, float]:
    """Return the names, numbers and rare words of these reports, each with its weight; ``language`` is theirs."""
    if is_bent(language):
        return _facts_by_capitals(articles, language)
    words: set[str] = set()
    for article in articles:
        own = {*terms(article.headline), *_text(article)}
        words |= own - set(terms(f"{article.source} {article.owner}"))
    return {word: weight(word) for word in words if _rarity(word) >= _RARE}


def _facts_by_capitals(articles: Iterable[Article], language: str) -> dict[str, float]:
    """Return the words of these reports by their roots, names and numbers before others."""
    found: dict[str, float] = {}
    name = _NOUN if language in _NOUNS_HAVE_CAPITALS else _NAME
    for article in articles:
        told_by = set(roots(f"{article.source} {article.owner}", language))
        for word in written(unelided(f"{article.headline} {_below(article)}")):
            worth = name if word[0].isupper() else _SMALL if word[0].islower() else _WORD
            for term in terms(word):
                fact = root(term, language)
                if fact and fact not in told_by:
                    value = weight(fact) if is_number(fact) else worth * brevity(term)
                    found[fact] = max(value, found.get(fact, 0.0))
    return found


class Memory:
    """The stories that the editions of the last days sent; ``articles`` are all of today's."""

    def __init__(self, past: Sequence[Edition], on: date, rules: Rules, articles: Sequence[Article] = ()) -> None:
        self.articles = {article.key: article for article in without(articles)}
        since = on - timedelta(days=rules.repeat_days)
        sent = [story for edition in past if edition.date >= since for story in (*edition.stories, *edition.brief)]
        self.fingerprints = [fingerprint(story) for story in sent]
        self.addresses = [frozenset(t for t in each if t.startswith(_ADDRESS)) for each in self.fingerprints]
        self.alike = rules.repeat_similarity
        self.heads: dict[str, list[set[str]]] = {}
        self.held: dict[str, Counter[str]] = {}

    def said(self, articles: Iterable[Article]) -> list[Article]:
        """Return today's articles without what their sources print under all of them."""
        return [self.articles.get(article.key, article) for article in articles]

    def marked(self, story: Story) -> Story:
        """Return a story of today with its fingerprint."""
        return replace(story, fingerprint=fingerprint(story, self.articles))

    def told(self, story: Story) -> Told | None:
        """Return what was told of this story, None where nothing sent was like it."""
        if not self.fingerprints:
            return None
        own, language = fingerprint(story), spoken(self.said(story.articles))
        head, addresses = _head(own, language), frozenset(term for term in own if term.startswith(_ADDRESS))
        known: set[str] = set()
        for n, (other, others) in enumerate(zip(self.fingerprints, self._heads(language), strict=True)):
            if addresses & self.addresses[n] or self._likeness(head, others, language) >= self.alike:
                known.update(other)
        if not known:
            return None
        found = frozenset(term for term in known if term.startswith(_ADDRESS))
        return Told(found, frozenset(known) - found)

    def _heads(self, language: str) -> list[set[str]]:
        """Return the heads of the stories sent as this language compares them."""
        language = language if is_bent(language) else ""
        if language not in self.heads:
            self.heads[language] = [_head(each, language) for each in self.fingerprints]
            self.held[language] = Counter(term for head in self.heads[language] for term in head)
        return self.heads[language]

    def _likeness(self, one: set[str], other: set[str], language: str) -> float:
        """Return the share of the lighter one's weight that both have, 0…1: one name in common is not yet a story."""
        both = one & other
        if not both:
            return 0.0
        lighter = min(sum(self._weights(terms, language)) for terms in (one, other))
        return sum(min(each, _ONE_TERM * lighter) for each in self._weights(both, language)) / (lighter or 1.0)

    def _weights(self, terms: set[str], language: str) -> list[float]:
        """Return the terms' weights, less for those that many of the stories sent have."""
        held, stories = self.held[language if is_bent(language) else ""], len(self.fingerprints) + 1
        return [weight(t, language) * math.log(stories / max(1, held[t])) / math.log(stories) for t in terms]


def _head(fingerprint_: Sequence[str], language: str) -> set[str]:
    if not is_bent(language):
        return {term for term in fingerprint_[:_COMPARED] if not term.startswith(_ADDRESS)}
    found = (root(term, language) for term in fingerprint_ if not term.startswith(_ADDRESS))
    return set(itertools.islice(dict.fromkeys(filter(None, found)), _COMPARED))


def _text(article: Article, language: str = "") -> list[str]:
    return roots(_below(article), language)


def _below(article: Article) -> str:
    """Return what is read below a headline, without web addresses and the names of accounts."""
    return _ADDRESSES.sub(" ", f"{article.dek} {article.body[:_READ]}")


def weight(term: str, language: str = "") -> float:
    """Return how telling a term, or the root of one, is without knowing the day, 0…1."""
    if is_bent(language) and not is_number(term):
        return brevity(term) if term else 0.0
    return max(0.0, _rarity(term) - _COMMON) / (UNKNOWN_RARITY - _COMMON)


def _rarity(term: str) -> float:
    return lexicon().rarity_of(term)
