"""Who wrote an article, as a newspaper prints it; knows no article."""

from __future__ import annotations

import re

from digest.render import text

#: A byline longer than this names more people than anybody reads.
LIMIT = 120

_BY = re.compile(r"^(?:by|von|par|por)\s+(?=\S)", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_VOWEL = re.compile("[AEIOUYÀ-ÖØ-Ý]")
#: Between names; not written with a capital.
_JOINING = frozenset(
    {"AND", "UND", "ET", "Y", "E", "OG", "OCH", "VON", "VAN", "DE", "DER", "DEL", "DA", "DU", "FOR", "WITH", "IN", "AT"}
)
#: Agencies whose initials read like words.
_INITIALS = frozenset({"AFP", "AP", "AAP", "ABC", "ANSA", "APA", "DPA", "EFE", "EPA", "UPI", "USA", "UK", "EU", "UN"})
#: Abbreviated, and yet written like words.
_TITLES = frozenset({"DR", "MR", "MRS", "MS", "JR", "SR", "ST"})


def byline(said: str, source: str) -> str:
    """Return a byline without its *By*, shouted names in their usual letters; '' where it only names the source."""
    name = text.clip(_BY.sub("", text.one_line(said)), LIMIT)
    if name.casefold() == text.one_line(source).casefold():
        return ""
    return _WORD.sub(_spoken, name) if _is_shouted(name) else name


def _is_shouted(name: str) -> bool:
    """Tell whether a byline is in capitals throughout; a single word may be initials."""
    return name.isupper() and " " in name


def _spoken(word: re.Match[str]) -> str:
    """Write a word of a name; initials stay, and so does what has no vowel."""
    letters, follows = word[0], word.start() > 0
    if letters in _INITIALS or len(letters) == 1 or _has_no_vowel(letters):
        return letters.lower() if _is_possessive(word) else letters
    if letters in _JOINING and follows:
        return letters.lower()
    if letters.startswith("MC") and len(letters) > 4:
        return f"Mc{letters[2:].capitalize()}"
    return letters.capitalize()


def _has_no_vowel(letters: str) -> bool:
    """Tell whether a word of Latin letters can only be initials, as BBC."""
    return letters.isascii() and letters not in _TITLES and not _VOWEL.search(letters)


def _is_possessive(word: re.Match[str]) -> bool:
    """Tell whether a letter stands after an apostrophe, as in ``HERALD'S``."""
    return len(word[0]) == 1 and word.string[word.start() - 1 : word.start()] in {"'", "’"}
