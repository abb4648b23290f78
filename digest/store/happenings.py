"""Keeps what became of mails after they were handed over: a bit a recipient and kind; suppresses nobody.

Taking the same event twice changes nothing, so replays and duplicates need no memory of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from digest.store import batch as moves
from digest.store import batches as rows
from digest.store.batch import Batch
from digest.store.ledger_tables import batch_events, exceptions, sends
from digest.store.packing import from_bytes, to_bytes
from digest.store.tables import editions
from digest.store.upsert import upsert


@dataclass(frozen=True, slots=True)
class Happening:
    """One event, for one subscriber of one batch."""

    subscriber: int  #: 0 where nobody is known by what the provider told
    what: str
    at: datetime
    attempt: int = 0  #: of the batch; 0 where only this one mail is proved
    detail: str = ""
    edition: str = ""  #: its name as it was sent, '' where it was not told


#: Kinds that tell nothing more than that a request was accepted.
SILENT = frozenset({"processed"})

#: Kinds worth a line with the other side's words.
TOLD = frozenset({"bounced", "blocked", "dropped", "complained"})


def take_in(connection: Connection, batch_id: int, happenings: Sequence[Happening], now: datetime) -> set[int]:
    """Keep the events of one batch and return which of them, by their place in the list, are news.

    What was sent from another store, or from this one before it was restored from a copy, may have the same number:
    it counts for nothing where the edition is another one, and proves nothing where it is about nobody of the batch.
    """
    before = rows.read_one(connection, batch_id)
    if before is None:
        return set()
    name = _edition(connection, before.send)
    ours = {place for place, each in enumerate(happenings) if each.edition in {"", name}}
    _settle(connection, before, [happenings[place] for place in sorted(ours)], now)
    known = _known(connection, before)
    fresh: set[int] = set()
    masks: dict[str, int] = {}
    for place, happening in enumerate(happenings):
        position = before.position(happening.subscriber)
        if position is None or happening.what in SILENT or place not in ours:
            continue
        mask = masks.get(happening.what, known.get(happening.what, 0))
        if not mask >> position & 1:
            masks[happening.what] = mask | 1 << position
            fresh.add(place)
    _write(connection, before, masks)
    _tell(connection, before, [happenings[place] for place in sorted(fresh)])
    return fresh


def batch_of(connection: Connection, sends: Sequence[int], subscriber: int) -> int | None:
    """Return the last batch of these sends that a subscriber is in."""
    found = rows.find(connection, sends, subscriber)
    return found[-1].id if found else None


def _edition(connection: Connection, send: int) -> str:
    """Return the name that a send's mails carry."""
    row = editions.c
    query = select(row.newsletter, row.date, row.slot, sends.c.purpose).join(sends, sends.c.edition == row.id)
    found = connection.execute(query.where(sends.c.id == send)).one()
    name = "/".join(filter(None, (found.newsletter, found.date.isoformat(), found.slot)))
    return f"{name}+{found.purpose}" if found.purpose else name


def _settle(connection: Connection, batch: Batch, happenings: Sequence[Happening], now: datetime) -> None:
    """Take whoever is proved to have it as sent: everyone of a request, and whoever an event is about."""
    there = [each for each in happenings if batch.position(each.subscriber) is not None]
    after = batch
    for attempt in {each.attempt for each in there if each.attempt}:
        after = moves.prove(after, attempt)
    after = moves.settle(after, [each.subscriber for each in there if each.attempt <= batch.attempt])
    if after != batch:
        rows.write(connection, batch, after, now)


def _known(connection: Connection, batch: Batch) -> dict[str, int]:
    query = select(batch_events.c.what, batch_events.c.bits).where(batch_events.c.batch == batch.id)
    return {what: from_bytes(packed, batch.everyone) for what, packed in connection.execute(query)}


def _write(connection: Connection, batch: Batch, masks: Mapping[str, int]) -> None:
    lines = [{"batch": batch.id, "what": what, "bits": to_bytes(mask, batch.everyone)} for what, mask in masks.items()]
    upsert(connection, batch_events, lines, keys=("batch", "what"))


def _tell(connection: Connection, batch: Batch, happenings: Sequence[Happening]) -> None:
    lines = [
        {
            "batch": batch.id,
            "position": batch.position(each.subscriber),
            "what": each.what,
            "detail": each.detail,
            "at": each.at,
        }
        for each in happenings
        if each.what in TOLD
    ]
    upsert(connection, exceptions, lines, keys=("batch", "position", "what"))
