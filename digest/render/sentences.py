"""Where sentences end, in the scripts news comes in; knows nothing of articles.

Good to about one sentence in a hundred: a full stop is weighed by what stands before and after it.
"""

from __future__ import annotations

import re

_ABBREVIATED = """
    mr mrs ms dr prof rev hon gov sen rep gen lt col maj capt sgt cmdr adm pres supt insp st mt ft vs etc no
    nos vol fig inc ltd co corp bros jr sr dept est approx ca cf al pp ed eds mon tue wed thu fri sat sun
    jan feb mar apr jun jul aug sep sept oct nov dec
    bzw nr bd str inkl ggf evtl usw vgl hr fr dipl mio mrd tel abs art jh
    mm mme mlle mgr av env éd chap
    sra srta dña ud uds pág núm aprox ee uu
"""
#: Words whose full stop ends no sentence, in the languages of the designs.
ABBREVIATIONS = frozenset(_ABBREVIATED.split())

#: Of those, the ones that are whole words too.
_AMBIGUOUS = frozenset({"no", "co", "sun", "sat", "art", "al", "mar"})

_OPENING_WORDS = """
    The A An It He She They We This That These Those But And In On At If As For His Her Their There When While
    After Before However Meanwhile Der Die Das Ein Eine Er Sie Es Le La Les Il Elle El Los Las
"""
#: A sentence may well begin with these after ``U.S.`` or an initial.
_STARTERS = frozenset(_OPENING_WORDS.split())

_ORDINAL = """
    Januar Jänner Februar März April Mai Juni Juli August September Oktober November Dezember
    Jahrhundert Bundesliga
"""
#: In German a full stop after a number makes it an ordinal before these.
_AFTER_ORDINALS = frozenset(_ORDINAL.split())

_END = re.compile(r"([.!?…]+|[。！？؟۔।]+)([\"'”’»“)\]]*)(\s+|$|(?<=[。！？])(?=\S))")
_LAST_WORD = re.compile(r"([^\s(\"'“‘«„]+)$")
_NEXT_WORD = re.compile(r"[\"'“‘«„(\[]*(\S[^\s,;:.!?]*)")


def sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of one line of text, in order; the last may lack its end."""
    found, start = [], 0
    for end in _END.finditer(text):
        if _ends_here(text[start : end.start()], end.group(1), text[end.end() :]):
            found.append(text[start : end.end(2)].strip())
            start = end.end()
    rest = text[start:].strip()
    return tuple(filter(None, (*found, rest)))


def _ends_here(before: str, mark: str, after: str) -> bool:
    following = _NEXT_WORD.match(after)
    if not following:
        return True
    upcoming = following.group(1)
    if upcoming[0].islower():
        return False
    return mark != "." or _full_stop_ends(before, upcoming)


def _full_stop_ends(before: str, upcoming: str) -> bool:
    match = _LAST_WORD.search(before)
    last = match.group(1) if match else ""
    if _is_initials(last) or last.lower() in _AMBIGUOUS:
        return upcoming in _STARTERS
    if last.isdigit():
        return upcoming not in _AFTER_ORDINALS
    return last.lower() not in ABBREVIATIONS


def _is_initials(word: str) -> bool:
    return (len(word) == 1 and word.isalpha()) or bool(re.fullmatch(r"(?:\w\.)+\w", word))
