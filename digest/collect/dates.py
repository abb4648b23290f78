"""Reads the dates that feeds write, in all their spellings; knows no feed and no clock."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11,
    "dec": 12,
}  # fmt: skip
_TWO_DIGITS = {name.title(): f"{number:02}" for name, number in _MONTHS.items()}
#: First letters of month names in other languages that feeds are written in.
_OTHER_MONTHS = {
    "janv": 1, "ene": 1, "gen": 1, "jän": 1, "fév": 2, "fev": 2, "feb": 2, "mär": 3, "mrz": 3, "mrt": 3, "maa": 3,
    "mars": 3, "avr": 4, "abr": 4, "mai": 5, "mei": 5, "maj": 5, "mag": 5, "juin": 6, "giu": 6, "juil": 7, "lug": 7,
    "août": 8, "aou": 8, "ago": 8, "set": 9, "okt": 10, "ott": 10, "out": 10, "déc": 12, "dez": 12, "dic": 12,
    "des": 12,
}  # fmt: skip
#: Zone names of RFC 822 §5.1 and those that news sites use beside them, as minutes east of Greenwich.
_ZONES = {
    "gmt": 0, "ut": 0, "utc": 0, "z": 0, "wet": 0, "bst": 60, "ist": 330, "west": 60, "cet": 60, "met": 60, "cest": 120,
    "mest": 120, "eet": 120, "eest": 180, "msk": 180, "sast": 120, "jst": 540, "kst": 540, "hkt": 480, "sgt": 480,
    "aest": 600, "aedt": 660, "acst": 570, "awst": 480, "nzst": 720, "nzdt": 780, "est": -300, "edt": -240, "cst": -360,
    "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "akst": -540, "akdt": -480, "hst": -600,
    "ast": -240, "adt": -180,
}  # fmt: skip
_TIME = re.compile(r"(?<!\d)(\d{1,2})[:.h](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?\s*([ap]\.?m\b\.?)?", re.IGNORECASE)
_OFFSET = re.compile(r"([+-])(\d{1,2}):?(\d{2})?\s*(?:\(.*\))?$")
_ZONE = re.compile(r"\b([a-z]{1,4})\b", re.IGNORECASE)
_ISO_DATE = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?!\d)")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?)?")
_WORDS = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|\.)?[\s,-]+(?:de\s+)?([^\W\d_]{3,})\.?[\s,-]+(?:de\s+)?(\d{4}|\d{2})(?!\d|:)"
)
_AMERICAN = re.compile(r"([^\W\d_]{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(?:.*?\s)??(\d{4})(?!\d)")
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
        found = _fast(value)
    except ValueError:
        found = None
    try:
        found = found or _slow(value)
    except (ValueError, OverflowError):
        return None
    return found if found and _EARLIEST < found.year < _LATEST else None


def _fast(value: str) -> datetime | None:
    """Read the two spellings nearly every feed uses: RFC 822 with a four-digit year, and RFC 3339."""
    if value[4] == "-" and len(value) >= 10:
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            return None
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    month = _TWO_DIGITS.get(value[8:11])
    if month is None or value[3] != ",":
        return None
    zone = value[26:]
    if zone == "GMT":
        return datetime.fromisoformat(f"{value[12:16]}-{month}-{value[5:7]}T{value[17:25]}+00:00")
    if len(zone) == 5 and zone[0] in "+-":
        return datetime.fromisoformat(f"{value[12:16]}-{month}-{value[5:7]}T{value[17:25]}{zone}").astimezone(UTC)
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
    if _UNIX.match(value):
        return datetime.fromtimestamp(int(value[:10]), UTC)
    date = _date(value)
    if date is None:
        return None
    rest = value
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
    return None


def _month(word: str) -> int | None:
    word = word.lower()
    return _MONTHS.get(word[:3]) or _OTHER_MONTHS.get(word[:4]) or _OTHER_MONTHS.get(word[:3])


def _year(digits: str) -> int:
    """Return the full year; two digits are read as RFC 2822 §4.3 says."""
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + (2000 if year < 50 else 1900)
