"""A send while it is being planned: begun, known again, given up, sealed; knows no audience."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row, Select, delete, select, update

from digest.errors import EditionConflict
from digest.store import openings, queue
from digest.store.ledger_tables import audiences, batches, sends
from digest.store.senders import is_running, process_name
from digest.store.tables import editions
from digest.store.upsert import add

SendState = Literal["planning", "sending", "paused", "cancelled", "done"]

#: The audience of a send that makes up for what went wrong before.
MISSED = "those who missed it"

#: A plan begun so long ago, by a process of which nothing can be known, counts as given up: a million take seconds.
GIVEN_UP = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as whoever makes it knows it again: another send may come to have its number once it was given up."""

    send: int
    edition: int
    purpose: str
    audience: str


def open_plan(
    connection: Connection,
    edition: int,
    purpose: str,
    whom: Mapping[str, str],
    provider: str,
    at_work: Sequence[int],
    now: datetime,
) -> int:
    """Return the number of the send being planned: a new one, or the same one begun before.

    The edition is locked, so that of two who begin at the same moment the second sees what the first began. Who goes
    on with a plan is its planner from then on.
    """
    connection.execute(select(editions.c.id).where(editions.c.id == edition).with_for_update())
    for row in sends_of(connection, edition, purpose):
        if row.state != "planning":
            continue
        if row.audience == whom["audience"]:
            ours = {"planner": process_name(), "changed_at": now}
            connection.execute(update(sends).where(sends.c.id == row.id, sends.c.state == "planning").values(ours))
            return int(row.id)
        _give_up(connection, row, at_work, now)
    values = {
        "edition": edition,
        "purpose": purpose,
        **whom,
        "provider": provider,
        "state": "planning",
        "cursor": 0,
        "planner": process_name(),
        "created_at": now,
        "changed_at": now,
        "why": "",
    }
    return add(connection, sends, values)


def _give_up(connection: Connection, row: Row[Any], at_work: Sequence[int], now: datetime) -> None:
    """End an unfinished plan, where whoever made it is gone: nothing of it has left."""
    if may_live(row, at_work, now):
        raise EditionConflict(
            f"another process is planning a send to {row.audience}; try again when it is done, or "
            f"{GIVEN_UP // timedelta(minutes=1)} minutes after it began"
        )
    if locked(connection, Plan(row.id, row.edition, row.purpose, row.audience)) is None:
        return  # whoever planned it was through with it at this moment
    if row.audience == MISSED:
        move(connection, row.id, "sending", now)
        return
    for table in (batches, audiences):
        connection.execute(delete(table).where(table.c.send == row.id))
    connection.execute(delete(sends).where(sends.c.id == row.id))


def may_live(row: Row[Any], at_work: Sequence[int], now: datetime) -> bool:
    """Tell whether a plan's process may still be at work; of one on a machine that is gone nothing is ever known."""
    if row.planner == process_name():
        return row.id in at_work
    lives = is_running(row.planner)
    return now - row.changed_at <= GIVEN_UP if lives is None else lives


def sends_of(connection: Connection, edition: int, purpose: str) -> Sequence[Row[Any]]:
    """Return the rows of an edition's sends for one purpose, oldest first."""
    query = select(sends).where(sends.c.edition == edition, sends.c.purpose == purpose)
    return connection.execute(query.order_by(sends.c.id)).all()


def same(plan: Plan) -> Select[Any]:
    """Ask for a plan's own send, and for no other one that has its number by now."""
    row = sends.c
    return select(sends).where(
        row.id == plan.send, row.edition == plan.edition, row.purpose == plan.purpose, row.audience == plan.audience
    )


def locked(connection: Connection, plan: Plan) -> Row[Any] | None:
    """Return a plan's send until the transaction ends, where it is still being planned: else others ended it."""
    return connection.execute(same(plan).where(sends.c.state == "planning").with_for_update()).first()


def lost(plan: Plan) -> EditionConflict:
    """Say that a plan was given up while its planner slept."""
    return EditionConflict(
        f"the plan of a send to {plan.audience} was given up by another process meanwhile, which found nobody at work "
        "on it; nothing of it has left, so begin again"
    )


def seal(connection: Connection, send: int, now: datetime) -> None:
    """End the planning: a send may leave from now on, or rests where that was asked for; one to nobody never was."""
    if connection.scalar(select(batches.c.id).where(batches.c.send == send).limit(1)) is None:
        connection.execute(delete(sends).where(sends.c.id == send))
    else:
        openings.count_anew(connection)
        why = connection.scalar(select(sends.c.why).where(sends.c.id == send)) or ""
        move(connection, send, "paused" if why else "sending", now, why)


def move(connection: Connection, send: int, to: SendState, now: datetime, why: str = "") -> None:
    """Move a send to another state and wake who sends, or let them sleep; one that is done or cancelled stays so."""
    connection.execute(
        update(sends)
        .where(sends.c.id == send, sends.c.state.not_in(("done", "cancelled")))
        .values(state=to, changed_at=now, why=why)
    )
    queue.hush(connection, send)
    if to == "sending":
        waiting = select(batches.c.id).where(batches.c.send == send, batches.c.finished_at.is_(None))
        queue.ring(connection, send, len(connection.scalars(waiting.limit(queue.HELPERS)).all()))
