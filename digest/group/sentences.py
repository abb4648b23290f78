"""Cut a text into sentences, in many languages, and count and join their words; knows no article.

A full stop is weighed by the word before it and the letter after it. Wrong about once in a hundred: an
abbreviation nobody listed ends a sentence too soon, and a name's initial may join two.
"""

from __future__ import annotations

import re

#: Marks that end a sentence, with the quotes and brackets that close after them; a line's end does too.
_MARK = re.compile(r"([.!?…]+|[。！？｡]+|[؟۔।॥]+)([\"'”’»“)\]」』）】]*)|\n+")
_END = re.compile(r"[.!?…。！？｡؟۔।॥][\"'”’»“)\]」』）】]*$")
#: Quotes that come in twos; an apostrophe may stand alone.
_QUOTES = ('"', "“”„", "«»", "「」", "『』")
_WIDE = re.compile(r"[。！？｡]")
_LAST = re.compile(r"[^\s(\[\"'“‘«„]+$")
_NEXT = re.compile(r"\s*[\"'“‘«„(\[¿¡「『（]*(\S+)")
#: Scripts written without spaces: two of their characters count as a word.
_UNSPACED = re.compile(r"[぀-ヿ㐀-鿿豈-﫿ｦ-ﾟ฀-๿຀-໿ក-៿က-႟]")

_ABBREVIATED = """
    mr mrs ms dr prof st sen rep gov gen col lt sgt capt cmdr maj adm rev hon jr sr vs etc no nos inc ltd co corp bros
    approx dept est vol fig pp mt ft jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun
    str bzw ca nr mio mrd tsd usw vgl ggf evtl inkl zzgl exkl abs art bd hrsg jh geb gest verh prov dipl ing mag
    mm mme mlle mgr me av bd éd env apr av.j chap réf
    sra srta dña ud uds pág núm tel aprox ee uu art av avda gral lic ing
    sig sigg dott on ecc pag
    sr sra dra exmo
    bv nv mevr dhr drs
    tzw np ul nr prof inż
    стр ул рис им тыс млн млрд руб
"""
_ABBREVIATIONS = frozenset(_ABBREVIATED.split())
_OPENING = """
    The A An It He She They We You This That These Those There But And In On At If As For His Her Its Their When While
    After Before Der Die Das Ein Eine Er Sie Es Wir Le La Les Il Elle Ils Un Une El Los Las
"""
#: After an initial or such an abbreviation a sentence may well begin with one of these.
_STARTERS = frozenset(_OPENING.split())
_COUNTED = """
    Januar Jänner Februar Feber März April Mai Juni Juli August September Oktober November Dezember Jahrhundert
    Jahrhunderts Jahrhunderte Jahrtausend Mal Platz Rang Tag Tages Lebensjahr Bundesliga Etappe Runde
"""
#: In German a full stop after a number makes it an ordinal before these.
_ORDERED = frozenset(_COUNTED.split())
_INITIALS = re.compile(r"[^\W\d_](?:\.[^\W\d_])*")


def sentences(text: str) -> list[str]:
    """Return the sentences of a plain text, in order; abbreviations, initials and ordinals end none."""
    found: list[str] = []
    start = 0
    for mark in _MARK.finditer(text):
        if _ends(text[start : mark.start()], mark, text[mark.end() :]):
            found.append(text[start : mark.end()])
            start = mark.end()
    found.append(text[start:])
    return [whole for piece in found if (whole := " ".join(piece.split()))]


def length(text: str) -> int:
    """Return how many words a text has; where words stand without spaces, two characters are one."""
    wide = len(_UNSPACED.findall(text))
    if not wide:
        return len(text.split())
    return (wide + 1) // 2 + sum(any(map(str.isalnum, word)) for word in _UNSPACED.sub(" ", text).split())


def is_whole(sentence: str) -> bool:
    """Return whether a sentence comes to its end, as captions and headings do not, and closes the quotes it opens."""
    return bool(_END.search(sentence)) and not any(sum(map(sentence.count, pair)) % 2 for pair in _QUOTES)


def joined(found: list[str]) -> str:
    """Return sentences as one text, without spaces after those that need none."""
    text = ""
    for sentence in found:
        text += sentence if not text or _WIDE.search(text[-2:]) else f" {sentence}"
    return text


def cut(text: str, words: int) -> str:
    """Return the first words of a text, with an ellipsis where some are left out; no word is cut in two."""
    if length(text) <= words:
        return text
    kept: list[str] = []
    for word in text.split():
        left = words - length(" ".join(kept))
        if length(word) > left:
            kept += [word[: 2 * left - 1]] if _UNSPACED.search(word) and left > 0 else []
            break
        kept.append(word)
    return " ".join(kept).rstrip(",;:–—-. 、，") + ("…" if kept and _UNSPACED.search(kept[-1]) else " …")


def _ends(before: str, mark: re.Match[str], after: str) -> bool:
    if not mark[1]:
        return True
    if _WIDE.match(mark[1]):
        return not (mark[2] and after[:1].strip())  # 「…。」と: the sentence that quotes goes on
    if after and not after[0].isspace():
        return False
    following = _NEXT.match(after)
    if not following:
        return True
    if following[1][0].islower():
        return False
    return mark[1] != "." or bool(mark[2]) or _stop_ends(before, following[1])


def _stop_ends(before: str, following: str) -> bool:
    """Return whether a full stop ends its sentence, by the words around it."""
    found = _LAST.search(before)
    last = found[0] if found else ""
    starts = following.strip("\"'“”‘’«»„.,;:!?") in _STARTERS
    if last.isdigit():
        return last != before.strip() and following.rstrip(".,;:!?") not in _ORDERED
    if _INITIALS.fullmatch(last):
        return starts
    return last.casefold() not in _ABBREVIATIONS
