"""Weigh a story and say why; knows the clock only as an argument."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from digest.group.rules import Rules
from digest.group.words import terms
from digest.model import Article, Reason

#: Headlines this alike (share of words in common) are one voice: a wire headline printed twice is one source.
_SAME_WORDS = 0.8


@dataclass(frozen=True, slots=True)
class Voice:
    """What one independent owner adds to a story's score."""

    owner: str
    article: Article  #: its report that counts most
    recency: float  #: 0…1
    place: float  #: 0…1

    @property
    def value(self) -> float:
        """Source weight × recency × position."""
        return self.article.weight * self.recency * self.place


def voices(reports: Sequence[Article], now: datetime | None, rules: Rules) -> tuple[Voice, ...]:
    """Return the independent owners of a story's reports (which hold no copies), the weightiest first."""
    best: dict[str, Voice] = {}
    for article in reports:
        owner = article.owner or article.source or article.key
        voice = Voice(owner, article, _recency(article, now, rules), _place(article, rules))
        if owner not in best or _order(voice) < _order(best[owner]):
            best[owner] = voice
    heard: list[tuple[Voice, frozenset[str]]] = []
    for voice in sorted(best.values(), key=_order):
        words = frozenset(terms(voice.article.headline))
        if not any(_alike(words, other) for _, other in heard):
            heard.append((voice, words))
    return tuple(voice for voice, _ in heard)


def score(heard: Sequence[Voice]) -> float:
    """Return the sum over independent owners of source weight × recency × position."""
    return sum(voice.value for voice in heard)


def reasons(heard: Sequence[Voice], reports: int, copies: int, now: datetime | None) -> tuple[Reason, ...]:
    """Return the parts of a score in words and numbers."""
    found = [Reason("sources", len(heard), _sources(heard))]
    if reports > len(heard):
        found.append(Reason("reports", reports, f"{reports} reports"))
    if copies:
        found.append(Reason("copies", copies, f"{_count(copies, 'copy', 'copies')} not counted"))
    first = sum(voice.article.position == 0 for voice in heard)
    placed = any(voice.article.position for voice in heard)
    if placed and first:
        found.append(Reason("position", first, f"first in {_count(first, 'feed', 'feeds')}"))
    times = [voice.article.when for voice in heard if voice.article.when]
    if now and times:
        minutes = max(0, round((now - max(times)).total_seconds() / 60))
        found.append(Reason("recency", minutes, f"newest report {_span(minutes)} before the cut-off"))
    weighty = max(heard, key=lambda voice: voice.article.weight)
    if weighty.article.weight > 1:
        weight = weighty.article.weight
        found.append(Reason("weight", weight, f"{weighty.owner} counts {weight:g} times"))
    return tuple(found)


def _recency(article: Article, now: datetime | None, rules: Rules) -> float:
    if now is None or article.when is None:
        return 1.0
    hours = max(0.0, (now - article.when).total_seconds() / 3600)
    return float(0.5 ** (hours / rules.half_life))


def _place(article: Article, rules: Rules) -> float:
    span = 1.0 - rules.position_floor
    return float(rules.position_floor + span * 0.5 ** (article.position / rules.position_half))


def _order(voice: Voice) -> tuple[float, str, str]:
    return (-voice.value, voice.article.headline, voice.article.key)


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    all_words = len(one) + len(other)
    # What two sets share is at most the smaller: most pairs are told apart by their sizes alone.
    if not one or (1 + _SAME_WORDS) * min(len(one), len(other)) < _SAME_WORDS * all_words:
        return False
    shared = len(one & other)
    return shared >= _SAME_WORDS * (all_words - shared)


def _sources(heard: Sequence[Voice]) -> str:
    return "1 source" if len(heard) == 1 else f"{len(heard)} independent sources"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _span(minutes: int) -> str:
    return _count(minutes, "minute", "minutes") if minutes < 120 else f"{round(minutes / 60)} hours"
