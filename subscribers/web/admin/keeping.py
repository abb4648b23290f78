"""Suppressions and the log of changes, newest first; changes nothing but suppressions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select
from starlette.responses import Response

from subscribers import audit, roster
from subscribers.desk import Desk
from subscribers.model import Reason
from subscribers.reach import EVERYTHING, Reach
from subscribers.tables import EVERYWHERE, lists, subscribers, suppressions
from subscribers.web.admin.asked import Asked, Page, Said
from subscribers.web.numbers import number_of

PAGE = 50


@dataclass(frozen=True, slots=True)
class Held:
    """An address that is not written to."""

    id: int
    reason: str
    at: datetime  #: aware, UTC
    list_slug: str  #: '' for every list
    address: str  #: '' where only its mark is kept
    public_id: str


class KeepingPages:
    """The pages of what is kept on record."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def pages(self) -> list[Page]:
        """Return the pages."""
        return [
            Page("GET", "/suppressions", "viewer", self.show),
            Page("POST", "/suppressions", "editor", self.suppress),
            Page("GET", "/log", "viewer", self.log),
        ]

    def show(self, asked: Asked) -> Response:
        """Show who is not written to."""
        reason, before = asked.query("reason"), asked.query("before")
        with self._desk.read() as conn:
            held = suppressed(conn, reason, number_of(before), asked.reach)
            slugs = asked.reach.of(roster.slugs(conn))
        return asked.show(
            "suppressions", held=held[:PAGE], more=len(held) > PAGE, reason=reason, reasons=list(Reason), slugs=slugs
        )

    def suppress(self, asked: Asked) -> Response:
        """Never write to an address again, known here or not; or let it be written to again."""
        address, where = asked.word("address"), asked.word("list") or None
        if where is None:
            asked.reach.demand_whole()
        with self._desk.begin() as conn:
            if asked.word("act") == "lift":
                changed = roster.lift(conn, address, list_slug=where, **asked.by)
                says = f"{address} may be written to again." if changed else f"{address} was not suppressed."
            else:
                changed = roster.suppress(conn, address, Reason.MANUAL, list_slug=where, **asked.by)
                says = f"{address} is suppressed." if changed else f"{address} was suppressed before."
        return Said("/admin/suppressions", says)

    def log(self, asked: Asked) -> Response:
        """Show who changed what."""
        before, slug = asked.query("before"), asked.query("list")
        with self._desk.read() as conn:
            entries = audit.entries(
                conn,
                list_slug=slug or None,
                before_id=number_of(before),
                limit=PAGE + 1,
                reach=asked.reach,
            )
            slugs = asked.reach.of(roster.slugs(conn))
            people = public_ids(conn, [each.subscriber_id for each in entries if each.subscriber_id], asked.reach)
        return asked.show(
            "log", entries=entries[:PAGE], more=len(entries) > PAGE, slugs=slugs, chosen=slug, people=people
        )


def suppressed(conn: Connection, reason: str, before: int | None, reach: Reach = EVERYTHING) -> list[Held]:
    """Return one more than a page of suppressions within reach, newest first."""
    query = (
        select(suppressions, lists.c.slug, subscribers.c.address, subscribers.c.spelling, subscribers.c.public_id)
        .join(lists, lists.c.id == suppressions.c.list_id, isouter=True)
        .join(subscribers, subscribers.c.id == suppressions.c.subscriber_id, isouter=True)
    )
    if reason:
        query = query.where(suppressions.c.reason == reason)
    if before is not None:
        query = query.where(suppressions.c.id < before)
    if not reach.is_whole:
        everywhere = (suppressions.c.list_id == EVERYWHERE) & reach.people(conn, suppressions.c.subscriber_id)
        query = query.where(suppressions.c.list_id.in_(reach.numbers(conn)) | everywhere)
    rows = conn.execute(query.order_by(suppressions.c.id.desc()).limit(PAGE + 1))
    return [
        Held(row.id, row.reason, row.at, row.slug or "", row.spelling or row.address or "", row.public_id or "")
        for row in rows
    ]


def public_ids(conn: Connection, numbers: list[int], reach: Reach = EVERYTHING) -> dict[int, str]:
    """Return the public ids of people within reach who are not forgotten, by their numbers."""
    known = subscribers.c.id.in_(numbers) & subscribers.c.address.is_not(None)
    known &= reach.people(conn, subscribers.c.id)
    return {
        row.id: row.public_id for row in conn.execute(select(subscribers.c.id, subscribers.c.public_id).where(known))
    }
