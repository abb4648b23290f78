"""Reads and writes batches as rows; knows nothing of what they mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Update, bindparam, func, insert, or_, select, update

from digest.store.batch import Batch
from digest.store.ledger_tables import audiences, batches
from digest.store.packing import from_bytes, pack, to_bytes, unpack

#: Ids that one row of ``audiences`` holds at most, unless a batch is larger.
PIECE = 1000

#: Batches with the ids of the piece of an audience that they stand in, as ``from_row`` wants them.
WHOLE = select(batches, audiences.c.ids).join(audiences, audiences.c.id == batches.c.audience)

_ONE = WHOLE.where(batches.c.id == bindparam("batch")).with_for_update(of=batches)

_AGAIN = select(batches).where(batches.c.id == bindparam("batch")).with_for_update()

_MASKS = ("todo", "flight", "uncertain", "rejected", "suppressed", "cancelled", "resent")
_COUNTED = ("todo", "uncertain", "rejected", "suppressed", "cancelled", "resent")


def write_new(connection: Connection, send: int, groups: Sequence[tuple[str, Sequence[int]]]) -> None:
    """Add batches of ascending ids to a send, each with the variant it carries."""
    pieces = _pieces(groups)
    if not pieces:
        return
    numbers = connection.scalars(
        insert(audiences).returning(audiences.c.id, sort_by_parameter_order=True),
        [_audience(send, piece) for piece in pieces],
    ).all()
    rows = [row for number, piece in zip(numbers, pieces, strict=True) for row in _new(send, number, piece)]
    connection.execute(insert(batches), rows)


def number(name: str) -> ColumnElement[int]:
    """Return how many of a batch are at a place; an empty count is none."""
    return func.coalesce(batches.c[f"n_{name}"], 0)


def has_any(*names: str) -> ColumnElement[bool]:
    """Return the condition that anyone of a batch is at one of these places."""
    return or_(*(batches.c[name].is_not(None) for name in names))


def read_again(connection: Connection, batch: Batch) -> Batch:
    """Return a batch as it stands by now, locked until the transaction ends."""
    return _from(connection.execute(_AGAIN, {"batch": batch.id}).one(), batch.ids)


def read_one(connection: Connection, batch_id: int) -> Batch | None:
    """Return a batch by its number, locked until the transaction ends; nothing where there is none."""
    row = connection.execute(_ONE, {"batch": batch_id}).first()
    return from_row(row) if row else None


def find(connection: Connection, sends: Sequence[int], subscriber: int) -> list[Batch]:
    """Return the batches of some sends that a subscriber is in, oldest first; there may be one a send."""
    near = WHOLE.where(
        audiences.c.send.in_(sends), audiences.c.first <= subscriber, audiences.c.last >= subscriber
    ).where(batches.c.send == audiences.c.send)
    found = (from_row(row) for row in connection.execute(near.order_by(batches.c.id)))
    return [batch for batch in found if batch.position(subscriber) is not None]


def from_row(row: Row[Any]) -> Batch:
    """Return a row of ``WHOLE`` as a batch."""
    return _from(row, unpack(row.ids)[row.start : row.start + row.count])


def _from(row: Row[Any], ids: tuple[int, ...]) -> Batch:
    everyone = (1 << len(ids)) - 1
    return Batch(
        id=row.id,
        send=row.send,
        ids=ids,
        variant=row.variant or "",
        attempt=row.attempt,
        proof=row.proof or 0,
        tries=row.tries or 0,
        is_claimed=row.owner is not None,
        reference=row.reference or "",
        piece=row.audience,
        **{name: from_bytes(getattr(row, name), everyone) for name in _MASKS},
    )


def write(connection: Connection, before: Batch, batch: Batch, now: datetime, **others: Any) -> Batch:
    """Write what changed of a batch; ``others`` are columns that are not part of the value."""
    values: dict[str, Any] = {**others}
    for name in ("attempt", "proof", "tries", "reference"):
        if getattr(batch, name) != getattr(before, name):
            values[name] = getattr(batch, name) or None
    for name in _MASKS:
        mask = getattr(batch, name)
        if mask != getattr(before, name):
            values[name] = to_bytes(mask, batch.everyone)
            if name in _COUNTED:
                values[f"n_{name}"] = mask.bit_count() or None
    if "flight" in values:  # whoever is in flight still counts as unsent
        values["n_todo"] = (batch.todo | batch.flight).bit_count() or None
    if not batch.is_claimed:
        values["owner"] = None
    if not batch.is_claimed and not batch.is_open and (before.is_claimed or before.is_open):
        values |= {"due_at": None, "finished_at": now}
    connection.execute(_update(tuple(values)), {**values, "batch": batch.id})
    return batch


@cache
def _update(columns: tuple[str, ...]) -> Update:
    """Return a statement that writes some columns of a batch; there are few sets of them, and building costs."""
    values: dict[str, Any] = {name: bindparam(name) for name in columns}
    return update(batches).where(batches.c.id == bindparam("batch")).values(values)


Group = tuple[str, Sequence[int]]


def _pieces(groups: Sequence[Group]) -> list[list[Group]]:
    """Put groups that follow one another in the order of their ids together, as far as they fit into a piece."""
    pieces: list[list[Group]] = []
    for variant, ids in groups:
        if not ids:
            continue
        last = pieces[-1] if pieces else []
        if last and last[-1][1][-1] < ids[0] and sum(len(group) for _, group in last) + len(ids) <= PIECE:
            last.append((variant, ids))
        else:
            pieces.append([(variant, ids)])
    return pieces


def _audience(send: int, piece: Sequence[Group]) -> dict[str, Any]:
    ids = [number for _, group in piece for number in group]
    return {"send": send, "first": ids[0], "last": ids[-1], "ids": pack(ids)}


def _new(send: int, audience: int, piece: Sequence[Group]) -> Iterator[dict[str, Any]]:
    start = 0
    for variant, ids in piece:
        yield _row(send, variant, ids) | {"audience": audience, "start": start}
        start += len(ids)


def _row(send: int, variant: str, ids: Sequence[int]) -> dict[str, Any]:
    return {
        "send": send,
        "variant": variant or None,
        "count": len(ids),
        "attempt": 0,
        "todo": b"",  # everyone
        "n_todo": len(ids),
    }
