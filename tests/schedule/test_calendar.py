"""When a rule is due: local wall-clock time in every zone there is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.schedule import WEEKDAYS, Due, Rule, due_between, next_due, on_the_clock, upcoming
from tests.schedule.zones import DECADES, SKIPPED, TIMES, every_zone, near_changes

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def utc(*parts: int) -> datetime:
    """Return an instant."""
    return datetime(*parts, tzinfo=UTC)


def prove(zone: ZoneInfo, at: time, first: date, last: date) -> None:
    """Check that a daily rule is due exactly once on each local date, at the first instant that shows it."""
    dues = list(due_between(Rule((at,)), *span(first, last), zone))
    wanted = [day for day in days(first, last) if (zone.key, day) not in SKIPPED]
    assert [due.date for due in dues if first <= due.date <= last] == wanted, (zone.key, at)
    for due in dues:
        wall = datetime.combine(due.date, at)
        local = due.at.astimezone(zone)
        assert local.replace(tzinfo=None) >= wall, (zone.key, due)
        assert local.fold == 0, (zone.key, due)
        assert (due.at - SECOND).astimezone(zone).replace(tzinfo=None) < wall, (zone.key, due)


def span(first: date, last: date) -> tuple[datetime, datetime]:
    """Return instants that enclose some local dates wherever one is."""
    return datetime.combine(first - 2 * DAY, time(), UTC), datetime.combine(last + 2 * DAY, time(), UTC)


def days(first: date, last: date) -> Iterable[date]:
    """Yield each date of a span."""
    return (first + n * DAY for n in range((last - first).days + 1))


def test_near_every_change_of_every_zone_a_daily_time_comes_exactly_once_a_local_day() -> None:
    changes = 0
    for zone in every_zone():
        for first, last in near_changes(zone):
            changes += 1
            for at in TIMES:
                prove(zone, at, first, last)
    assert changes > 1000


def test_far_from_changes_a_sample_of_days_is_the_same() -> None:
    for number, zone in enumerate(every_zone()):
        for first, end in DECADES:
            for day in list(days(first + timedelta(days=number % 97), end - DAY))[::397]:
                prove(zone, TIMES[(number + day.day) % len(TIMES)], day, day)


@pytest.mark.torture
@pytest.mark.parametrize("first", sorted({name[0] for name in available_timezones()}))
def test_every_day_of_every_zone(first: str) -> None:
    for zone in (each for each in every_zone() if each.key.startswith(first)):
        for begin, end in DECADES:
            for at in TIMES:
                prove(zone, at, begin, end - DAY)


def test_a_day_that_a_zone_never_had_gets_no_edition() -> None:
    for zone in map(ZoneInfo, ("Pacific/Apia", "Pacific/Fakaofo")):
        dues = due_between(Rule((time(7),)), utc(2011, 12, 28), utc(2012, 1, 1, 16, 59), zone)
        assert [due.date.day for due in dues] == [28, 29, 31, 1]


NAMED = [
    ("half past two on the night the clocks go forward", BERLIN, date(2026, 3, 29), time(2, 30), (1, 0)),
    ("half past two on the night the clocks go back", BERLIN, date(2026, 10, 25), time(2, 30), (0, 30)),
    ("an ordinary winter morning", BERLIN, date(2026, 1, 5), time(7), (6, 0)),
    ("an ordinary summer morning", BERLIN, date(2026, 7, 5), time(7), (5, 0)),
    ("the gap of an hour in New York", NEW_YORK, date(2026, 3, 8), time(2, 30), (7, 0)),
    ("the repeated hour in New York", NEW_YORK, date(2026, 11, 1), time(1, 30), (5, 30)),
    ("a gap of half an hour", ZoneInfo("Australia/Lord_Howe"), date(2026, 10, 4), time(2, 15), (15, 30)),
    ("a gap at midnight", ZoneInfo("Africa/Cairo"), date(2026, 4, 24), time(0, 30), (22, 0)),
]


@pytest.mark.parametrize(("zone", "day", "at", "expected"), [n[1:] for n in NAMED], ids=[n[0] for n in NAMED])
def test_a_named_case(zone: ZoneInfo, day: date, at: time, expected: tuple[int, int]) -> None:
    instant = on_the_clock(day, at, zone)
    assert (instant.hour, instant.minute) == expected


def test_a_run_is_due_after_the_instant_given_never_at_it() -> None:
    rule = Rule((time(7),))
    assert next_due(rule, utc(2026, 3, 4, 6), BERLIN) == utc(2026, 3, 5, 6)
    assert next_due(rule, utc(2026, 3, 4, 5, 59, 59), BERLIN) == utc(2026, 3, 4, 6)


def test_weekdays_are_the_local_ones() -> None:
    rule = Rule((time(0, 30),), days=("mon",))
    assert next_due(rule, utc(2026, 3, 1), ZoneInfo("Asia/Tokyo")) == utc(2026, 3, 1, 15, 30)


def test_several_times_a_day_have_a_slot_each() -> None:
    found = upcoming(Rule((time(18), time(7))), utc(2026, 3, 4), ZoneInfo("UTC"), 3)
    assert [(due.date.day, due.slot) for due in found] == [(4, "0700"), (4, "1800"), (5, "0700")]


def test_one_time_a_day_has_the_empty_slot() -> None:
    assert upcoming(Rule(), utc(2026, 3, 4), ZoneInfo("UTC"), 1) == (Due(utc(2026, 3, 4, 7), date(2026, 3, 4), ""),)


def test_every_six_hours_counts_from_the_first_time_of_the_day() -> None:
    rule = Rule((time(5, 15),), every_hours=6)
    assert rule.clock == (time(5, 15), time(11, 15), time(17, 15), time(23, 15))


def test_every_hour_comes_once_an_hour_on_a_day_of_23_hours() -> None:
    rule = Rule((time(0),), every_hours=1)
    dues = list(due_between(rule, utc(2026, 3, 28, 22, 59), utc(2026, 3, 29, 21, 59), BERLIN))
    assert len({due.slot for due in dues}) == len(dues) == 24
    assert len({due.at for due in dues}) == 23  # 02:00 and 03:00 are one instant


def test_the_thirty_first_is_the_last_day_of_a_shorter_month() -> None:
    found = upcoming(Rule(month_days=(31,)), utc(2026, 1, 1), ZoneInfo("UTC"), 4)
    assert [(due.date.month, due.date.day) for due in found] == [(1, 31), (2, 28), (3, 31), (4, 30)]


def test_the_first_monday_is_a_monday_among_the_first_seven_days() -> None:
    rule = Rule(days=("mon",), month_days=tuple(range(1, 8)))
    found = upcoming(rule, utc(2026, 1, 1), ZoneInfo("UTC"), 3)
    assert [due.date for due in found] == [date(2026, 1, 5), date(2026, 2, 2), date(2026, 3, 2)]


def test_holidays_are_left_out_once_or_every_year() -> None:
    rule = Rule(holidays=frozenset({date(2026, 12, 24)}), yearly=frozenset({(12, 25), (1, 1)}))
    dates = {due.date for due in due_between(rule, utc(2026, 12, 23), utc(2028, 1, 3), ZoneInfo("UTC"))}
    assert date(2026, 12, 24) not in dates
    assert date(2027, 12, 24) in dates
    assert not dates & {date(2026, 12, 25), date(2027, 12, 25), date(2027, 1, 1), date(2028, 1, 1)}


def test_a_rule_that_never_comes_true_is_never_due() -> None:
    assert next_due(Rule(days=()), utc(2026, 1, 1), BERLIN) is None


@given(
    st.integers(0, 280_000).map(lambda hours: utc(2005, 1, 1) + timedelta(hours=hours)),
    st.lists(st.integers(0, 200), min_size=1, max_size=6),
    st.deferred(lambda: st.sampled_from(every_zone())),
    st.lists(st.times().map(lambda at: at.replace(second=0, microsecond=0)), min_size=1, max_size=3),
    st.sets(st.sampled_from(WEEKDAYS), min_size=1),
)
def test_cutting_a_span_in_pieces_changes_nothing(
    start: datetime, cuts: list[int], zone: ZoneInfo, times: list[time], weekdays: set[str]
) -> None:
    rule = Rule(tuple(times), tuple(day for day in WEEKDAYS if day in weekdays))
    edges = [start + timedelta(hours=hours) for hours in sorted([0, *cuts])]
    pieces = [due for low, high in pairwise(edges) for due in due_between(rule, low, high, zone)]
    assert pieces == list(due_between(rule, edges[0], edges[-1], zone))
    assert sorted(pieces) == pieces
    assert all(count == 1 for count in Counter((due.date, due.slot) for due in pieces).values())
