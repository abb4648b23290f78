"""The clock's process: its jobs, each run by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from digest.bootstrap import build
from digest.config import read_config
from digest.pipeline.app import App
from digest.pipeline.dispatching import Dispatcher
from digest.pipeline.vitals import health_of
from digest.schedule import Rule
from digest.schedule.clock import every_quarter, make_scheduler
from tests.newsroom import EVENTS, Newsroom


@pytest.fixture
def room(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Newsroom:
    """Return a newsletter that goes every hour of the day, so that one is due now or soon."""
    room = Newsroom(tmp_path, capsys)
    room.newsletter = 'slug = "daily"\nopt_in = "single"\nsend_at = "00:00"\nevery_hours = 1\nlate_hours = 1'
    room.report("tide", *EVENTS, at=datetime.now(UTC) - timedelta(hours=3))
    room.add("ann@reader.example.org")
    return room


@pytest.fixture
def app(room: Newsroom) -> Iterator[App]:
    """Return the installation, as the clock's process opens it."""
    built = build(read_config(room.write_config()), now=datetime.now(UTC))
    yield built
    built.store.close()


def run(app: App, job: str) -> None:
    """Run one job of the scheduler, once."""
    found = next(each for each in make_scheduler(app).get_jobs() if each.id == job)
    found.func(*found.args)


def test_each_newsletter_and_each_chore_has_a_job(app: App) -> None:
    jobs = {job.id for job in make_scheduler(app).get_jobs()}
    assert {"edition daily", "tick", "look again", "collect", "notices", "tidy"} <= jobs


def test_no_job_is_dropped_for_being_late_or_runs_twice_for_it(app: App) -> None:
    scheduler = make_scheduler(app)
    scheduler.start(paused=True)
    for job in scheduler.get_jobs():
        assert job.misfire_grace_time is None
        assert job.coalesce
        assert job.max_instances == 1
    scheduler.shutdown()


def test_the_tick_tells_that_it_lives_and_what_is_next(app: App) -> None:
    before = datetime.now(UTC)
    run(app, "tick")
    health = health_of(app, datetime.now(UTC))
    assert health.tick is not None
    assert health.tick >= before
    assert health.next_runs["daily"] > before
    assert health.faults == ()


def test_what_was_missed_is_found_by_looking_again(app: App, room: Newsroom) -> None:
    app.store.meta.set("last run of daily", (datetime.now(UTC) + timedelta(days=1)).isoformat())
    run(app, "look again")
    assert room.journal == []
    app.store.meta.set("last run of daily", datetime(2026, 1, 1, tzinfo=UTC).isoformat())
    run(app, "look again")
    assert room.journal == [], "the clock plans; the mails are the sender's"
    Dispatcher(app, lambda: False, lambda _seconds: None).look()
    assert len(room.journal) == 1


def test_sources_are_asked_between_editions(app: App) -> None:
    run(app, "collect")
    assert app.store.sources.states(["tide"])["tide"].checked_at is not None


def test_the_night_s_tidying_leaves_what_is_young(app: App) -> None:
    run(app, "collect")
    run(app, "tidy")
    assert len(app.store.articles.window(datetime(2000, 1, 1, tzinfo=UTC), datetime.now(UTC), ["tide"])) == len(EVENTS)


def test_confirmations_leave_by_themselves(app: App, room: Newsroom) -> None:
    room.digest("subscribers", "make", "friends", "--opt-in", "double")
    room.digest("subscribers", "add", "friends", "bea@reader.example.org")
    run(app, "notices")
    assert len(room.journal) == 1


def test_quarters_cover_every_hour() -> None:
    assert len(every_quarter(Rule((time(7, 5),))).clock) == 96
