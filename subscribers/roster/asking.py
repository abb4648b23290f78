"""Wishes to join from a public form: written down at once, looked at later.

Writing costs the same for a known and an unknown address, so the form's answer tells nobody who is a subscriber.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Unpack

from sqlalchemy import Connection, delete, insert, select

from subscribers import address as addresses
from subscribers.errors import AddressFault, UnknownList
from subscribers.model import Added, By
from subscribers.roster import listed
from subscribers.roster.joining import add
from subscribers.tables import lists, requests


def ask(conn: Connection, list_slug: str, address: str, *, name: str = "", **by: Unpack[By]) -> None:
    """Write down a wish to join.

    Raises:
        UnknownList: there is no such list.
        AddressFault: the address cannot be written to.
    """
    wanted = listed.named(conn, list_slug)
    addresses.normal(address)
    row = {"address": address.strip(), "name": name[:200], "at": by["at"], "source": by.get("source", "")}
    conn.execute(insert(requests).values(**row, list_id=wanted.id))


def settle(conn: Connection, limit: int = 100) -> tuple[Added, ...]:
    """Carry out the oldest wishes by each list's opt-in and return what they came to.

    One that can no longer be carried out, as its list was deleted in that moment, is forgotten: it must not stand in
    the way of the others for ever.
    """
    query = select(requests, lists.c.slug).join(lists, lists.c.id == requests.c.list_id)
    # Wishes that another process is settling right now are left to it.
    query = query.order_by(requests.c.id).limit(limit).with_for_update(of=requests, skip_locked=True)
    rows = conn.execute(query).all()
    made: list[Added] = []
    for row in rows:
        with suppress(UnknownList, AddressFault):  # raised before anything is written
            made.append(add(conn, row.slug, row.address, name=row.name, at=row.at, how="form", source=row.source))
    conn.execute(delete(requests).where(requests.c.id.in_([row.id for row in rows])))
    return tuple(made)
