"""The log of who changed what, when and from where: rows are only ever added; knows no rule.

The database itself lets nobody rewrite or delete one, see ``appendonly``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

from sqlalchemy import Connection, insert, select, update

from subscribers.bulk import insert_rows
from subscribers.model import By, Entry
from subscribers.reach import EVERYTHING, Reach
from subscribers.tables import audit, lists


def write(
    conn: Connection,
    what: str,
    *,
    list_id: int | None = None,
    subscriber_id: int | None = None,
    detail: str = "",
    **by: Unpack[By],
) -> int:
    """Add an entry and return its number; the detail never holds a person's data."""
    row = insert(audit).values(
        at=by["at"],
        who=by.get("who", ""),
        how=by["how"],
        source=by.get("source", ""),
        what=what,
        list_id=list_id,
        subscriber_id=subscriber_id,
        detail=detail,
    )
    key = conn.execute(row).inserted_primary_key
    assert key is not None  # noqa: S101 - one row was inserted, so there is one key
    return int(key[0])


def write_many(conn: Connection, what: str, people: Sequence[int], detail: str = "", **by: Unpack[By]) -> None:
    """Add the same entry for each of many people."""
    told = (int(by["at"].timestamp()), by.get("who", ""), by["how"], by.get("source", ""), what, detail)
    columns = ("subscriber_id", "at", "who", "how", "source", "what", "detail")
    insert_rows(conn, audit, columns, [(number, *told) for number in people])


def entries(
    conn: Connection,
    *,
    subscriber_id: int | None = None,
    list_slug: str | None = None,
    before_id: int | None = None,
    limit: int = 50,
    reach: Reach = EVERYTHING,
) -> tuple[Entry, ...]:
    """Return the newest entries first, of one person or list where one is named.

    Those within reach are of a list that is, or of no list and about a person who is.
    """
    query = select(audit, lists.c.slug).join(lists, lists.c.id == audit.c.list_id, isouter=True)
    if subscriber_id is not None:
        query = query.where(audit.c.subscriber_id == subscriber_id)
    if list_slug is not None:
        query = query.where(lists.c.slug == list_slug)
    if before_id is not None:
        query = query.where(audit.c.id < before_id)
    if not reach.is_whole:
        about = audit.c.list_id.is_(None) & reach.people(conn, audit.c.subscriber_id)
        query = query.where(audit.c.list_id.in_(reach.numbers(conn)) | about)
    rows = conn.execute(query.order_by(audit.c.id.desc()).limit(limit))
    return tuple(
        Entry(
            row.id,
            row.at,
            row.who,
            row.how,
            row.source,
            row.what,
            row.slug or "",
            row.subscriber_id,
            row.detail,
        )
        for row in rows
    )


def forget_where(conn: Connection, subscriber_id: int) -> None:
    """Take the network addresses out of a forgotten person's own acts; the entries stay."""
    own = (audit.c.subscriber_id == subscriber_id) & audit.c.how.in_(("form", "link"))
    conn.execute(update(audit).where(own).values(source=""))
