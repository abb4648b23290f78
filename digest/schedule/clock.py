"""The clock: APScheduler firing what is due, in one process; does not know what an edition is."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from digest.pipeline.app import App, Newsletter
from digest.pipeline.collecting import collect
from digest.pipeline.keeping import tidy
from digest.pipeline.notifying import send_notices
from digest.pipeline.telling import tell_again
from digest.pipeline.vitals import note_tick
from digest.schedule.appointed import run_appointed
from digest.schedule.calendar import Rule, next_due
from digest.schedule.running import rule_of, run_due
from digest.schedule.trigger import JOB_OPTIONS, CalendarTrigger

log = structlog.get_logger()

#: When old articles are thrown away.
NIGHT = Rule(times=(time(3, 20),))


def run_clock(app: App, wait: Callable[[], object]) -> None:
    """Compose and plan each newsletter's editions, collect in between, send confirmations, until ``wait`` ends.

    What is in flight is finished.
    """
    scheduler = make_scheduler(app)
    scheduler.start()
    wait()
    scheduler.shutdown(wait=True)


def make_scheduler(app: App) -> BackgroundScheduler:
    """Return a scheduler with every job of the installation, not yet started."""
    scheduler = BackgroundScheduler(timezone=UTC, job_defaults=JOB_OPTIONS)
    turn = threading.Lock()

    def due(newsletter: Newsletter) -> None:
        with turn:
            run_due(app, newsletter, datetime.now(UTC))

    def tick() -> None:
        now = datetime.now(UTC)
        note_tick(app, {each.slug: next_due(rule_of(each), now, each.zone) for each in app.newsletters})

    def look_again() -> None:
        # The first look, at the start, finds what was missed while nobody ran; the others, that a clock
        # which was far ahead for a moment left triggers waiting for that time.
        for newsletter in app.newsletters:
            due(newsletter)
        with turn:
            tell_again(app)

    def appointed() -> None:
        with turn:
            run_appointed(app, datetime.now(UTC))

    def throw_away() -> None:
        done = tidy(app, datetime.now(UTC), app.keep_days)
        log.info("tidied", articles=done.articles, pictures=done.pictures, checks=done.checks, people=done.people)

    def ask_sources() -> None:
        with turn:
            collected = collect(app, app.sources, datetime.now(UTC))
        log.info("collected", new=collected.new, updated=collected.updated, failed=len(collected.failed))

    for newsletter in app.newsletters:
        rule = every_quarter(rule_of(newsletter)) if newsletter.readers_time else rule_of(newsletter)
        trigger = CalendarTrigger(rule, newsletter.zone)
        scheduler.add_job(due, trigger, args=[newsletter], id=f"edition {newsletter.slug}")
    scheduler.add_job(tick, "interval", minutes=1, id="tick", next_run_time=datetime.now(UTC))
    scheduler.add_job(throw_away, CalendarTrigger(NIGHT, ZoneInfo("UTC")), id="tidy")
    scheduler.add_job(look_again, "interval", minutes=5, id="look again", next_run_time=datetime.now(UTC))
    scheduler.add_job(appointed, "interval", seconds=20, id="appointed", next_run_time=datetime.now(UTC))
    scheduler.add_job(ask_sources, "interval", minutes=app.limits.interval_minutes, id="collect")
    scheduler.add_job(lambda: send_notices(app), "interval", seconds=30, id="notices")
    return scheduler


def every_quarter(rule: Rule) -> Rule:
    """Return a rule that is due whenever the clocks of any zone show a time of ``rule``.

    Zones differ by whole quarters of an hour.
    """
    minutes = sorted({(at.minute + quarter) % 60 for at in rule.clock for quarter in (0, 15, 30, 45)})
    return Rule(times=tuple(time(hour, minute) for hour in range(24) for minute in minutes))
