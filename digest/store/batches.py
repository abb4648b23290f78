"""Reads and writes batches as rows; knows nothing of what they mean."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, Update, bindparam, insert, select, update

from digest.store.batch import Batch
from digest.store.ledger_tables import batches
from digest.store.packing import from_bytes, pack, to_bytes, unpack

READY, CLAIMED, DONE = 0, 1, 2

#: The next batch of a send that waits for someone; a batch that someone else looks at is passed over.
_NEXT = (
    select(batches)
    .where(batches.c.send == bindparam("send"), batches.c.state == READY)
    .where(batches.c.due_at.is_(None) | (batches.c.due_at <= bindparam("now")))
    .order_by(batches.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)

_ONE = select(batches).where(batches.c.id == bindparam("batch")).with_for_update()

_MASKS = ("todo", "flight", "uncertain", "rejected", "suppressed", "cancelled", "resent")
_COUNTED = ("todo", "uncertain", "rejected", "suppressed", "cancelled", "resent")


def write_new(connection: Connection, send: int, groups: Sequence[Sequence[int]]) -> None:
    """Add batches of ascending ids to a send."""
    rows = [_new(send, group) for group in groups if group]
    if rows:
        connection.execute(insert(batches), rows)


def read_ready(connection: Connection, send: int, now: datetime) -> Batch | None:
    """Return a batch of a send that waits for someone, locked until the transaction ends."""
    row = connection.execute(_NEXT, {"send": send, "now": now}).first()
    return from_row(row) if row else None


def read_one(connection: Connection, batch_id: int) -> Batch:
    """Return a batch by its number, locked until the transaction ends."""
    return from_row(connection.execute(_ONE, {"batch": batch_id}).one())


def from_row(row: Row[Any]) -> Batch:
    """Return a row as a batch."""
    return Batch(
        id=row.id,
        send=row.send,
        number=row.first,
        ids=unpack(row.ids),
        attempt=row.attempt,
        proof=row.proof,
        tries=row.tries,
        is_claimed=row.state == CLAIMED,
        reference=row.reference or "",
        **{name: from_bytes(getattr(row, name)) for name in _MASKS},
    )


def write(connection: Connection, before: Batch, batch: Batch, now: datetime, **others: Any) -> Batch:
    """Write what changed of a batch; ``others`` are columns that are not part of the value."""
    state = CLAIMED if batch.is_claimed else READY if batch.is_open else DONE
    values: dict[str, Any] = {"state": state, **others}
    for name in ("attempt", "proof", "tries", "reference"):
        if getattr(batch, name) != getattr(before, name):
            values[name] = getattr(batch, name)
    for name in _MASKS:
        mask = getattr(batch, name)
        if mask != getattr(before, name):
            values[name] = to_bytes(mask)
            if name in _COUNTED:
                values[f"n_{name}"] = mask.bit_count()
    if "flight" in values:  # whoever is in flight still counts as unsent
        values["n_todo"] = (batch.todo | batch.flight).bit_count()
    if state == DONE:
        values |= {"owner": None, "finished_at": now}
    connection.execute(_update(tuple(values)), {**values, "batch": batch.id})
    return batch


@cache
def _update(columns: tuple[str, ...]) -> Update:
    """Return a statement that writes some columns of a batch; there are few sets of them, and building costs."""
    values: dict[str, Any] = {name: bindparam(name) for name in columns}
    return update(batches).where(batches.c.id == bindparam("batch")).values(values)


def _new(send: int, ids: Sequence[int]) -> dict[str, Any]:
    return {
        "send": send,
        "first": ids[0],
        "last": ids[-1],
        "count": len(ids),
        "state": READY,
        "attempt": 0,
        "proof": 0,
        "tries": 0,
        "ids": pack(ids),
        "todo": to_bytes((1 << len(ids)) - 1),
        "n_todo": len(ids),
        "n_uncertain": 0,
        "n_rejected": 0,
        "n_suppressed": 0,
        "n_cancelled": 0,
        "n_resent": 0,
    }
