"""Every zone of the tz database and the days near its changes, found by looking at offsets alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

TIMES = tuple(time(h, m) for h, m in ((0, 0), (0, 30), (1, 30), (2, 30), (3, 0), (7, 0), (23, 30)))
#: The decade behind us with a skipped day in it, and the one ahead.
DECADES = ((date(2010, 1, 1), date(2020, 1, 1)), (date(2026, 1, 1), date(2036, 1, 1)))
#: Dates that a zone never had: it moved to the other side of the date line.
SKIPPED = {("Pacific/Apia", date(2011, 12, 30)), ("Pacific/Fakaofo", date(2011, 12, 30))}
#: No zone has changed its clocks twice within this time in these decades.
_STEP = timedelta(days=3)


@cache
def every_zone() -> tuple[ZoneInfo, ...]:
    """Return each set of rules once: hundreds of names are links to the same."""
    by_rules = {_offsets(ZoneInfo(name)): name for name in sorted(_names(), reverse=True)}
    return tuple(ZoneInfo(name) for name in sorted(by_rules.values()))


def _names() -> set[str]:
    return {name for name in available_timezones() if name not in {"localtime", "Factory"}}


@cache
def _offsets(zone: ZoneInfo) -> tuple[tuple[date, timedelta | None], ...]:
    """Return the days, one in three, on which a zone's offset is another than before."""
    found: list[tuple[date, timedelta | None]] = []
    for first, end in DECADES:
        at, stop = (datetime.combine(day, time(), UTC) for day in (first, end))
        while at < stop:
            offset = at.astimezone(zone).utcoffset()
            if not found or offset != found[-1][1]:
                found.append((at.date(), offset))
            at += _STEP
    return tuple(found)


def near_changes(zone: ZoneInfo) -> Iterator[tuple[date, date]]:
    """Yield spans of days, first and last, around each change of a zone's clocks."""
    for day, _ in _offsets(zone)[1:]:
        yield day - timedelta(days=5), day + timedelta(days=2)
