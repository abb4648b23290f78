"""One local time in many zones, as instants; does not know who lives where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from digest.schedule.calendar import on_the_clock


@dataclass(frozen=True, slots=True)
class Wave:
    """The zones whose clocks show the wanted time at one instant."""

    at: datetime  #: UTC
    zones: tuple[str, ...]  #: names from the tz database, in order


def waves(day: date, at: time, zones: Iterable[str]) -> tuple[Wave, ...]:
    """Return the waves in which readers of these zones get their local morning, earliest first.

    The edition is frozen before the first. Each zone is in exactly one wave.
    """
    instants: dict[datetime, list[str]] = {}
    for name in sorted(set(zones)):
        instants.setdefault(on_the_clock(day, at, ZoneInfo(name)), []).append(name)
    return tuple(Wave(instant, tuple(names)) for instant, names in sorted(instants.items()))
