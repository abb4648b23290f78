"""Shorten an article to a sentence or two, in its own words; knows no page and no markup."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from digest.group.sentences import cut, is_whole, joined, length, sentences
from digest.group.words import terms
from digest.model import Article

#: What stands at the end of a dek that is cut off, or asks to read on.
_MORE = re.compile(
    r"\s*(?:\[\s*(?:…|\.{3})\s*\]|\(more\s*(?:…|\.{3})\)|"
    r"(?:read more|continue reading|read the full (?:story|article)|keep reading|"
    r"mehr lesen|weiterlesen|mehr dazu|lire la suite|en savoir plus|leer más|seguir leyendo|sigue leyendo|leggi tutto|"
    r"continua a leggere|leia mais|lees meer|läs mer|les mer|læs mere|czytaj więcej|читать далее|اقرأ المزيد)\W*)$",
    re.IGNORECASE,
)
#: What stands in a dek where it was cut off.
_CUT_OFF = re.compile(r"\s*\[\s*(?:…|\.{3})\s*\]\W*$")
_ADDRESS = re.compile(r"https?://\S+")
#: A first sentence under so many words takes the next one with it, as a question does the answer.
_SHORT = 6
#: Sentences of a body that are read for an extract, and the fewest words of one.
_READ, _FEWEST = 60, 5
#: An extract has at most so many sentences.
_SENTENCES = 2


def dek(article: Article, words: int = 40) -> str:
    """Return a whole sentence on the article, at most ``words`` words; '' where it has no text.

    The first of the source's dek where there is one, else an extract of the body. A sentence longer than the
    limit is cut at a word and ends with an ellipsis.
    """
    if given := _given(article):
        return _fitted(_first(sentences(given)), words)
    return extract(article.body, words, most=1)


def has_dek(article: Article) -> bool:
    """Return whether the source says more of an article than its headline."""
    return bool(_given(article))


def _given(article: Article) -> str:
    """Return what the source says of an article, '' where it is no more than a label, an address or the headline."""
    dek = " ".join(_ADDRESS.sub("", article.dek).split())
    given = _MORE.sub("", dek)
    if _CUT_OFF.search(dek) and not is_whole(given):
        *whole, broken = sentences(given) or [""]
        given = joined(whole) if whole else f"{broken} …" if broken else ""
    says_more = is_whole(given) or length(given) >= _FEWEST
    is_headline = article.headline.casefold().startswith(given.rstrip(" .!…").casefold())
    return given if says_more and not is_headline else ""


def extract(body: str, words: int, most: int = _SENTENCES) -> str:
    """Return the sentences of a body that stand for the others, in the body's order, at most ``words`` words.

    LexRank: Erkan & Radev, Journal of Artificial Intelligence Research 22 (2004).
    """
    found = [s for s in sentences(body)[:_READ] if _FEWEST <= length(s) <= words and is_whole(s)]
    if not found:
        return _fitted(sentences(body)[:1], words)
    value = centrality(found)
    first = max(range(len(found)), key=lambda n: (value[n], -n))
    kept = [first]
    for n in sorted(range(len(found)), key=lambda n: (-value[n], n)):
        if n not in kept and sum(length(found[k]) for k in (*kept, n)) <= words and len(kept) < most:
            kept.append(n)
    return joined([found[n] for n in sorted(kept)])


def centrality(found: Sequence[str]) -> list[float]:
    """Return how central each sentence is among the others; the first ones of a report count more."""
    bags = [Counter(terms(sentence)) for sentence in found]
    seen = Counter(t for bag in bags for t in bag)
    idf = {t: math.log(1 + len(bags) / n) for t, n in seen.items()}
    lengths = [math.sqrt(sum((c * idf[t]) ** 2 for t, c in bag.items())) or 1.0 for bag in bags]
    n = len(bags)
    alike = [[_dot(a, b, idf) / (lengths[i] * lengths[j]) for j, b in enumerate(bags)] for i, a in enumerate(bags)]
    rows = [[value / sum(row) for value in row] for row in alike]
    value = [1.0 / n] * n
    for _ in range(30):
        value = [0.15 / n + 0.85 * sum(value[i] * rows[i][j] for i in range(n)) for j in range(n)]
    return [v * (1.0 + 1.0 / (1 + i)) for i, v in enumerate(value)]


def _dot(a: Counter[str], b: Counter[str], idf: dict[str, float]) -> float:
    return sum(a[t] * b[t] * idf[t] ** 2 for t in a.keys() & b.keys())


def _first(found: list[str]) -> list[str]:
    takes_next = found and (length(found[0]) < _SHORT or found[0].endswith(("?", "？", "؟")))
    return found[: 2 if takes_next else 1]


def _fitted(found: Sequence[str], words: int) -> str:
    kept: list[str] = []
    for sentence in found:
        if sum(map(length, kept)) + length(sentence) > words:
            break
        kept.append(sentence)
    return joined(kept) if kept or not found else cut(found[0], words)
