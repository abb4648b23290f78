"""What is written down of a person: what they chose about their mail, their name and fields; knows no page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Unpack

from sqlalchemy import Connection, select, update

from subscribers import audit
from subscribers.model import By
from subscribers.roster.people import the_one
from subscribers.roster.zones import FIELD
from subscribers.tables import subscribers


def prefer(
    conn: Connection,
    subscriber_id: int,
    *,
    sections: tuple[str, ...] | None = None,
    weekdays_only: bool | None = None,
    language: str | None = None,
    zone: str | None = None,
    **by: Unpack[By],
) -> bool:
    """Write down a reader's choices, None for those left as they are, and return whether one changed.

    Args:
        sections: the sections wanted, empty for all.
        zone: the time zone they live in, by its name in the tz database; empty for the newsletter's own.
    """
    wanted: dict[str, Any] = {}
    if sections is not None:
        wanted["sections"] = ",".join(sorted(set(sections)))
    if weekdays_only is not None:
        wanted["weekdays_only"] = weekdays_only
    if language is not None:
        wanted["language"] = language
    if zone is not None:
        kept = conn.scalar(select(subscribers.c.fields).where(subscribers.c.id == subscriber_id)) or {}
        wanted["fields"] = {name: value for name, value in {**kept, FIELD: zone}.items() if value} or None
    return _change(conn, subscriber_id, wanted, "preferences changed", by)


def rename(conn: Connection, address: str, name: str, **by: Unpack[By]) -> bool:
    """Write down a person's name and return whether it changed; raises UnknownSubscriber."""
    wanted = {"name": " ".join(name.split())}
    return _change(conn, the_one(conn, address).id, wanted, "details changed", by)


def set_fields(conn: Connection, address: str, fields: Mapping[str, str], **by: Unpack[By]) -> bool:
    """Write down custom fields, an empty value takes one away, and return whether any changed."""
    found = the_one(conn, address)
    merged = {name: value for name, value in {**dict(found.fields), **fields}.items() if value}
    return _change(conn, found.id, {"fields": merged or None}, "details changed", by)


def _change(conn: Connection, subscriber_id: int, wanted: Mapping[str, Any], what: str, by: By) -> bool:
    here = subscribers.c.id == subscriber_id
    row = conn.execute(select(subscribers).where(here, subscribers.c.address.is_not(None))).one_or_none()
    if row is None:
        return False
    new = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    if not new:
        return False
    conn.execute(update(subscribers).where(here).values(new))
    audit.write(conn, what, subscriber_id=subscriber_id, detail=", ".join(sorted(new)), **by)
    return True
