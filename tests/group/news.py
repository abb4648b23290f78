"""Invented news for the tests of grouping: events with names, places and numbers, told by several papers."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from digest.model import Article

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
PLACES = [
    "Ostervale",
    "Quillmere",
    "Harrowgate",
    "Tamsin",
    "Brackwater",
    "Lindholm",
    "Varessa",
    "Corrigan",
    "Pellworth",
    "Ashdune",
]
PEOPLE = [
    "Marlowe",
    "Okonjo",
    "Feldstrom",
    "Ivarsson",
    "Tessaly",
    "Brandreth",
    "Nakagiri",
    "Voloshin",
    "Estrella",
    "Whitcombe",
]
EVENTS = (
    "{place} bridge closes after cracks found in its {number} steel cables",
    "Mayor {person} of {place} resigns over the harbour contract",
    "Storm floods {number} homes in {place} as river bursts its banks",
    "{place} orchestra names {person} its first conductor from abroad",
    "Strike at the {place} glassworks enters week {number}, union says",
    "Scientists in {place} find bones of a giant heron, says {person}",
    "{person} wins the {place} marathon in record time",
    "Court in {place} clears banker {person} of {number} fraud charges",
)
FORMS = (
    "{0}",
    "What we know so far this evening: {0}",
    "{0}, officials confirm after a long night",
    "Live updates, pictures and your questions answered: {0}",
    "{0} – how it could come to this",
    "{0}: neighbours speak of shock and disbelief",
)


def event(seed: int) -> str:
    """Return an event's sentence; another seed gives other names."""
    dice = random.Random(seed)
    return EVENTS[seed % len(EVENTS)].format(
        place=f"{dice.choice(PLACES)}{'abcdefgh'[seed % 8]}{seed}",
        person=f"{dice.choice(PEOPLE)}{'mnopqrst'[seed % 8]}{seed}",
        number=100 + seed,
    )


def report(seed: int, form: int = 0, **fields: object) -> Article:
    """Return one paper's report of an event."""
    article = Article(
        key=f"e{seed}f{form}",
        source=f"paper{form}",
        url=f"https://paper{form}.example/{seed}",
        headline=FORMS[form % len(FORMS)].format(event(seed)),
        published_at=NOON - timedelta(minutes=10 * form),
    )
    return replace(article, **fields)  # type: ignore[arg-type]  # the tests name real fields


def day(sizes: Sequence[int]) -> list[Article]:
    """Return a day of events, the n-th told by ``sizes[n]`` papers."""
    return [report(seed, form) for seed, size in enumerate(sizes) for form in range(size)]
