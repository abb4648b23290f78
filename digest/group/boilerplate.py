"""Take out what a source prints with every article: calls to subscribe, its own name; knows no story."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from digest.model import Article

#: What so many articles of one source hold, each under another headline, is not about any of them.
_OFTEN = 3
_SENTENCE = re.compile(r"(?<=[.!?:…。])\s+|\s*\n+\s*")
#: What stands before the end of a headline where many sources put their name or the programme's.
_BARS = ("|", " - ", " – ", " — ")
#: So much of a body is looked at, in characters: what is compared of it.
_LOOKED_AT = 4000


def without(articles: Sequence[Article]) -> list[Article]:
    """Return the articles without the sentences, and the ends of headlines, that their source repeats."""
    found = list(articles)
    by_source: dict[str, list[int]] = defaultdict(list)
    for n, article in enumerate(found):
        if article.source:
            by_source[article.source].append(n)
    for numbers in by_source.values():
        if len(numbers) >= _OFTEN:
            _clean(found, numbers)
    return found


def _clean(articles: list[Article], numbers: Sequence[int]) -> None:
    cut = {n: (_sentences(articles[n].dek), _sentences(articles[n].body[:_LOOKED_AT])) for n in numbers}
    often = _repeated((articles[n].headline, {s for part in parts for s in part}) for n, parts in cut.items())
    for n, parts in cut.items():
        if often.intersection(parts[0]) or often.intersection(parts[1]):
            dek, body = ("\n".join(s for s in part if s not in often) for part in parts)
            articles[n] = replace(articles[n], dek=dek, body=body)
    ends = {n: _parted(articles[n].headline) for n in numbers}
    often = _repeated((articles[n].headline, {end}) for n, (_, end) in ends.items() if end)
    for n, (rest, end) in ends.items():
        if end in often:
            articles[n] = replace(articles[n], headline=rest)


def _repeated(used: Iterable[tuple[str, set[str]]]) -> set[str]:
    """Return what stands under so many different headlines; ``used`` are headlines, each with what stands under it."""
    headlines: dict[str, set[str]] = defaultdict(set)
    for headline, parts in used:
        for part in parts:
            headlines[part].add(headline)
    return {part for part, under in headlines.items() if len(under) >= _OFTEN}


def _sentences(text: str) -> list[str]:
    return [sentence.strip() for sentence in _SENTENCE.split(text) if sentence.strip()]


def _parted(headline: str) -> tuple[str, str]:
    """Return a headline without its end after the last bar or dash, and this end; '' where either says nothing."""
    bar, place = max(((bar, headline.rfind(bar)) for bar in _BARS), key=lambda found: found[1])
    rest, end = headline[: max(place, 0)].rstrip(), headline[place + len(bar) :].strip()
    says = place > 0 and any(map(str.isalnum, rest)) and any(map(str.isalnum, end))
    return (rest, end) if says else (headline, "")
