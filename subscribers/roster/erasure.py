"""A person's right to see and to be forgotten: what goes, what stays, what is handed over."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from enum import Enum
from typing import Any, Unpack

from sqlalchemy import Connection, delete, exists, select, update

from subscribers import address as addresses
from subscribers import audit
from subscribers.model import By, Reason, State
from subscribers.roster.people import person, the_one
from subscribers.roster.segmenting import Deliveries
from subscribers.roster.suppression import hold
from subscribers.tables import (
    EVERYWHERE,
    imports,
    lists,
    notices,
    requests,
    subscribers,
    subscriptions,
    suppressions,
    tagged,
)


def forget(conn: Connection, address: str, **by: Unpack[By]) -> int:
    """Erase a person's data and return the number that ledgers knew them by.

    Address, name, fields, tags, subscriptions and the network addresses of their acts go. What stays is the
    bare number and the mark of the address, so that no import writes to them again.

    Raises:
        UnknownSubscriber: nobody has the address.
    """
    found = the_one(conn, address)
    normal, _ = addresses.normal(found.address)
    hold(conn, normal, Reason.FORGOTTEN, EVERYWHERE, **by)
    _erase(conn, found.id, normal)
    audit.write(conn, "forgotten", subscriber_id=found.id, **by)
    return found.id


def tidy(conn: Connection, before: datetime, *, limit: int = 1000, **by: Unpack[By]) -> int:
    """Erase people who were asked to confirm before a time and never did anything, and return how many.

    No mark of them stays: they may be added again.
    """
    on_lists = subscriptions.c.list_id.in_(select(lists.c.id))
    theirs = on_lists & (subscriptions.c.subscriber_id == subscribers.c.id)
    waiting = (subscriptions.c.state == State.UNCONFIRMED) & (subscriptions.c.joined_at < before)
    never = exists().where(theirs, waiting) & ~exists().where(theirs, ~waiting)
    query = select(subscribers.c.id, subscribers.c.address).where(subscribers.c.address.is_not(None), never)
    rows = conn.execute(query.order_by(subscribers.c.id).limit(limit)).all()
    for row in rows:
        _erase(conn, row.id, row.address)
    audit.write_many(conn, "never confirmed, erased", [row.id for row in rows], **by)
    return len(rows)


def _erase(conn: Connection, number: int, normal: str) -> None:
    on_any = subscriptions.c.list_id.in_(select(lists.c.id))
    conn.execute(delete(subscriptions).where(on_any, subscriptions.c.subscriber_id == number))
    for table in (tagged, notices):
        conn.execute(delete(table).where(table.c.subscriber_id == number))
    _forget_wishes(conn, normal)
    # An import that stopped at this very address begins anew; doing a line twice changes nothing.
    stopped = imports.c.position == normal
    conn.execute(update(imports).where(stopped).values(position="", tally={}))
    conn.execute(update(suppressions).where(suppressions.c.subscriber_id == number).values(subscriber_id=None))
    audit.forget_where(conn, number)
    conn.execute(update(subscribers).where(subscribers.c.id == number).values(_EMPTY))


def _forget_wishes(conn: Connection, normal: str) -> None:
    waiting = conn.execute(select(requests.c.id, requests.c.address)).all()
    theirs = [row.id for row in waiting if addresses.normal(row.address)[0] == normal]
    conn.execute(delete(requests).where(requests.c.id.in_(theirs)))


_EMPTY: dict[str, Any] = {
    "address": None,
    "spelling": None,
    "name": "",
    "language": "",
    "sections": "",
    "weekdays_only": False,
    "fields": None,
}


def export_subject(conn: Connection, address: str, deliveries: Deliveries | None = None) -> dict[str, Any]:
    """Return all that is kept of one person, ready for JSON.

    Args:
        deliveries: the ledger of what was sent to them, where there is one.

    Raises:
        UnknownSubscriber: nobody has the address.
    """
    found = person(conn, the_one(conn, address))
    history = audit.entries(conn, subscriber_id=found.subscriber.id, limit=10_000)
    data = asdict(found)
    data["subscriber"]["fields"] = dict(found.subscriber.fields)
    data["history"] = [asdict(entry) for entry in reversed(history)]
    sent = deliveries.history(conn, found.subscriber.id, 10_000) if deliveries else ()
    data["deliveries"] = [asdict(each) for each in reversed(sent)]
    readable: dict[str, Any] = _readable(data)
    return readable


def _readable(value: Any) -> Any:
    match value:
        case dict():
            return {key: _readable(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_readable(inner) for inner in value]
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case Enum():
            return value.value
    return value
