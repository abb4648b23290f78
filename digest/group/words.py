"""Cut texts and addresses into the terms by which they are compared; knows no article and no weight."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from digest.group.small_words import small_words
from digest.group.sounds import bare

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
#: Scripts written without spaces between words: their runs are cut into pairs of characters.
_UNSPACED = re.compile(r"[぀-ヿ㐀-鿿豈-﫿฀-๿຀-໿ក-៿က-႟]+")
_DIGIT_GROUPS = re.compile(r"(?<=\d)[,.](?=\d{3}\b)")
_FILE_ENDING = re.compile(r"\.[a-z]{2,5}$", re.IGNORECASE)
_SLUG_PARTS = re.compile(r"[-_+.,\s]+")
#: Fewer words than this make a folder's name, not a headline in an address.
_SLUG_WORDS = 3
#: What French and Italian write before a word as one with it, and Turkish after a name.
_ELIDED = re.compile(r"\b(?:[dljnsmtc]|qu|[a-z]{0,4}ll)['’](?=\w{3})|(?<=[^\W\d_]{3})['’][a-zçğıöşü]+\b", re.IGNORECASE)
#: What begins a part of a word, and letters of one.
_PART, _LETTERS = "~", 4
#: Letters that stay of a word when forms of it are to be one.
_ROOT = 5

#: What a short word counts in a language of which nothing else is known: the common ones are short (Zipf 1949).
_BREVITY = {1: 0.1, 2: 0.2, 3: 0.35, 4: 0.6, 5: 0.8}


def brevity(term: str) -> float:
    """Return what a term of an unknown language counts for its length, 1 at most; pairs of characters are no words."""
    if term[0] == _PART:
        return _BREVITY[len(term) - 1] if len(term) < _LETTERS else 1.0
    return 1.0 if term[:1] > "\u0dff" or term.isdigit() else _BREVITY.get(len(term), 1.0)


def terms(text: str) -> list[str]:
    """Return the terms of a text in its order: lower case, without possessives, plurals and accents."""
    return [term for word in written(text) for term in _cut(word)]


def unelided(text: str) -> str:
    """Return a text without what some languages tie to a word by an apostrophe: *l'accord*, *Ankara'da*."""
    return _ELIDED.sub("", text)


@lru_cache(1 << 17)
def parts(term: str) -> tuple[str, ...]:
    """Return the parts by which a term is compared where its language bends words: *Ministers* meets *Ministerin*.

    Every second run of four letters, the word's beginning counting as a letter, so that most endings fall off and
    compounds meet in their halves (McNamee & Mayfield, Information Retrieval 7, 2004). A number, a short word and
    a pair of characters stay whole; Korean is cut into pairs of syllables.
    """
    if _is_whole(term):
        return (term,)
    word = bare(term)
    if "\u1100" <= word[0] <= "\u11ff":
        return tuple(_PART + pair for pair in _pairs(unicodedata.normalize("NFC", word)))
    if len(word) < _LETTERS:
        return (_PART + word,)
    word = f"^{word}"
    return tuple(_PART + word[n : n + _LETTERS] for n in range(0, len(word) - _LETTERS + 1, 2))


def root_part(term: str) -> str:
    """Return the one part by which a term is compared far down in a text: its root."""
    return term if _is_whole(term) else _PART + bare(term)[:_ROOT]


def roots(text: str, language: str) -> list[str]:
    """Return the terms of a text in its order, as one for the forms of a word, without the small words.

    In English, and where the language is unknown, these are the terms as they are.
    """
    return (
        [found for term in terms(unelided(text)) if (found := root(term, language))]
        if is_bent(language)
        else terms(text)
    )


def root(term: str, language: str) -> str:
    """Return what stands for all forms of a term, '' for a small word."""
    if not is_bent(language) or _is_whole(term):
        return term
    return "" if term in small_terms(language) else bare(term)[:_ROOT]


def written(text: str) -> list[str]:
    """Return the words of a text as they are written."""
    return _WORD.findall(_DIGIT_GROUPS.sub("", text))


def is_number(term: str) -> bool:
    """Return whether a term is a number in digits."""
    return term.isdigit()


def is_run(term: str) -> bool:
    """Return whether a term is characters of a script without spaces: a pair of them, most often, not a word."""
    return bool(_UNSPACED.match(term))


def is_bent(language: str) -> bool:
    """Return whether the words of a language are compared by their parts: of all but English, which has a table."""
    return language not in ("", "en")


@lru_cache(64)
def small_terms(language: str) -> frozenset[str]:
    """Return the small words of a language as terms; none where they are not known."""
    return frozenset(term for word in small_words(language) for term in terms(word))


def _is_whole(term: str) -> bool:
    return is_run(term) or any(map(str.isdigit, term))


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
    if not word.isascii() and is_run(word):
        return tuple(_pairs(word))
    folded = _folded(word)
    return (folded,) if folded else ()  # of a mark that stands alone nothing is left


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
