"""Reads the dates that feeds write, in all their spellings; knows no feed and no clock."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11,
    "dec": 12,
}  # fmt: skip
_TWO_DIGITS = {name.title(): f"{number:02}" for name, number in _MONTHS.items()}
#: First letters of month names in other languages that feeds are written in, four of them before three.
_OTHER_MONTHS = {
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
_GREENWICH = frozenset({"GMT", "+0000"})
_TIME = re.compile(r"(?<!\d)(\d{1,2})[:.h](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?\s*([ap]\.?m\b\.?)?", re.IGNORECASE)
_OFFSET = re.compile(r"([+-])(\d{1,2}):?(\d{2})?\s*(?:\(.*\))?$")
_ZONE = re.compile(r"\b([a-z]{1,4})\b", re.IGNORECASE)
_ISO_DATE = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?!\d)")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?)?")
_WORDS = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|\.)?[\s,-]+(?:de\s+)?([^\W\d_]{3,})\.?[\s,-]+(?:de\s+)?(\d{4}|\d{2})(?!\d|:)"
)
_AMERICAN = re.compile(r"([^\W\d_]{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(?:.*?\s)??(\d{4})(?!\d)")
#: A day by numbers, the year last: with dots the day comes first, with strokes where the other cannot be a month.
_BY_NUMBERS = re.compile(r"(?<![\d./])(\d{1,2})([./])(\d{1,2})\2(\d{4})(?![\d./])")
_EASTERN = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]")
_UNIX = re.compile(r"^\d{10}(?:\d{3})?$")
#: What lies outside is a default value or a slip, not a date of news.
_EARLIEST, _LATEST = 1970, 2100


def read_date(value: str | None) -> datetime | None:
    """Return the moment ``value`` names, in UTC, or None where it names none.

    A date without a zone is taken as UTC, a date without a time as its first instant.
    """
    if not value:
        return None
    value = value.strip()
    if not 6 <= len(value) <= 80:
        return None
    try:
        found = _fast(value) or _slow(value)
    except (ValueError, OverflowError):
        return None
    return found if found and _EARLIEST < found.year < _LATEST else None


def _fast(value: str) -> datetime | None:
    """Read the two spellings nearly every feed uses: RFC 822 with a four-digit year, and RFC 3339."""
    try:
        if month := _TWO_DIGITS.get(value[8:11]):
            if value[3] != ",":
                return None
            zone = value[26:]
            if zone in _GREENWICH:
                return datetime.fromisoformat(f"{value[12:16]}-{month}-{value[5:7]}T{value[17:25]}+00:00")
            if len(zone) == 5:
                moment = f"{value[12:16]}-{month}-{value[5:7]}T{value[17:25]}{zone}"
                return datetime.fromisoformat(moment).astimezone(UTC)
        elif value[4] == "-":
            found = datetime.fromisoformat(value)
            return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except ValueError:
        return None
    return None


def _moment(year: int, month: int, day: int, clock: list[str], zone: str) -> datetime:
    hour, minute, second = (int(part) for part in clock)
    extra = 0
    if second == 60:  # a leap second, RFC 3339 §5.6
        second, extra = 59, 1
    if hour == 24:
        hour, extra = 0, extra + 86400
    if zone in ("GMT", "+0000") and not extra:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    local = datetime(year, month, day, hour, minute, second, tzinfo=timezone(timedelta(minutes=_minutes(zone))))
    return local.astimezone(UTC) + timedelta(seconds=extra)


def _minutes(zone: str) -> int:
    """Return a zone's minutes east of Greenwich; 0 for a name nobody knows."""
    if offset := _OFFSET.search(zone):
        east = int(offset[2]) * 60 + int(offset[3] or 0)
        return max(-1439, min(1439, -east if offset[1] == "-" else east))
    return next((_ZONES[name] for name in map(str.lower, _ZONE.findall(zone)) if name in _ZONES), 0)


def _slow(value: str) -> datetime | None:
    value = value.replace("−", "-")  # a minus sign, typeset
    if _UNIX.match(value):
        return datetime.fromtimestamp(int(value[:10]), UTC)
    date = _date(value)
    if date is None:
        return None
    rest = _BY_NUMBERS.sub(" ", _ISO_DATE.sub(" ", value))  # a day with dots looks like a time
    if compact := _COMPACT.match(value):
        return _moment(*date, [compact[4] or "0", compact[5] or "0", compact[6] or "0"], value[compact.end() :])
    time = _TIME.search(rest)
    if time is None:
        return _moment(*date, ["0", "0", "0"], "+0000")
    return _moment(*date, [_hour(time), time[2], time[3] or "0"], rest[time.end() :])


def _hour(time: re.Match[str]) -> str:
    if not time[4]:
        return time[1]
    return str(int(time[1]) % 12 + (12 if time[4].lower().startswith("p") else 0))


def _date(value: str) -> tuple[int, int, int] | None:
    if iso := _ISO_DATE.search(value):
        return int(iso[1]), int(iso[2]), int(iso[3] or 1)
    if compact := _COMPACT.match(value):
        return int(compact[1]), int(compact[2]), int(compact[3])
    if (words := _WORDS.search(value)) and (month := _month(words[2])):
        return _year(words[3]), month, int(words[1])
    if (words := _AMERICAN.search(value)) and (month := _month(words[1])):
        return int(words[3]), month, int(words[2])
    if eastern := _EASTERN.search(value):
        return int(eastern[1]), int(eastern[2]), int(eastern[3])
    return _by_numbers(value)


def _by_numbers(value: str) -> tuple[int, int, int] | None:
    """Return the day in ``03.11.2026`` or ``25/11/2026``, None where nobody can tell it from the month."""
    found = _BY_NUMBERS.search(value)
    if found is None:
        return None
    one, other, year = int(found[1]), int(found[3]), int(found[4])
    if found[2] == "." or one > 12 or one == other:
        return year, other, one
    return (year, one, other) if other > 12 else None


def _month(word: str) -> int | None:
    word = word.lower()
    return _MONTHS.get(word[:3]) or _OTHER_MONTHS.get(word[:4]) or _OTHER_MONTHS.get(word[:3])


def _year(digits: str) -> int:
    """Return the full year; two digits are read as RFC 2822 §4.3 says."""
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + (2000 if year < 50 else 1900)
