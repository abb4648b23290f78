"""Adds up what became of sends; changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, func, select

from digest.store import batches as rows
from digest.store.batch import Batch
from digest.store.ledger_tables import audiences, batch_events, batches, exceptions
from digest.store.packing import from_bytes
from digest.store.transactions import Transactions

Place = Literal["sent", "rejected", "suppressed", "uncertain", "cancelled", "unsent"]


@dataclass(frozen=True, slots=True)
class Sums:
    """Where everybody of a send is: ``planned`` is the sum of all the others."""

    planned: int = 0
    sent: int = 0  #: the provider has it
    rejected: int = 0  #: refused for this recipient
    suppressed: int = 0  #: left or was suppressed before it was sent
    uncertain: int = 0  #: the provider may have it; never resent without being told so
    cancelled: int = 0  #: stopped before it was sent
    unsent: int = 0  #: still to be sent

    @property
    def is_balanced(self) -> bool:
        """Whether everybody is accounted for."""
        rest = self.suppressed + self.uncertain + self.cancelled + self.unsent
        return self.planned == self.sent + self.rejected + rest


class Accounts:
    """The sums of the ledger."""

    def __init__(self, store: Transactions) -> None:
        self._store = store

    def sums(self, sends: Sequence[int]) -> Sums:
        """Add up some sends; who was handed on to a later one counts there alone."""
        row = batches.c
        columns = [
            func.coalesce(func.sum(column), 0)
            for column in (
                row.count - rows.number("resent"),
                row.n_rejected,
                row.n_suppressed,
                row.n_uncertain,
                row.n_cancelled,
                row.n_todo,
            )
        ]
        with self._store.read() as connection:
            found = connection.execute(select(*columns).where(row.send.in_(sends))).one()
        planned, rejected, suppressed, uncertain, cancelled, unsent = map(int, found)
        sent = planned - rejected - suppressed - uncertain - cancelled - unsent
        return Sums(planned, sent, rejected, suppressed, uncertain, cancelled, unsent)

    def by_variant(self, sends: Sequence[int]) -> dict[str, int]:
        """Return how many were planned for each variant; '' is the whole edition."""
        row = batches.c
        query = select(row.variant, func.sum(row.count - rows.number("resent"))).where(row.send.in_(sends))
        with self._store.read() as connection:
            found = connection.execute(query.group_by(row.variant))
            return {variant or "": int(count) for variant, count in found if count}

    def reasons(self, sends: Sequence[int], limit: int = 20) -> tuple[tuple[str, str, int], ...]:
        """Return what went wrong, in whose words, how many times; most frequent first."""
        row = exceptions.c
        number = func.count().label("number")
        query = (
            select(row.what, row.detail, number)
            .join(batches, batches.c.id == row.batch)
            .where(batches.c.send.in_(sends))
            .group_by(row.what, row.detail)
            .order_by(number.desc(), row.detail)
            .limit(limit)
        )
        with self._store.read() as connection:
            return tuple((what, detail, int(n)) for what, detail, n in connection.execute(query))

    def events(self, sends: Sequence[int]) -> dict[str, int]:
        """Return how many recipients each kind of event came for."""
        query = (
            select(batch_events.c.what, batch_events.c.bits, batches.c.count)
            .join(batches, batches.c.id == batch_events.c.batch)
            .where(batches.c.send.in_(sends))
        )
        counts: dict[str, int] = {}
        with self._store.read() as connection:
            for what, packed, size in connection.execute(query):
                counts[what] = counts.get(what, 0) + from_bytes(packed, (1 << size) - 1).bit_count()
        return counts

    def where_is(self, sends: Sequence[int], subscriber: int) -> Place | None:
        """Tell what became of one subscriber, or nothing where they were not planned."""
        with self._store.read() as connection:
            places = [place_of(batch, subscriber) for batch in rows.find(connection, sends, subscriber)]
        found = [place for place in places if place]
        return found[-1] if found else None

    def ids(self, sends: Sequence[int], places: Sequence[Place]) -> Iterator[tuple[int, Place]]:
        """Yield the subscribers who ended in these places, a batch at a time."""
        query = rows.WHOLE.where(batches.c.send.in_(sends)).order_by(batches.c.id)
        after = 0
        while True:
            with self._store.read() as connection:
                found = connection.execute(query.where(batches.c.id > after).limit(50)).all()
            if not found:
                return
            after = found[-1].id
            for row in found:
                batch = rows.from_row(row)
                for place in places:
                    mask = batch.todo | batch.flight if place == "unsent" else getattr(batch, place)
                    for number in batch.at(mask):
                        yield number, place

    def sent_page(self, connection: Connection, sends: Sequence[int], after: int, limit: int) -> list[int]:
        """Return at most ``limit`` subscribers above ``after`` whom the provider has mail for, ascending."""
        found: set[int] = set()
        horizon = None
        for send in sends:
            ids, is_all = _sent(connection, send, after, limit)
            found.update(ids)
            if not is_all:
                horizon = min(ids[-1], horizon or ids[-1])
        return sorted(number for number in found if horizon is None or number <= horizon)[:limit]


def _sent(connection: Connection, send: int, after: int, limit: int) -> tuple[list[int], bool]:
    """Return the next subscribers sent to, and whether these are all."""
    query = rows.WHOLE.where(batches.c.send == send, audiences.c.send == send, audiences.c.last > after).order_by(
        audiences.c.first, batches.c.start
    )
    ids: list[int] = []
    for row in connection.execute(query.execution_options(yield_per=20)):
        batch = rows.from_row(row)
        ids += [number for number in batch.at(batch.sent) if number > after]
        if len(ids) >= limit:
            return ids, False
    return ids, True


def place_of(batch: Batch, subscriber: int) -> Place | None:
    """Say where one of a batch is; nothing where a later send accounts for them."""
    mask = batch.find([subscriber])
    if mask & (batch.todo | batch.flight):
        return "unsent"
    places: tuple[Place, ...] = ("sent", "rejected", "suppressed", "uncertain", "cancelled")
    return next((place for place in places if mask & getattr(batch, place)), None)
