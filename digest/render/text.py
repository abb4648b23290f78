"""Words fit for print: cleaned, cut at a sentence's end, with their direction; knows no markup."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from digest.render.sentences import sentences

Direction = Literal["ltr", "rtl"]

#: Stands between two percent signs of an article's text, so that they never make a slot; see ``slots``.
GUARD = "\ue000"

#: A headline longer than this is no headline; the rest is cut.
HEADLINE_LIMIT = 200

#: A dek of one sentence is cut at a word where it is longer than this.
DEK_LIMIT = 240

_SPACE = re.compile(r"\s+")
_PARAGRAPH = re.compile(r"\n\s*\n")
#: What is left of a link in mid-sentence: ``the rules , he said``. No language wants it.
_LOOSE = re.compile(r"(?<=\w) (?=[,.](?:\s|$))")
_PERCENT = re.compile(r"%(?=%)")
#: Embeddings, overrides and isolates reach past the text they came with (Unicode Standard Annex 9 §2).
_UNWANTED = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\u202a-\u202e\u2066-\u2069\ue000\ufeff\ufffe\uffff]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_TRAIL = re.compile(r"\s*(?:\[\s*(?:…|\.{3})\s*\]|…|\.{3,})\s*$")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")
_CAPITAL = "A-ZÀ-ÖØ-ÞΑ-ΩА-Я"
_PLACE = rf"[{_CAPITAL}][{_CAPITAL} .'’-]{{2,}}(?:, [^()–—]{{1,30}}?)?"
_AGENCY = r"\([^()]{2,40}\)"
_DATELINE = re.compile(rf"^(?:{_PLACE}(?:\s?{_AGENCY})?|{_AGENCY})\s?[–—-]{{1,2}}\s(?=[\"'“‘«]?[{_CAPITAL}])")
#: A letter carries few marks in any language; many of them run over the lines above and below.
_MARK = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_STACKED = re.compile(f"({_MARK}{{4}}){_MARK}+")
_CLOSED = re.compile(r"[.!?…。！？؟।][\"'”’»)\]]*$")


def one_line(text: str) -> str:
    """Return text as one line, without control characters, and unable to make a slot."""
    spaced = _LOOSE.sub("", _SPACE.sub(" ", printable(_SPACE.sub(" ", text))).strip())
    return _PERCENT.sub("%" + GUARD, _STACKED.sub(r"\1", spaced))


def printable(text: str) -> str:
    """Return text without what cannot be printed or would turn its surroundings."""
    return _UNWANTED.sub("", _SURROGATE.sub("\ufffd", text))


def paragraphs(text: str) -> tuple[str, ...]:
    """Return the paragraphs of a body, each as one line."""
    return tuple(filter(None, map(one_line, _PARAGRAPH.split(text.replace("\r\n", "\n")))))


def clip(text: str, limit: int) -> str:
    """Cut at a word, with an ellipsis, where text has more than ``limit`` characters."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    at_word = cut.rsplit(" ", 1)[0] if " " in cut[limit // 2 :] else _whole_characters(cut)
    return at_word.rstrip(" ,;:–—-.") + "…"


def _whole_characters(text: str) -> str:
    """Drop what is left of a character that the cut went through: joiners, selectors, combining marks."""
    return text.rstrip("\u200d\ufe0f") if not unicodedata.combining(text[-1:] or " ") else text[:-1]


def headline(text: str) -> str:
    """Return a headline in one line, at most ``HEADLINE_LIMIT`` characters."""
    return clip(one_line(text), HEADLINE_LIMIT)


def dek(text: str, words: int) -> str:
    """Return the first sentence, at most ``words`` words of it.

    A question alone tells nothing, so the sentence that answers it comes with it where both are short.
    """
    whole = without_dateline(one_line(text))
    first, *rest = sentences(_TRAIL.sub("", whole)) or ("",)
    if first.endswith("?") and rest and len(first) + len(rest[0]) < DEK_LIMIT:
        first = f"{first} {rest[0]}"
    return _ended(clip_words(clip(first, DEK_LIMIT), words), broken_off=not rest and bool(_TRAIL.search(whole)))


def without_dateline(text: str) -> str:
    """Drop the place and agency that a wire report begins with: ``PORT ALDER (Northern Wire) – ``."""
    return _DATELINE.sub("", text, count=1)


def _ended(sentence: str, *, broken_off: bool) -> str:
    return sentence + "…" if broken_off and not _CLOSED.search(sentence) else sentence


def clip_words(text: str, words: int) -> str:
    """Cut after ``words`` words, with an ellipsis."""
    if word_count(text) <= words:
        return text
    if words <= 0:
        return ""
    if _UNSPACED.search(text):
        return text[: 2 * words] + "…"
    return " ".join(text.split()[:words]).rstrip(" ,;:–—-.") + "…"


def word_count(text: str) -> int:
    """Count words; in scripts written without spaces two characters count as one."""
    return len(text.split()) + len(_UNSPACED.findall(text)) // 2


def opening(body: tuple[str, ...], words: int) -> tuple[str, ...]:
    """Return the first paragraphs, at most ``words`` words, ending with a whole sentence."""
    taken: list[str] = []
    left = words
    for paragraph in body:
        kept = _whole_sentences(paragraph, left)
        if not kept:
            break
        taken.append(kept)
        left -= word_count(kept)
        if kept != paragraph:
            break
    if not taken and body and words > 0:
        return (clip_words(sentences(body[0])[0], words),)
    return tuple(taken)


def _whole_sentences(paragraph: str, words: int) -> str:
    kept: list[str] = []
    for sentence in sentences(paragraph):
        words -= word_count(sentence)
        if words < 0:
            break
        kept.append(sentence)
    return " ".join(kept)


def direction(text: str, otherwise: Direction) -> Direction:
    """Return the direction in which text runs: that of most of its letters."""
    if text.isascii():
        return "ltr" if any(map(str.isalpha, text)) else otherwise
    kinds = [unicodedata.bidirectional(character) for character in text]
    leftward = sum(kind in ("R", "AL") for kind in kinds)
    rightward = kinds.count("L")
    if leftward == rightward:
        return otherwise
    return "rtl" if leftward > rightward else "ltr"
