"""Finds the batches of a send that are not finished; changes nothing.

No index says which ones are: it would have to change with every batch, and the batch with it. Pieces of an audience
are worked through in order, so whoever remembers where they were finds the next by the index of pieces, and looks at
all of them again only at the end. Batches that were put off, few and anywhere, have an index of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, bindparam, func, select, text

from digest.store import batches as rows
from digest.store.batch import Batch
from digest.store.ledger_tables import batches, sends

_ROW = batches.c

#: Open, and free for whoever comes.
_FREE = (_ROW.finished_at.is_(None), _ROW.owner.is_(None))

_OF_SEND = _ROW.send == bindparam("send")

# A batch that someone else looks at is passed over.
DUE = (
    rows.WHOLE.where(_OF_SEND, _ROW.due_at <= bindparam("now"), *_FREE)
    .order_by(_ROW.due_at)
    .limit(1)
    .with_for_update(skip_locked=True, of=batches)
)

NEXT = (
    rows.WHOLE.where(_OF_SEND, _ROW.audience >= bindparam("since"), _ROW.due_at.is_(None), *_FREE)
    .order_by(_ROW.audience, _ROW.id)
    .limit(1)
    .with_for_update(skip_locked=True, of=batches)
)

_LEFT = select(func.count(), func.min(_ROW.due_at)).where(_OF_SEND, _ROW.finished_at.is_(None))


def due(connection: Connection, send: int, now: datetime) -> Batch | None:
    """Return a batch that was put off and whose time has come, locked until the end."""
    row = connection.execute(DUE, {"send": send, "now": now}).first()
    return rows.from_row(row) if row else None


def following(connection: Connection, send: int, since: int) -> Batch | None:
    """Return the first batch that waits for someone, in a piece or after it, locked until the end."""
    row = connection.execute(NEXT, {"send": send, "since": since}).first()
    return rows.from_row(row) if row else None


def left(connection: Connection, send: int) -> tuple[int, datetime | None]:
    """Return how many batches are open, and when the first of those put off is due."""
    count, due_at = connection.execute(_LEFT, {"send": send}).one()
    return count, due_at


def held_by(connection: Connection, owners: Sequence[int], send: int | None) -> list[Batch]:
    """Return the claimed batches of some owners, of one send or of all, locked until the end."""
    query = rows.WHOLE.where(_ROW.owner.in_(owners), _ROW.finished_at.is_(None))
    if send is None:
        query = query.where(_ROW.send.in_(select(sends.c.id).where(sends.c.state != "done")))
    else:
        query = query.where(_ROW.send == send)
    return [rows.from_row(row) for row in connection.execute(query.with_for_update(skip_locked=True, of=batches))]


def unclaimed(connection: Connection, send: int, since: int, most: int) -> list[Batch]:
    """Return open batches that nobody holds, from a piece on, locked until the end."""
    query = rows.WHOLE.where(_ROW.send == send, _ROW.audience >= since, *_FREE)
    query = query.order_by(_ROW.audience, _ROW.id).limit(most)
    return [rows.from_row(row) for row in connection.execute(query.with_for_update(of=batches))]


def count_anew(connection: Connection) -> None:
    """Let PostgreSQL see what was planned: without, it reads all that is left of a send to find the next batch."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("ANALYZE batches"))


def is_open() -> ColumnElement[bool]:
    """Return the condition that a batch is not finished; finished sends need not be looked through."""
    unfinished = select(sends.c.id).where(sends.c.state != "done")
    return and_(_ROW.finished_at.is_(None), _ROW.send.in_(unfinished))
