"""What happens when an edition is due: asked again at each start, so that a missed run is never lost in silence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time

import structlog

from digest.errors import BroadsheetError
from digest.pipeline.app import App, Newsletter
from digest.pipeline.publishing import publish
from digest.schedule.calendar import WEEKDAYS, Rule
from digest.schedule.missed import Decision, missed

log = structlog.get_logger()


def rule_of(newsletter: Newsletter) -> Rule:
    """Return when a newsletter is due."""
    return Rule(
        times=tuple(time.fromisoformat(at) for at in newsletter.times),
        days=tuple(day for day in WEEKDAYS if day in newsletter.days),
    )


def run_due(
    app: App, newsletter: Newsletter, now: datetime, *, stop: Callable[[], bool] = lambda: False
) -> tuple[Decision, ...]:
    """Decide every run that has come since the last decided one, and send what is to be sent.

    A run is marked as decided after it was carried out: a process killed between the two decides it again, and
    the edition's key and the ledger make that harmless.
    """
    name = f"last run of {newsletter.slug}"
    last = app.store.meta.get(name)
    last_run = datetime.fromisoformat(last) if last else None
    decisions = missed(rule_of(newsletter), newsletter.zone, last_run, now, newsletter.late, newsletter.late_hours)
    for decision in decisions:
        log.info(
            "run_decided",
            newsletter=newsletter.slug,
            due=decision.due.at.isoformat(),
            action=decision.action,
            why=decision.why,
        )
        if decision.action == "send":
            _publish(app, newsletter, now, stop)
        app.store.meta.set(name, decision.due.at.isoformat())
    return decisions


def _publish(app: App, newsletter: Newsletter, now: datetime, stop: Callable[[], bool]) -> None:
    """Send, and turn what goes wrong into an event: the schedule goes on."""
    try:
        published = publish(app, newsletter, now, stop=stop)
    except BroadsheetError as error:
        log.error("edition_not_sent", newsletter=newsletter.slug, kind=type(error).__name__, why=str(error))
        return
    if published is not None and published.report is not None:
        report = published.report
        log.info(
            "edition_sent", newsletter=newsletter.slug, edition=published.composed.edition.id,
            planned=report.planned, sent=report.sent, rejected=report.rejected, uncertain=report.uncertain,
        )  # fmt: skip
