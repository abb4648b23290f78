"""People join lists and confirm; the rules are in ``rules``, this carries them out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Unpack

from sqlalchemy import Connection, Row, insert, select, update

from subscribers import address as addresses
from subscribers import audit, notices
from subscribers.bulk import alone_with
from subscribers.identity import digest_of, public_ids
from subscribers.model import Added, By, State
from subscribers.roster import listed, rules
from subscribers.roster.people import reason_against
from subscribers.roster.suppression import lift_here
from subscribers.tables import subscribers, subscriptions, suppressions


def add(
    conn: Connection,
    list_slug: str,
    address: str,
    *,
    name: str = "",
    fields: Mapping[str, str] | None = None,
    override: bool = False,
    confirmed: bool = False,
    **by: Unpack[By],
) -> Added:
    """Put a person on a list, by the list's opt-in; a confirmation is queued where one is needed.

    Args:
        override: take back someone who left or is suppressed; recorded as such.
        confirmed: they have agreed already, elsewhere; recorded as such.

    Raises:
        UnknownList: there is no such list.
        AddressFault: the address cannot be written to.
    """
    wanted = listed.named(conn, list_slug)
    normal, spelling = addresses.normal(address)
    alone_with(conn, subscribers, normal)
    reason = reason_against(conn, normal, wanted.id)
    found = conn.execute(select(subscribers.c.id).where(subscribers.c.address == normal)).scalar()
    state = None if found is None else _state(conn, wanted.id, found)
    opt_in = "single" if confirmed else wanted.opt_in
    status = rules.joining(state, reason, opt_in, by["how"], override=override)
    if status in ("already", "left", "suppressed"):
        return Added(status, found, reason if status == "suppressed" else None)
    number = found if found is not None else make(conn, normal, spelling, name, fields, at=by["at"])
    if override and reason is not None:
        lift_here(conn, normal, wanted.id)
    taken_back = override and (reason or state is State.UNSUBSCRIBED)
    detail = ", ".join(filter(None, ("override" if taken_back else "", "agreed elsewhere" if confirmed else "")))
    act = audit.write(conn, _WHAT[status], list_id=wanted.id, subscriber_id=number, detail=detail, **by)
    _put(conn, wanted.id, number, status == "added", by["at"], act)
    if status == "pending":
        notices.queue(conn, "confirm", number, wanted.id, at=by["at"])
    return Added(status, number)


_WHAT = {"added": "subscribed", "pending": "asked to confirm"}


def make(
    conn: Connection,
    normal: str,
    spelling: str,
    name: str,
    fields: Mapping[str, str] | None,
    *,
    at: datetime,
) -> int:
    """Make a subscriber and return their number; a suppression kept of the address is tied to it."""
    values = {
        "public_id": public_ids(at, 1)[0],
        "address": normal,
        "spelling": spelling if spelling != normal else None,
        "name": " ".join(name.split()),
        "fields": dict(fields) if fields else None,
        "created_at": at,
    }
    key = conn.execute(insert(subscribers).values(values)).inserted_primary_key
    assert key is not None  # noqa: S101 - one row was inserted, so there is one key
    held = suppressions.c.digest == digest_of(normal)
    conn.execute(update(suppressions).where(held).values(subscriber_id=key[0]))
    return int(key[0])


def confirm(conn: Connection, subscriber_id: int, list_slug: str, **by: Unpack[By]) -> bool:
    """Confirm a subscription that waits for it and return whether one did; a second time changes nothing.

    Whoever opened the link reads the mail of that address, so a suppression for having left is lifted.
    """
    wanted = listed.named(conn, list_slug)
    row = _subscription(conn, wanted.id, subscriber_id)
    normal = conn.scalar(select(subscribers.c.address).where(subscribers.c.id == subscriber_id))
    if row is None or row.state is not State.UNCONFIRMED or normal is None:
        return False
    reason = reason_against(conn, normal, wanted.id)
    if reason is not None and reason not in rules.LIFTED_BY_OWN_ACT:
        return False
    lift_here(conn, normal, wanted.id)
    act = audit.write(conn, "confirmed", list_id=wanted.id, subscriber_id=subscriber_id, **by)
    _put(conn, wanted.id, subscriber_id, True, by["at"], act)
    notices.withdraw(conn, subscriber_id, wanted.id)
    return True


def is_confirmed(conn: Connection, subscriber_id: int, list_slug: str) -> bool:
    """Return whether a person is on a list and gets its mail."""
    return _state(conn, listed.named(conn, list_slug).id, subscriber_id) is State.CONFIRMED


def _subscription(conn: Connection, list_id: int, subscriber_id: int) -> Row[Any] | None:
    here = (subscriptions.c.list_id == list_id) & (subscriptions.c.subscriber_id == subscriber_id)
    return conn.execute(select(subscriptions).where(here)).one_or_none()


def _state(conn: Connection, list_id: int, subscriber_id: int) -> State | None:
    row = _subscription(conn, list_id, subscriber_id)
    return None if row is None else row.state


def _put(conn: Connection, list_id: int, subscriber_id: int, confirmed: bool, at: datetime, act: int) -> None:
    values = {
        "state": State.CONFIRMED if confirmed else State.UNCONFIRMED,
        "confirmed_at": at if confirmed else None,
        "left_at": None,
        "act": act,
    }
    here = (subscriptions.c.list_id == list_id) & (subscriptions.c.subscriber_id == subscriber_id)
    if not conn.execute(update(subscriptions).where(here).values(values)).rowcount:
        new = {"list_id": list_id, "subscriber_id": subscriber_id, "joined_at": at, **values}
        conn.execute(insert(subscriptions).values(new))
