"""What happens when an edition is due: asked again at each start, so that a missed run is never lost in silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog

from digest.errors import BroadsheetError, EditionHeld, EditionPutOff
from digest.model import EditionState
from digest.pipeline.app import App, Newsletter
from digest.pipeline.composing import compose, find
from digest.pipeline.editing import hold
from digest.pipeline.publishing import publish
from digest.pipeline.telling import Alarm, tell
from digest.pipeline.vitals import LAST_RUN
from digest.schedule.begun import demand_not_cut_short
from digest.schedule.calendar import WEEKDAYS, Due, Rule, due_between
from digest.schedule.missed import PUNCTUAL, Decision, missed
from digest.schedule.passing import passes
from subscribers import roster

#: An edition in readers' own time is composed so long before the first zone is due, so that nobody's morning waits.
AHEAD = timedelta(minutes=10)

log = structlog.get_logger()


def rule_of(newsletter: Newsletter) -> Rule:
    """Return when a newsletter is due."""
    return Rule(
        times=tuple(time.fromisoformat(at) for at in newsletter.times),
        days=tuple(day for day in WEEKDAYS if day in newsletter.days),
        month_days=newsletter.month_days,
        holidays=frozenset(date.fromisoformat(each) for each in newsletter.holidays if len(each) == 10),
        yearly=frozenset((int(each[:2]), int(each[3:])) for each in newsletter.holidays if len(each) == 5),
    )


def run_due(app: App, newsletter: Newsletter, now: datetime) -> tuple[Decision, ...]:
    """Decide every run that has come since the last decided one, and carry the decisions out; return them.

    What is to be sent is composed, frozen and planned here; its mails leave from the process that sends. A run is
    marked as decided after it was carried out: a process killed between the two decides it again, and the edition's
    key and the ledger make that harmless. One that met what passes by itself, such as a busy provider, stays undecided
    and is tried again at the next look, while it is not too late. A first start is marked too, so that what is missed
    after it is known to be missed.
    """
    zones = parts(app, newsletter, now)
    decisions = tuple(decision for part in zones for decision in _run_part(app, part, now))
    if newsletter.readers_time:
        _compose_ahead(app, zones, now)
    return decisions


def parts(app: App, newsletter: Newsletter, now: datetime) -> tuple[Newsletter, ...]:
    """Return a newsletter once for each zone its readers live in, the east first; itself where it has one time.

    The edition of a date is composed shortly before the first zone is due; the others get the same one. Who named no
    zone goes with the newsletter's own.
    """
    if not newsletter.readers_time:
        return (newsletter,)
    own = newsletter.zone.key
    with app.store.read() as connection:
        others = tuple(zone for zone in roster.zones(connection, newsletter.lists) if zone != own)
    apart = [replace(newsletter, zone=ZoneInfo(zone), part=zone, segment=roster.in_zone(zone)) for zone in others]
    rest = replace(newsletter, part=own, segment=roster.in_no_zone_of(others))
    return tuple(sorted([*apart, rest], key=lambda part: now.astimezone(part.zone).replace(tzinfo=None), reverse=True))


def _compose_ahead(app: App, zones: tuple[Newsletter, ...], now: datetime) -> None:
    """Compose the editions whose first zone is due soon; what goes wrong is told when that zone is due."""
    for part in zones:
        for due in due_between(rule_of(part), now, now + AHEAD, part.zone):
            issue = replace(part, issue=(due.date, due.slot))
            try:
                compose(app, issue, due.at)
            except BroadsheetError as error:
                log.info("not_composed_ahead", newsletter=part.slug, due=due.at.isoformat(), why=str(error))


def last_run(app: App, newsletter: Newsletter) -> datetime | None:
    """Return when the last decided run of a newsletter, or of a part of it, was due; None before the first start."""
    noted = app.store.meta.get(_note_of(newsletter))
    return datetime.fromisoformat(noted) if noted else None


def _note_of(newsletter: Newsletter) -> str:
    return f"{LAST_RUN}{newsletter.slug}" + (f" in {newsletter.part}" if newsletter.part else "")


def _run_part(app: App, newsletter: Newsletter, now: datetime) -> tuple[Decision, ...]:
    name = _note_of(newsletter)
    since = datetime.fromisoformat(app.store.meta.ensure(name, (now - PUNCTUAL).isoformat()))
    decisions = missed(rule_of(newsletter), newsletter.zone, since, now, newsletter.late, newsletter.late_hours)
    newest = tuple(each for each in decisions if each.due.at == decisions[-1].due.at)
    if len(newest) < len(decisions):
        log.info("runs_missed", newsletter=newsletter.slug, count=len(decisions) - len(newest))
    for decision in newest:
        _tell(newsletter, decision)
        if not _carry_out(app, newsletter, decision):
            return decisions
        app.store.meta.set(name, decision.due.at.isoformat())
    return decisions


def _tell(newsletter: Newsletter, decision: Decision) -> None:
    due = decision.due.at.isoformat()
    log.info("run_decided", newsletter=newsletter.slug, due=due, action=decision.action, why=decision.why)


def _carry_out(app: App, newsletter: Newsletter, decision: Decision) -> bool:
    """Plan or hold, and turn what goes wrong into an event: the schedule goes on; False to try again later.

    Editorial time is the time the run was due, so that an edition is the same however late it is made.
    """
    due = decision.due
    issue = replace(newsletter, issue=(due.date, due.slot))
    try:
        if decision.action == "send":
            _publish(app, issue, due)
        elif decision.action == "ask":
            _ask(app, issue, due, decision.why)
        else:
            _pass_over(app, issue, due, decision.why)
    except EditionPutOff as error:
        log.info("edition_put_off", newsletter=newsletter.slug, why=str(error))
    except BroadsheetError as error:
        log.error("edition_not_sent", newsletter=newsletter.slug, kind=type(error).__name__, why=str(error))
        name = "/".join(filter(None, (newsletter.slug, due.date.isoformat(), due.slot)))
        tell(
            app, Alarm(name, "held", error.why) if isinstance(error, EditionHeld) else Alarm(name, "failed", str(error))
        )
        return not passes(error, is_late=decision.action != "send")
    return True


def _publish(app: App, newsletter: Newsletter, due: Due) -> None:
    published = publish(app, newsletter, due.at, deliver=False)
    if published is not None:
        edition = published.composed.edition.id
        log.info("edition_planned", newsletter=newsletter.slug, edition=edition, planned=published.fresh)


def _ask(app: App, newsletter: Newsletter, due: Due, why: str) -> None:
    """Compose the edition and hold it for a person; one that is on its way already stays so.

    One that is held already is told of, too: whoever held it may have died before it could.
    """
    stored = compose(app, newsletter, due.at).stored
    assert stored is not None  # noqa: S101 (compose keeps it unless told not to)
    demand_not_cut_short(app, stored, why)
    if stored.state is EditionState.COMPOSED:
        stored = hold(app, stored.id, f"{why}; send it all the same?")
        log.warning("edition_waits", newsletter=newsletter.slug, edition=stored.id, why=why)
    if stored.state is EditionState.HELD:
        tell(app, Alarm(stored.id, "held", stored.reason))


def _pass_over(app: App, newsletter: Newsletter, due: Due, why: str) -> None:
    """Leave an edition out, unless a process that died had begun with it."""
    stored = find(app, newsletter, due.at)
    if stored is not None:
        demand_not_cut_short(app, stored, why)
