"""Cut texts and addresses into the terms by which they are compared; knows no article and no weight."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from urllib.parse import unquote, urlsplit

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
#: Scripts written without spaces between words: their runs are cut into pairs of characters.
_UNSPACED = re.compile(r"[぀-ヿ㐀-鿿豈-﫿฀-๿຀-໿ក-៿က-႟]+")
_DIGIT_GROUPS = re.compile(r"(?<=\d)[,.](?=\d{3}\b)")
_FILE_ENDING = re.compile(r"\.[a-z]{2,5}$", re.IGNORECASE)
_SLUG_PARTS = re.compile(r"[-_+.,\s]+")
#: Fewer words than this make a folder's name, not a headline in an address.
_SLUG_WORDS = 3


#: What a short word counts in a language of which nothing else is known: the common ones are short (Zipf 1949).
_BREVITY = {1: 0.1, 2: 0.2, 3: 0.35, 4: 0.6, 5: 0.8}


def brevity(term: str) -> float:
    """Return what a term of an unknown language counts for its length, 1 at most; pairs of characters are no words."""
    return 1.0 if term[:1] > "\u0dff" or term.isdigit() else _BREVITY.get(len(term), 1.0)


def terms(text: str) -> list[str]:
    """Return the terms of a text in its order: lower case, without possessives, plurals and accents."""
    return [term for word in _WORD.findall(_DIGIT_GROUPS.sub("", text)) for term in _cut(word)]


def address_terms(url: str) -> list[str]:
    """Return the terms of the headline that many addresses carry in their path, none where there is none."""
    found: list[str] = []
    try:
        segments = unquote(urlsplit(url).path).split("/")
    except ValueError:
        return found
    for segment in segments:
        words = [w for w in _SLUG_PARTS.split(_FILE_ENDING.sub("", segment)) if len(w) > 1 and w.isalpha()]
        if len(words) >= _SLUG_WORDS:
            found.extend(terms(" ".join(words)))
    return found


@lru_cache(1 << 16)
def _cut(word: str) -> tuple[str, ...]:
    return tuple(_pairs(word)) if not word.isascii() and _UNSPACED.match(word) else (_folded(word),)


def _folded(word: str) -> str:
    word = word.lower()
    if not word.isascii():
        word = unicodedata.normalize("NFKD", word.replace("’", "'"))
        word = "".join(c for c in word if not unicodedata.combining(c))
    if "'" in word:
        word = word.split("'")[0] if word.endswith("'s") else word.replace("'", "")
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    return word


def _pairs(run: str) -> list[str]:
    return [run[n : n + 2] for n in range(len(run) - 1)] or [run]
