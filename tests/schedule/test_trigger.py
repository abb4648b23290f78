"""The trigger inside a real APScheduler."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from threading import Event
from zoneinfo import ZoneInfo

import pytest
from apscheduler.schedulers.background import BackgroundScheduler

from digest.schedule import Rule, next_due
from digest.schedule.clock import every_quarter
from digest.schedule.trigger import JOB_OPTIONS, CalendarTrigger
from tests.schedule.zones import TIMES, every_zone, near_changes

BERLIN = ZoneInfo("Europe/Berlin")


def firings(trigger: CalendarTrigger, start: datetime, end: datetime) -> Iterator[datetime]:
    """Fire a trigger as the scheduler does: the next time is asked for when the last has come."""
    at = trigger.get_next_fire_time(None, start)
    while at is not None and at <= end:
        yield at
        at = trigger.get_next_fire_time(at, at)


@pytest.fixture
def scheduler() -> Iterator[BackgroundScheduler]:
    """Run a scheduler."""
    running = BackgroundScheduler(timezone=UTC)
    running.start()
    yield running
    running.shutdown()


def test_it_fires_once_a_day_through_the_changes_of_every_tenth_zone() -> None:
    for number, zone in enumerate(every_zone()[::10]):
        trigger = CalendarTrigger(Rule((TIMES[number % len(TIMES)],)), zone)
        for first, last in near_changes(zone):
            start = datetime.combine(first, time(12), zone)
            end = datetime.combine(last, time(12), zone)
            assert len(list(firings(trigger, start, end))) == (last - first).days


def test_the_first_firing_may_be_this_very_instant() -> None:
    now = datetime(2026, 3, 4, 6, tzinfo=UTC)
    assert CalendarTrigger(Rule(), BERLIN).get_next_fire_time(None, now) == now


def test_the_time_it_gives_is_in_its_own_zone() -> None:
    at = CalendarTrigger(Rule(), BERLIN).get_next_fire_time(None, datetime(2026, 3, 4, tzinfo=UTC))
    assert at is not None
    assert at.isoformat() == "2026-03-04T07:00:00+01:00"


def test_a_clock_set_back_does_not_stop_it_for_years() -> None:
    fired_by_a_wrong_clock = datetime(2031, 1, 1, 6, tzinfo=UTC)
    now = datetime(2026, 3, 4, 12, tzinfo=UTC)
    after = CalendarTrigger(Rule(), BERLIN).get_next_fire_time(fired_by_a_wrong_clock, now)
    assert after == datetime(2026, 3, 5, 6, tzinfo=UTC)


def test_a_rule_that_never_comes_true_ends_its_job() -> None:
    assert CalendarTrigger(Rule(days=()), BERLIN).get_next_fire_time(None, datetime.now(UTC)) is None


def test_it_says_what_it_does() -> None:
    assert str(CalendarTrigger(Rule((time(18), time(7))), BERLIN)) == "at 07:00, 18:00 in Europe/Berlin"


def test_days_that_passed_while_nobody_ran_come_as_one_call_and_are_not_dropped(
    scheduler: BackgroundScheduler,
) -> None:
    calls: list[datetime] = []
    came = Event()

    def note() -> None:
        calls.append(datetime.now(UTC))
        came.set()

    three_days_ago = datetime.now(UTC) - timedelta(days=3)
    job = scheduler.add_job(note, CalendarTrigger(Rule(), BERLIN), next_run_time=three_days_ago, **JOB_OPTIONS)
    assert came.wait(120)
    assert len(calls) == 1
    assert scheduler.get_job(job.id).next_run_time > datetime.now(UTC)


def test_every_zone_s_morning_falls_on_a_quarter_that_is_looked_at() -> None:
    rule = Rule((time(7, 5),))
    looked_at = set(every_quarter(rule).clock)
    for zone in every_zone():
        instant = next_due(rule, datetime(2026, 3, 4, tzinfo=UTC), zone)
        assert instant is not None
        assert instant.time() in looked_at
