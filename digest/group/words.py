"""Cut texts into the terms by which they are compared; knows no article and no weight."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
#: Scripts written without spaces between words: their runs are cut into pairs of characters.
_UNSPACED = re.compile(r"[぀-ヿ㐀-鿿豈-﫿฀-๿຀-໿ក-៿က-႟]+")
_DIGIT_GROUPS = re.compile(r"(?<=\d)[,.](?=\d{3}\b)")


def terms(text: str) -> list[str]:
    """Return the terms of a text in its order: lower case, without possessives, plurals and accents."""
    found = []
    for word in _WORD.findall(_DIGIT_GROUPS.sub("", text)):
        found.extend(_pairs(word) if _UNSPACED.match(word) else [_folded(word)])
    return found


def _folded(word: str) -> str:
    word = word.lower().replace("’", "'")
    word = word.split("'")[0] if word.endswith(("'s", "'")) else word.replace("'", "")
    if not word.isascii():
        word = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    return word


def _pairs(run: str) -> list[str]:
    return [run[n : n + 2] for n in range(len(run) - 1)] or [run]
