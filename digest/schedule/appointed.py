"""What happens when a time comes that somebody chose for an edition; knows no calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from digest.errors import BroadsheetError, EditionHeld
from digest.model import EditionState
from digest.pipeline.app import App
from digest.pipeline.editing import hold
from digest.pipeline.publishing import publish
from digest.pipeline.telling import Alarm, tell
from digest.schedule.begun import demand_not_cut_short
from digest.schedule.missed import PUNCTUAL
from digest.schedule.passing import passes

log = structlog.get_logger()


def run_appointed(app: App, now: datetime) -> None:
    """Plan every edition whose chosen time has come; what stops one is told and stops no other.

    The time is forgotten once it was tried, except where what stopped it passes by itself: that is tried again. So it
    is where a process was killed in between, which the ledger makes harmless.
    """
    for name, at in app.store.appointments.due(now):
        if _go(app, name, at, now):
            app.store.appointments.drop(app.store.editions.get(name).row)


def _ask(app: App, name: str, at: datetime) -> bool:
    """Hold an edition whose time came while nobody was there: it is old news by now.

    One that is held already is told of, too: whoever held it may have died before it could.
    """
    why = f"it was to go at {at:%Y-%m-%d %H:%M} UTC, and nobody was there; send it all the same?"
    stored = app.store.editions.get(name)
    demand_not_cut_short(app, stored, "its time came while nobody was there")
    if stored.state is not EditionState.HELD:
        stored = hold(app, name, why)
        log.warning("edition_waits", newsletter=name.partition("/")[0], edition=name, why=why)
    tell(app, Alarm(name, "held", stored.reason))
    return True


def _go(app: App, name: str, at: datetime, now: datetime) -> bool:
    """Plan an edition that was composed before; False to try again later."""
    is_late = False
    try:
        stored = app.store.editions.get(name)
        edition = stored.edition
        newsletter = replace(app.newsletter(edition.newsletter), issue=(edition.date, edition.slot))
        is_late = now - at > max(timedelta(hours=newsletter.late_hours), PUNCTUAL)
        if is_late:
            return _ask(app, name, at)
        published = publish(app, newsletter, edition.cut_off, deliver=False)
        log.info("edition_planned", newsletter=edition.newsletter, edition=name, planned=published and published.fresh)
    except BroadsheetError as error:
        log.error("edition_not_sent", edition=name, kind=type(error).__name__, why=str(error))
        tell(app, Alarm(name, "held" if isinstance(error, EditionHeld) else "failed", str(error)))
        return not passes(error, is_late=is_late)
    return True
