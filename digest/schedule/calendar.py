"""From a rule in local wall-clock time to instants; reads no clock and knows no scheduler."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Literal, get_args
from zoneinfo import ZoneInfo

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)

_DAY = timedelta(days=1)
#: How far ahead a rule is searched: every weekday meets every day of the month within two years.
_HORIZON = timedelta(days=5 * 366)


@dataclass(frozen=True, slots=True)
class Rule:
    """When something is due, in local time; every condition must hold."""

    times: tuple[time, ...] = (time(7),)  #: local times of day
    days: tuple[Weekday, ...] = WEEKDAYS  #: days of the week
    month_days: tuple[int, ...] = ()  #: days of the month from 1; past its end means its last; () for all
    every_hours: int = 0  #: repeat from the first of ``times`` to midnight; 0 for not at all
    holidays: frozenset[date] = frozenset()  #: dates left out
    yearly: frozenset[tuple[int, int]] = frozenset()  #: (month, day) left out every year

    @property
    def clock(self) -> tuple[time, ...]:
        """The local times of day on which it is due, in order, each once."""
        if not self.every_hours:
            return tuple(sorted(set(self.times)))
        first = min(self.times)
        return tuple(first.replace(hour=hour) for hour in range(first.hour, 24, self.every_hours))

    def slot(self, at: time) -> str:
        """Return the slot of a time of day: ``'0700'``, or ``''`` where there is one time a day."""
        return at.strftime("%H%M") if len(self.clock) > 1 else ""

    def holds(self, day: date) -> bool:
        """Return whether it is due on a local date at all."""
        if day in self.holidays or (day.month, day.day) in self.yearly:
            return False
        return WEEKDAYS[day.weekday()] in self.days and self._in_month(day)

    def _in_month(self, day: date) -> bool:
        last = monthrange(day.year, day.month)[1]
        return not self.month_days or day.day in {min(wanted, last) for wanted in self.month_days}


@dataclass(frozen=True, slots=True, order=True)
class Due:
    """One time at which a rule is due."""

    at: datetime  #: the instant, UTC
    date: date  #: the local date it stands for; the instant may lie after its midnight
    slot: str = ""  #: '' where there is one time a day


def next_due(rule: Rule, after: datetime, zone: ZoneInfo) -> datetime | None:
    """Return the first instant later than ``after`` at which a rule is due, in UTC.

    None where it is not due within five years, as in a week that is all holidays.
    """
    found = upcoming(rule, after, zone, 1)
    return found[0].at if found else None


def upcoming(rule: Rule, after: datetime, zone: ZoneInfo, count: int) -> tuple[Due, ...]:
    """Return the next runs later than ``after``, soonest first, at most ``count``."""
    return tuple(islice(due_between(rule, after, after + _HORIZON, zone), count))


def due_between(rule: Rule, since: datetime, until: datetime, zone: ZoneInfo) -> Iterator[Due]:
    """Yield every run later than ``since`` and not later than ``until``, soonest first.

    Two slots that fall on one instant, because the clock jumped over the first, are both given.
    """
    clock = tuple((at, rule.slot(at)) for at in rule.clock)
    day = since.astimezone(zone).date() - _DAY  # a time in a gap at midnight belongs to the day before
    last = until.astimezone(zone).date()
    while day <= last:
        if rule.holds(day) and _exists(day, zone):
            for at, slot in clock:
                instant = on_the_clock(day, at, zone)
                if since < instant <= until:
                    yield Due(instant, day, slot)
        day += _DAY


def on_the_clock(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return the instant, in UTC, at which the clocks of a zone show a date and time.

    The first of two, where they show it twice; the first instant after the gap, where they never do.
    """
    wall = datetime.combine(day, at)
    early = wall.replace(tzinfo=zone)
    instant = early.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == wall:
        return instant
    # In a gap, fold=0 counts with the offset before it and fold=1 with the one after it (PEP 495),
    # so that the change lies between the two.
    return _change(early.replace(fold=1).astimezone(UTC), instant, zone)


def _change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the first second, of ``(before, after]``, with another offset than ``before``."""
    offset = before.astimezone(zone).utcoffset()
    low, high = 0, int((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        if (before + timedelta(seconds=middle)).astimezone(zone).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return before + timedelta(seconds=high)


def _exists(day: date, zone: ZoneInfo) -> bool:
    """Return whether a zone had this date: Samoa went from 29 to 31 December 2011."""
    midnight = on_the_clock(day, time(), zone)
    return midnight.astimezone(zone).date() == day
