"""Tells what followed an edition: who bounced, complained, left, opened; sums alone, nobody by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from digest.pipeline.app import App
from digest.pipeline.send import SendReport, report
from digest.store import Stored
from subscribers import roster


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What is known of an edition that left."""

    report: SendReport  #: without its reasons
    bounced: int = 0
    complained: int = 0
    left: int = 0  #: readers who unsubscribed after it and before the newsletter's next edition
    opened: int | None = None  #: None where the provider did not track it
    clicked: int | None = None  #: None where the provider did not track it

    def of_sent(self, count: int) -> float:
        """Return a count as a share of those sent to, 0…1."""
        return min(1.0, count / self.report.sent) if self.report.sent else 0.0


def aftermaths(app: App, editions: Sequence[Stored], now: datetime) -> dict[str, Aftermath]:
    """Return what followed each of some editions by its name; those that never left are not among them.

    ``editions`` are the newest of their newsletters, in any order.
    """
    begun = {each.id: at for each in editions if (at := _begun(app, each))}
    return {
        each.id: _aftermath(app, each, begun[each.id], _until(each, editions, begun, now))
        for each in editions
        if each.id in begun
    }


def aftermath(app: App, stored: Stored, now: datetime) -> Aftermath | None:
    """Return what followed one edition, None where it never left."""
    begun = _begun(app, stored)
    if begun is None:
        return None
    later = [each for each in app.store.editions.list(stored.edition.newsletter) if _order(each) > _order(stored)]
    starts = [at for each in later if (at := _begun(app, each)) and at > begun]
    return _aftermath(app, stored, begun, min(starts, default=now))


def _order(stored: Stored) -> tuple[str, str]:
    return stored.edition.date.isoformat(), stored.edition.slot


def _begun(app: App, stored: Stored) -> datetime | None:
    """Return when an edition began to leave."""
    sends = app.store.ledger.sends.of(stored.row, "")
    return sends[0].created_at if sends else None


def _until(stored: Stored, editions: Sequence[Stored], begun: dict[str, datetime], now: datetime) -> datetime:
    same = stored.edition.newsletter
    starts = [begun[each.id] for each in editions if each.edition.newsletter == same and each.id in begun]
    return min((at for at in starts if at > begun[stored.id]), default=now)


def _aftermath(app: App, stored: Stored, since: datetime, until: datetime) -> Aftermath:
    told = report(app.store, stored.id, why=False)
    events = dict(told.events)
    slugs = next((each.lists for each in app.newsletters if each.slug == stored.edition.newsletter), ())
    with app.store.read() as connection:
        left = roster.count_leavers(connection, slugs, since, until)
    return Aftermath(
        report=told,
        bounced=events.get("bounced", 0),
        complained=events.get("complained", 0),
        left=left + events.get("unsubscribed", 0),
        opened=events.get("opened"),
        clicked=events.get("clicked"),
    )
