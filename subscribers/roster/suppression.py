"""Addresses that must not be written to: held by a mark that outlives the person's data."""

from __future__ import annotations

from typing import Any, Unpack

from sqlalchemy import Connection, Row, delete, insert, select

from subscribers import address as addresses
from subscribers import audit, notices
from subscribers.identity import digest_of
from subscribers.model import By, Reason
from subscribers.roster import listed
from subscribers.roster.people import reason_against
from subscribers.tables import EVERYWHERE, subscribers, suppressions


def suppress(
    conn: Connection,
    address: str,
    reason: Reason = Reason.MANUAL,
    *,
    list_slug: str | None = None,
    **by: Unpack[By],
) -> bool:
    """Never write to an address again, for one list or every list, and return whether that is new.

    Raises:
        UnknownList: there is no such list.
        AddressFault: it is no address.
    """
    normal, _ = addresses.normal(address)
    return hold(conn, normal, reason, _number(conn, list_slug), **by)


def suppress_subscriber(
    conn: Connection, subscriber_id: int, reason: Reason, *, list_slug: str | None = None, **by: Unpack[By]
) -> bool:
    """Never write to a subscriber again, as a provider's events ask; False for someone forgotten."""
    normal = conn.scalar(select(subscribers.c.address).where(subscribers.c.id == subscriber_id))
    return normal is not None and hold(conn, normal, reason, _number(conn, list_slug), **by)


def hold(conn: Connection, normal: str, reason: Reason, list_id: int, **by: Unpack[By]) -> bool:
    """Keep the mark of a normal address and return whether it is new."""
    if _held(conn, normal, list_id) is not None:
        return False
    owner = conn.scalar(select(subscribers.c.id).where(subscribers.c.address == normal))
    where = list_id if list_id != EVERYWHERE else None
    act = audit.write(conn, "suppressed", list_id=where, subscriber_id=owner, detail=reason.value, **by)
    values = {"digest": digest_of(normal), "list_id": list_id, "reason": reason.value, "at": by["at"]}
    conn.execute(insert(suppressions).values(**values, act=act, subscriber_id=owner))
    if owner is not None:
        notices.withdraw(conn, owner, where)
    return True


def lift(conn: Connection, address: str, *, list_slug: str | None = None, **by: Unpack[By]) -> bool:
    """Let an address be written to again and return whether it was suppressed; recorded as an override."""
    normal, _ = addresses.normal(address)
    list_id = _number(conn, list_slug)
    held = _held(conn, normal, list_id)
    if held is None:
        return False
    conn.execute(delete(suppressions).where(suppressions.c.id == held.id))
    where = list_id if list_id != EVERYWHERE else None
    audit.write(conn, "suppression lifted", list_id=where, subscriber_id=held.subscriber_id, detail=held.reason, **by)
    return True


def lift_here(conn: Connection, normal: str, list_id: int) -> None:
    """Let a normal address be written to for one list; the caller records why."""
    here = suppressions.c.list_id.in_((EVERYWHERE, list_id))
    conn.execute(delete(suppressions).where(suppressions.c.digest == digest_of(normal), here))


def is_suppressed(conn: Connection, address: str, list_slug: str | None = None) -> Reason | None:
    """Return why an address must not be written to, None where it may."""
    normal, _ = addresses.normal(address)
    return reason_against(conn, normal, _number(conn, list_slug))


def _number(conn: Connection, list_slug: str | None) -> int:
    return EVERYWHERE if list_slug is None else listed.named(conn, list_slug).id


def _held(conn: Connection, normal: str, list_id: int) -> Row[Any] | None:
    wanted = (suppressions.c.digest == digest_of(normal)) & (suppressions.c.list_id == list_id)
    return conn.execute(select(suppressions).where(wanted)).one_or_none()
