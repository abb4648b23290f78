"""Shorten an article to a sentence or two, in its own words; knows no page and no markup."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from digest.group.repeat import facts
from digest.group.words import terms
from digest.model import Article, Story

#: Where a sentence ends: a stop and the quotes that close after it, before a capital; a full-width stop; a line.
_END = re.compile(
    r"[.!?…][\"'”’»)\]]*(?=\s+[\"'“‘«(\[]?[A-Z0-9À-ÞЀ-Я])|[。！？]|[.؟!۔](?=\s+[؀-ۿ\u0590-\u05ff])|(?=\n)"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|Sen|Rep|Gov|Gen|Col|Lt|Sgt|Capt|Rev|Hon|Jr|Sr|vs|etc|No|Inc|Ltd|Co|Corp|approx|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|Str|bzw|ca|Nr)|\b[A-Z]|\b[A-Z]\.[A-Z]|e\.g|i\.e|[ap]\.m)\.$"
)
_MORE = re.compile(
    r"\s*(?:\[(?:…|\.{3})\]|(?:read more|continue reading|read the full (?:story|article))\W*)$", re.IGNORECASE
)
#: A first sentence under so many words takes the next one with it.
_SHORT = 6
#: An extract has at most so many sentences.
_SENTENCES = 2
#: New facts that another report's sentence must hold to be worth a line, by weight.
_ENOUGH = 1.5


def sentences(text: str) -> list[str]:
    """Return the sentences of a plain text, in order; abbreviations and initials end none."""
    found: list[str] = []
    start = 0
    for end in (*(match.end() for match in _END.finditer(text)), len(text)):
        if end < len(text) and _ABBREVIATION.search(text[start:end]):
            continue
        if piece := " ".join(text[start:end].split()):
            found.append(piece)
        start = end
    return found


def dek(article: Article, words: int = 40) -> str:
    """Return a whole sentence on the article, at most ``words`` words; '' where it has no text.

    The first of the source's dek where there is one, else an extract of the body. A sentence longer than the
    limit is cut at a word and ends with an ellipsis.
    """
    given = _MORE.sub("", " ".join(article.dek.split()))
    if given and given.casefold() != article.headline.casefold():
        return _fitted(_first(sentences(given)), words)
    return extract(article.body, words)


def extract(body: str, words: int) -> str:
    """Return the sentences of a body that stand for the others, in the body's order, at most ``words`` words.

    LexRank: Erkan & Radev, Journal of Artificial Intelligence Research 22 (2004).
    """
    found = [s for s in sentences(body)[:60] if 5 <= len(s.split()) <= words]
    if not found:
        return _fitted(sentences(body)[:1], words)
    value = centrality(found)
    first = max(range(len(found)), key=lambda n: (value[n], -n))
    kept = [first]
    for n in sorted(range(len(found)), key=lambda n: (-value[n], n)):
        if n not in kept and sum(len(found[k].split()) for k in (*kept, n)) <= words and len(kept) < _SENTENCES:
            kept.append(n)
    return " ".join(found[n] for n in sorted(kept))


def added(story: Story, words: int) -> str:
    """Return the sentence of another report that says most of what the lead article does not, '' for none.

    What is said is counted in names, numbers and rare words.
    """
    told = facts([story.lead])
    best, most = "", _ENOUGH
    for article in story.related:
        for sentence in sentences(article.dek) + sentences(article.body)[:5]:
            said = facts([Article(key="", source="", url="", headline=sentence)])
            new = sum(weight for fact, weight in said.items() if fact not in told)
            if new > most and len(sentence.split()) <= words:
                best, most = sentence, new
    return best


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
    return found[: 2 if found and len(found[0].split()) < _SHORT else 1]


def _fitted(found: Sequence[str], words: int) -> str:
    kept: list[str] = []
    for sentence in found:
        if sum(len(s.split()) for s in kept) + len(sentence.split()) > words:
            break
        kept.append(sentence)
    if kept or not found:
        return " ".join(kept)
    return " ".join(found[0].split()[:words]).rstrip(",;:–—-. ") + " …"
