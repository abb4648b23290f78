"""Tell headings from headlines: *Weather forecast* stands over reports of nothing in common; knows no cluster."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from digest.group.reading import Numbers, Readings
from digest.group.repeat import weight
from digest.group.words import is_bent, is_number, is_run, root

#: A headline that weighs less than this says little: two or three common words; in a language without a table, two.
_LITTLE, _LITTLE_UNKNOWN = 1.1, 1.7
#: What a pair of characters of a script without spaces says, of a word.
_PAIR = 0.4
#: Share of the lighter text's squared weight at which two texts under one headline are of one event (two in a hundred
#: short texts of different events have as much in common), and the words they need for it.
_AGREE, _WORDS = 0.08, 5
#: So many texts under one headline are compared with each: more than tell of one event in the same two words.
_COMPARED = 30


def emptied(readings: Readings) -> Readings:
    """Return the readings without those headlines, and addresses, that say little and stand over different texts.

    Title equality alone makes no story: of reports with one such headline only those whose texts agree keep it. The
    others are alike in topic, all of the weather, so what they mean tells nothing either.
    """
    names = list(readings.numbers)
    found: set[int] = set()
    for rows in _under_one(readings, names):
        texts = [_told(readings.texts[n], names, readings.languages[n]) for n in rows]
        found.update(n for place, n in enumerate(rows) if not _agrees(place, texts))
    if not found:
        return readings
    nothing = np.empty(0, np.int32)
    headlines, addresses = (
        tuple(nothing if n in found else part for n, part in enumerate(parts))
        for parts in (readings.headlines, readings.addresses)
    )
    return replace(readings, headlines=headlines, addresses=addresses, headed=frozenset(found))


def _under_one(readings: Readings, names: Sequence[str]) -> list[list[int]]:
    """Return the rows that share a headline that says little, whatever its numbers: *Lottery: 4 12 31* is a series."""
    is_word = np.fromiter((not is_number(name) for name in names), np.bool_, len(names))
    alike: dict[tuple[str, bytes], list[int]] = defaultdict(list)
    for n, (headline, language) in enumerate(zip(readings.headlines, readings.languages, strict=True)):
        alike[language, headline[is_word[headline]].tobytes()].append(n)
    return [
        rows
        for (language, said), rows in alike.items()
        if len(rows) > 1 and said and _says_little(np.frombuffer(said, np.int32), names, language)
    ]


def _says_little(headline: Numbers, names: Sequence[str], language: str) -> bool:
    terms = [names[n] for n in headline.tolist()]
    says = sum(weight(root(term, language), language) * (_PAIR if is_run(term) else 1) for term in terms)
    return says < (_LITTLE_UNKNOWN if is_bent(language) else _LITTLE)


def _told(text: Numbers, names: Sequence[str], language: str) -> dict[str, float]:
    """Return the squared weight of each term of a text."""
    return {term: weight(term, language) ** 2 for n in set(text.tolist()) if (term := root(names[n], language))}


def _agrees(place: int, texts: Sequence[dict[str, float]]) -> bool:
    others = (text for n, text in enumerate(texts[: _COMPARED + 1]) if n != place)
    return any(_alike(texts[place], other) for other in others)


def _alike(one: dict[str, float], other: dict[str, float]) -> bool:
    if min(len(one), len(other)) < _WORDS:
        return False
    shared = sum(one[term] for term in one.keys() & other.keys())
    return shared >= _AGREE * min(sum(one.values()), sum(other.values()))
