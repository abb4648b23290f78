"""What months and time zones are called in feeds; knows no other part of a date."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

#: The first letters of months in English.
MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11,
    "dec": 12,
}  # fmt: skip
#: First letters of month names in other languages that feeds are written in, four of them before three.
_OTHER = {
    "janv": 1, "ene": 1, "gen": 1, "jän": 1, "ian": 1, "sty": 1, "led": 1, "oca": 1, "янв": 1, "січ": 1, "ιαν": 1,
    "ينا": 1, "fév": 2, "fev": 2, "feb": 2, "lut": 2, "úno": 2, "şub": 2, "фев": 2, "лют": 2, "φεβ": 2, "فبر": 2,
    "mär": 3, "mrz": 3, "mrt": 3, "maa": 3, "mars": 3, "már": 3, "bře": 3, "мар": 3, "бер": 3, "μαρ": 3, "مار": 3,
    "avr": 4, "abr": 4, "ápr": 4, "kwi": 4, "dub": 4, "nis": 4, "апр": 4, "кві": 4, "απρ": 4, "أبر": 4,
    "mai": 5, "mei": 5, "maj": 5, "mag": 5, "máj": 5, "kvě": 5, "мая": 5, "май": 5, "тра": 5, "μαι": 5, "μαΐ": 5,
    "ماي": 5, "juin": 6, "giu": 6, "iun": 6, "cze": 6, "jún": 6, "haz": 6, "июн": 6, "чер": 6, "ιουν": 6, "يون": 6,
    "juil": 7, "lug": 7, "iul": 7, "lip": 7, "júl": 7, "tem": 7, "июл": 7, "лип": 7, "ιουλ": 7, "يول": 7,
    "août": 8, "aou": 8, "ago": 8, "sie": 8, "srp": 8, "ağu": 8, "авг": 8, "сер": 8, "αυγ": 8, "أغس": 8,
    "set": 9, "wrz": 9, "zář": 9, "eyl": 9, "szep": 9, "сен": 9, "вер": 9, "σεπ": 9, "سبت": 9,
    "okt": 10, "ott": 10, "out": 10, "paź": 10, "říj": 10, "eki": 10, "окт": 10, "жов": 10, "οκτ": 10, "أكت": 10,
    "lis": 11, "kas": 11, "noi": 11, "ноя": 11, "νοε": 11, "نوف": 11,
    "déc": 12, "dez": 12, "dic": 12, "des": 12, "gru": 12, "pro": 12, "ara": 12, "дек": 12, "гру": 12, "δεκ": 12,
    "ديس": 12,
}  # fmt: skip
#: Zone names of RFC 822 §5.1 and those that news sites use beside them, as minutes east of Greenwich.
_ZONES = {
    "gmt": 0, "ut": 0, "utc": 0, "z": 0, "wet": 0, "bst": 60, "ist": 330, "west": 60, "cet": 60, "met": 60, "cest": 120,
    "mest": 120, "eet": 120, "eest": 180, "msk": 180, "sast": 120, "jst": 540, "kst": 540, "hkt": 480, "sgt": 480,
    "aest": 600, "aedt": 660, "acst": 570, "awst": 480, "nzst": 720, "nzdt": 780, "est": -300, "edt": -240, "cst": -360,
    "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "akst": -540, "akdt": -480, "hst": -600,
    "ast": -240, "adt": -180,
}  # fmt: skip
#: Zones whose short names leave open whether it is summer.
_PLACES = {
    "AT": "America/Halifax", "ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver",
    "PT": "America/Los_Angeles",
}  # fmt: skip
_PLACE = re.compile(r"\b[A-Z][A-Za-z]+/[A-Za-z_]+(?:/[A-Za-z_]+)?\b")
_OFFSET = re.compile(r"([+-])(\d{1,2}):?(\d{2})?\s*(?:\(.*\))?Z?$")
_ZONE = re.compile(r"\b([a-z]{1,4})\b", re.IGNORECASE)


def month_of(word: str) -> int | None:
    """Return the number of the month that ``word`` begins like, with or without its accents; None for no month."""
    for spelt in (word.lower(), _without_accents(word.lower())):
        if found := MONTHS.get(spelt[:3]) or _OTHER.get(spelt[:4]) or _OTHER.get(spelt[:3]):
            return found
    return None


def _without_accents(word: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))


def zone_of(zone: str) -> tzinfo:
    """Return the zone that an offset or a name stands for, Greenwich's for a name nobody knows."""
    if offset := _OFFSET.search(zone):
        east = int(offset[2]) * 60 + int(offset[3] or 0)
        return timezone(timedelta(minutes=max(-1439, min(1439, -east if offset[1] == "-" else east))))
    if (place := _PLACE.search(zone)) and place[0] in _places():
        return ZoneInfo(place[0])
    for name in _ZONE.findall(zone):
        if name.lower() in _ZONES:
            return timezone(timedelta(minutes=_ZONES[name.lower()]))
        if name in _PLACES:
            return ZoneInfo(_PLACES[name])
    return UTC


@cache
def _places() -> set[str]:
    return available_timezones()
