"""Keeps the times that people chose for editions to go; sends none and asks no clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ForeignKey, String, Table, delete, select

from digest.model import EditionState
from digest.store.columns import Id, Instant
from digest.store.tables import editions, metadata
from digest.store.transactions import Transactions
from digest.store.upsert import upsert

appointments = Table(
    "appointments",
    metadata,
    Column("edition", Id, ForeignKey("editions.id"), primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("who", String(200), nullable=False),
)

#: States from which an edition can still go; a frozen one whose planner died is planned to its end.
_TO_GO = (EditionState.COMPOSED, EditionState.HELD, EditionState.APPROVED, EditionState.FROZEN)


@dataclass(frozen=True, slots=True)
class Appointment:
    """When an edition is to go, instead of its newsletter's time."""

    at: datetime  #: aware, UTC
    who: str


class Appointments:
    """The times chosen, one an edition at most."""

    def __init__(self, store: Transactions) -> None:
        self._store = store

    def make(self, edition: int, at: datetime, who: str) -> None:
        """Choose the time of an edition, by its row; another time chosen before no longer counts."""
        with self._store.begin() as connection:
            upsert(connection, appointments, [{"edition": edition, "at": at, "who": who}], keys=("edition",))

    def drop(self, edition: int) -> None:
        """Leave an edition to its newsletter's time."""
        with self._store.begin() as connection:
            connection.execute(delete(appointments).where(appointments.c.edition == edition))

    def of(self, edition: int) -> Appointment | None:
        """Return the time chosen for an edition."""
        query = select(appointments.c.at, appointments.c.who).where(appointments.c.edition == edition)
        with self._store.read() as connection:
            row = connection.execute(query).one_or_none()
        return Appointment(row.at, row.who) if row else None

    def due(self, now: datetime) -> tuple[tuple[str, datetime], ...]:
        """Return the names and times of the editions that are to go by now and have not gone, the earliest first."""
        query = (
            select(editions.c.newsletter, editions.c.date, editions.c.slot, appointments.c.at)
            .join(appointments, appointments.c.edition == editions.c.id)
            .where(appointments.c.at <= now, editions.c.state.in_([each.value for each in _TO_GO]))
            .order_by(appointments.c.at, editions.c.id)
        )
        with self._store.read() as connection:
            rows = connection.execute(query).all()
        return tuple(("/".join(filter(None, (row[0], row.date.isoformat(), row.slot))), row.at) for row in rows)
