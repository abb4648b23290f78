"""Spell a word by the sounds of its consonants, so that a name is known in another alphabet; knows no meaning."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: Letters by sound. Vowels, breaths and half-vowels are left out: alphabets disagree about them most.
_CLASSES = {
    "P": "bpбпبپבפףπ",
    "F": "fvвфفڤφβ",
    "K": "ckqgгкхكقغخگکגקכךחγκχ",
    "S": "szjßжзсцчшщسصزشجظژچזסשצץζσς",
    "T": "dtþðдтتطدضثذדטתδθτ",
    "L": "lлلלλ",
    "M": "mмمמםμ",
    "N": "nнنנןν",
    "R": "rрرרρ",
}
_SOUNDS = {letter: sound for sound, letters in _CLASSES.items() for letter in letters} | {
    "x": "KS",
    "ξ": "KS",
    "ψ": "PS",
}
#: Letters of Latin and Greek script that sound otherwise together than alone.
_TOGETHER = re.compile(r"[iy]j\b|t?sch|t?sh|t?ch|[zs]h|t[sz]|ph|[gk]h|ck|c(?=[eiy])|g(?=[eiy])|μπ|ντ|γ[κγ]")
_ALONE = {"ph": "f", "gh": "k", "kh": "k", "ck": "k", "ij": "", "yj": "", "μπ": "b", "ντ": "d", "γκ": "g", "γγ": "g"}
_TWICE = re.compile(r"(.)\1+")
#: What Arabic writes before a word as one with it: the article, and 'and', 'by', 'for'.
_ARABIC_FRONT = re.compile(r"^(?:[وبلف]?ال|لل|[وبلف])(?=[\u0621-\u064a]{3})")


def plain(word: str) -> str:
    """Return a word in lower case, without accents and vowel signs."""
    taken_apart = unicodedata.normalize("NFKD", word.lower())
    return "".join(letter for letter in taken_apart if not unicodedata.combining(letter))


@lru_cache(maxsize=1 << 16)
def sound(word: str) -> str:
    """Return the consonants of a plain word by class, '' where its alphabet is not known here: Castellan is KSTLN."""
    spelled = _TOGETHER.sub(lambda found: _ALONE.get(found[0], "s"), word)
    return _TWICE.sub(r"\1", "".join(_SOUNDS.get(letter, "") for letter in spelled))


def bare(word: str) -> str:
    """Return a plain word without what Arabic writes before it."""
    return _ARABIC_FRONT.sub("", word)
