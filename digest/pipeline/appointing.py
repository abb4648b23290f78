"""Appoint: the time a person chose for an edition to go, instead of its newsletter's; sends nothing."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from digest.errors import EditionConflict, UsageError
from digest.model import EditionState
from digest.pipeline.app import App
from digest.pipeline.editing import OPEN
from digest.store import Stored

#: News this much later are no news.
FURTHEST = timedelta(days=31)

#: How long the schedule leaves an edition to the process in which somebody said that it goes now.
GRACE = timedelta(minutes=2)

_MINUTE = timedelta(minutes=1)
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")


def moment(app: App, stored: Stored, words: str) -> datetime:
    """Return the instant that words mean: ``09:30`` on the edition's day in its newsletter's zone, or ISO 8601.

    A time without a zone is the newsletter's. One that a clock change leaves out is the first instant after the gap.
    Raises UsageError for what is no time.
    """
    zone = _zone(app, stored)
    if found := _CLOCK.fullmatch(words.strip()):
        return _instant(datetime.combine(stored.edition.date, time(int(found[1]), int(found[2]))), zone)
    try:
        meant = datetime.fromisoformat(words.strip())
        return meant.astimezone(UTC) if meant.tzinfo else _instant(meant, zone)
    except (ValueError, OverflowError) as error:  # also the first and the last day that there is, in some zones
        raise UsageError(f'"{words[:40]}" is no time; write 09:30, or 2026-03-04T09:30') from error


def _instant(wall: datetime, zone: ZoneInfo) -> datetime:
    at = wall.replace(tzinfo=zone).astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) == wall:
        return at
    while (at - _MINUTE).astimezone(zone).replace(tzinfo=None) > wall:
        at -= _MINUTE
    return at


def _zone(app: App, stored: Stored) -> ZoneInfo:
    return app.newsletter(stored.edition.newsletter).zone


def appoint(app: App, edition_id: str, at: datetime, who: str) -> Stored:
    """Let an edition go at ``at`` and at no other time; a run of its newsletter before then leaves it alone.

    Raises EditionConflict where it is held or can no longer be changed, UsageError for a time that is past or far off.
    """
    stored = app.store.editions.get(edition_id)
    if stored.state is EditionState.HELD:
        raise EditionConflict(f"{edition_id} is held; approve it first, then choose its time")
    if stored.state not in OPEN:
        raise EditionConflict(f"{edition_id} is {stored.state}; only an edition not yet frozen can be given a time")
    now = app.clock()
    if at <= now:
        raise UsageError(f"{local(app, stored, at)} is past; choose a time to come")
    if at > now + FURTHEST:
        raise UsageError(f"{local(app, stored, at)} is more than {FURTHEST.days} days off; choose an earlier time")
    app.store.appointments.make(stored.row, at, who)
    return stored


def vouch(app: App, stored: Stored, who: str) -> None:
    """Let the schedule send an edition that somebody sends now, should the process die before it is planned.

    Whoever plans it releases it. One that has gone before, and goes to those who joined since, waits for a person.
    """
    if stored.state in (*OPEN, EditionState.FROZEN):
        app.store.appointments.make(stored.row, app.clock() + GRACE, who)


def release(app: App, edition_id: str) -> bool:
    """Leave an edition to its newsletter's time again; return whether it had one of its own."""
    stored = app.store.editions.get(edition_id)
    had = app.store.appointments.of(stored.row) is not None
    app.store.appointments.drop(stored.row)
    return had


def local(app: App, stored: Stored, at: datetime) -> str:
    """Return an instant as people of the newsletter say it: ``2026-03-04 09:30 Europe/Berlin``."""
    zone = _zone(app, stored)
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M} {zone.key}"


def told(app: App, stored: Stored) -> str:
    """Return the time somebody chose for an edition that has not gone, and who, in words; '' for none."""
    chosen = app.store.appointments.of(stored.row) if stored.state in OPEN else None
    return f"{local(app, stored, chosen.at)}, as {chosen.who} chose" if chosen else ""
