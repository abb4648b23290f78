"""Tells who was sent an edition lately, and what was sent to one person; changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from digest.store import batches as rows
from digest.store.batch import Batch
from digest.store.ledger_tables import audiences, batches, exceptions, sends
from digest.store.sums import place_of
from digest.store.tables import editions
from subscribers import Delivery


class Received:
    """The ledger, as those who keep lists of people ask it."""

    def received_since(self, conn: Connection, ids: Sequence[int], since: datetime) -> set[int]:
        """Return those of the subscribers, ascending, whom a provider took mail for in a send begun since then."""
        if not ids:
            return set()
        wanted = set(ids)
        overlapping = (audiences.c.first <= ids[-1]) & (audiences.c.last >= ids[0])
        query = rows.WHOLE.join(sends, sends.c.id == audiences.c.send).where(sends.c.created_at >= since, overlapping)
        query = query.where(batches.c.send == audiences.c.send)  # finds them by their index
        found: set[int] = set()
        for row in conn.execute(query.execution_options(yield_per=20)):
            batch = rows.from_row(row)
            found.update(wanted.intersection(batch.at(batch.sent)))
        return found

    def under_way(self, conn: Connection, list_slug: str) -> tuple[str, ...]:
        """Return the names of the editions of which a send to a list is planned, open or paused, oldest first."""
        rows, of = editions.c, sends.c
        query = (
            select(rows.newsletter, rows.date, rows.slot, of.lists)
            .join(sends, of.edition == rows.id)
            .where(of.state.in_(("planning", "sending", "paused")))
            .order_by(of.id)
        )
        names = [_name(row) for row in conn.execute(query) if list_slug in row.lists.split(" ")]
        return tuple(dict.fromkeys(names))

    def history(self, conn: Connection, subscriber: int, limit: int) -> tuple[Delivery, ...]:
        """Return what became of the last editions planned for one person, the newest first.

        What a provider told of their own mail stands beside it, in its words; opened and clicked mails are counted
        for an edition alone, and told of nobody.
        """
        near = (audiences.c.first <= subscriber) & (audiences.c.last >= subscriber)
        query = (
            select(
                sends.c.id, sends.c.created_at, sends.c.purpose, editions.c.newsletter, editions.c.date, editions.c.slot
            )
            .join(editions, editions.c.id == sends.c.edition)
            .where(sends.c.id.in_(select(audiences.c.send).where(near)))
            .order_by(sends.c.id.desc())
            .limit(limit)
        )
        planned = {row.id: row for row in conn.execute(query)}
        found = []
        for batch in reversed(rows.find(conn, tuple(planned), subscriber)):
            place = place_of(batch, subscriber)
            if place is not None:
                row = planned[batch.send]
                told = _told(conn, batch, subscriber)
                found.append(Delivery(_name(row), row.newsletter, row.purpose, row.created_at, place, told))
        return tuple(found)


def _name(row: Any) -> str:
    """Return the name of an edition on the command line."""
    return "/".join(filter(None, (row.newsletter, row.date.isoformat(), row.slot)))


def _told(conn: Connection, batch: Batch, subscriber: int) -> tuple[str, ...]:
    row = exceptions.c
    query = select(row.what, row.detail).where(row.batch == batch.id, row.position == batch.position(subscriber))
    return tuple(f"{what}: {detail}" if detail else str(what) for what, detail in conn.execute(query.order_by(row.at)))
