"""One local time in many zones, as instants; does not know who lives where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from digest.schedule.calendar import Due, Rule, upcoming


@dataclass(frozen=True, slots=True)
class Wave:
    """The zones in which one run is due at one instant."""

    due: Due
    zones: tuple[str, ...]  #: names from the tz database, in order


def waves(rule: Rule, after: datetime, zones: Iterable[str], count: int) -> tuple[Wave, ...]:
    """Return the next waves later than ``after``, soonest first, at most ``count``; of a date the east goes first."""
    found: dict[Due, list[str]] = {}
    for name in sorted(set(zones)):
        for due in upcoming(rule, after, ZoneInfo(name), count):
            found.setdefault(due, []).append(name)
    return tuple(Wave(due, tuple(names)) for due, names in sorted(found.items())[:count])
