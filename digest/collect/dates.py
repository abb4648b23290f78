"""Reads the dates that feeds write, in all their spellings; knows no feed and no clock."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from digest.collect.date_names import MONTHS, month_of, zone_of

_TWO_DIGITS = {name.title(): f"{number:02}" for name, number in MONTHS.items()}
_GREENWICH = frozenset({"GMT", "+0000"})
_TIME = re.compile(
    r"(오[전후]|[上下]午|午[前後])?\s*(?<!\d)(\d{1,2})[:.h](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?\s*([ap]\.?m\b\.?)?",
    re.IGNORECASE,
)
_AFTERNOON = ("p", "오후", "下", "午後")
_ISO_DATE = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?!\d)")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?)?")
_WORDS = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|\.)?[\s,-]+(?:de\s+)?([^\W\d_]{3,})\.?[\s,-]+(?:de\s+)?(\d{4}|\d{2})(?!\d|:)"
)
_AMERICAN = re.compile(r"([^\W\d_]{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(?:.*?\s)??(\d{4})(?!\d)")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})[.\s-]+([^\W\d_]{3,})[.\s-]+(\d{1,2})(?!\d|:)")
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
        # The spelling nearly every feed uses, RFC 822 with a four-digit year, takes the shortest way.
        if value[3] == "," and (day := _day(value[4:16])):
            zone = value[26:]
            if zone in _GREENWICH:
                return datetime.fromisoformat(f"{day}{value[17:25]}+00:00")
            if len(zone) == 5:
                return datetime.fromisoformat(f"{day}{value[17:25]}+00:00") - _east(zone)
        elif value[4] == "-":
            return _within_reason(_iso(value))
    except (ValueError, OverflowError):
        pass
    try:
        return _within_reason(_slow(value))
    except (ValueError, OverflowError):
        return None


def _within_reason(found: datetime | None) -> datetime | None:
    return found if found and _EARLIEST < found.year < _LATEST else None


def _iso(value: str) -> datetime:
    """Read RFC 3339 and its relatives; raise ValueError for any other text."""
    found = datetime.fromisoformat(value)
    zone = found.tzinfo
    return found if zone is UTC else found.astimezone(UTC) if zone else found.replace(tzinfo=UTC)


@lru_cache(256)
def _day(written: str) -> str:
    """Return a day as ISO 8601 has it, of one like `` 03 Mar 2026``; '' for any other text. A feed has few days."""
    month, year = _TWO_DIGITS.get(written[4:7]), written[8:12]
    is_usual = month and year.isdecimal() and _EARLIEST + 1 < int(year) < _LATEST - 1
    return f"{year}-{month}-{written[1:3]}T" if is_usual else ""


@lru_cache(256)
def _east(zone: str) -> timedelta:
    """Return how far east of Greenwich an offset like ``+0100`` is; raise ValueError for any other text."""
    return datetime.fromisoformat(f"2000-01-01T00:00:00{zone}").utcoffset() or timedelta()


def _moment(year: int, month: int, day: int, clock: list[str], zone: str) -> datetime:
    hour, minute, second = (int(part) for part in clock)
    extra = 0
    if second == 60:  # a leap second, RFC 3339 §5.6
        second, extra = 59, 1
    if hour == 24:
        hour, extra = 0, extra + 86400
    if zone in ("GMT", "+0000") and not extra:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    local = datetime(year, month, day, hour, minute, second, tzinfo=zone_of(zone))
    return local.astimezone(UTC) + timedelta(seconds=extra)


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
    return _moment(*date, [_hour(time), time[3], time[4] or "0"], rest[time.end() :])


def _hour(time: re.Match[str]) -> str:
    half = time[1] or time[5]
    if not half:
        return time[2]
    return str(int(time[2]) % 12 + (12 if half.lower().startswith(_AFTERNOON) else 0))


def _date(value: str) -> tuple[int, int, int] | None:
    if iso := _ISO_DATE.search(value):
        return int(iso[1]), int(iso[2]), int(iso[3] or 1)
    if compact := _COMPACT.match(value):
        return int(compact[1]), int(compact[2]), int(compact[3])
    if (words := _WORDS.search(value)) and (month := month_of(words[2])):
        return _year(words[3]), month, int(words[1])
    if (words := _AMERICAN.search(value)) and (month := month_of(words[1])):
        return int(words[3]), month, int(words[2])
    if (words := _YEAR_FIRST.search(value)) and (month := month_of(words[2])):
        return int(words[1]), month, int(words[3])
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


def _year(digits: str) -> int:
    """Return the full year; two digits are read as RFC 2822 §4.3 says."""
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + (2000 if year < 50 else 1900)
