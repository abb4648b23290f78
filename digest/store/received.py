"""Tells who was sent an edition lately; changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from digest.store import batches as rows
from digest.store.ledger_tables import batches, sends


class Received:
    """The ledger, as segments of people ask it."""

    def received_since(self, conn: Connection, ids: Sequence[int], since: datetime) -> set[int]:
        """Return those of the subscribers, ascending, whom a provider took mail for in a send begun since then."""
        if not ids:
            return set()
        wanted = set(ids)
        overlapping = (batches.c.first <= ids[-1]) & (batches.c.last >= ids[0])
        query = select(batches).join(sends).where(sends.c.created_at >= since, overlapping)
        found: set[int] = set()
        for row in conn.execute(query.execution_options(yield_per=20)):
            batch = rows.from_row(row)
            found.update(wanted.intersection(batch.at(batch.sent)))
        return found
