"""Take out what a source prints under every article: calls to subscribe, programme notices; knows no story."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from digest.model import Article

#: A sentence that so many articles of one source hold is not about any of them.
_OFTEN = 3
_SENTENCE = re.compile(r"(?<=[.!?:…。])\s+|\s*\n+\s*")
#: So much of a body is looked at, in characters: what is compared of it.
_LOOKED_AT = 4000


def without(articles: Sequence[Article]) -> list[Article]:
    """Return the articles without the sentences that their source repeats under other headlines."""
    found = list(articles)
    by_source: dict[str, list[int]] = defaultdict(list)
    for n, article in enumerate(found):
        if article.source and (article.dek or article.body):
            by_source[article.source].append(n)
    for numbers in by_source.values():
        if len(numbers) >= _OFTEN:
            _clean(found, numbers)
    return found


def _clean(articles: list[Article], numbers: Sequence[int]) -> None:
    cut = {n: (_sentences(articles[n].dek), _sentences(articles[n].body[:_LOOKED_AT])) for n in numbers}
    headlines: dict[str, set[str]] = defaultdict(set)
    for n, parts in cut.items():
        for sentence in {s for part in parts for s in part}:
            headlines[sentence].add(articles[n].headline)
    often = {sentence for sentence, used in headlines.items() if len(used) >= _OFTEN}
    for n, parts in cut.items():
        if often.intersection(parts[0]) or often.intersection(parts[1]):
            dek, body = ("\n".join(s for s in part if s not in often) for part in parts)
            articles[n] = replace(articles[n], dek=dek, body=body)


def _sentences(text: str) -> list[str]:
    return [sentence.strip() for sentence in _SENTENCE.split(text) if sentence.strip()]
