"""Mails about a subscription itself, waiting to be sent, each once; does not know how mail is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from subscribers.tables import lists, notices, subscribers

Kind = Literal["confirm"]


@dataclass(frozen=True, slots=True)
class Notice:
    """One mail to be sent to one person."""

    id: int
    kind: Kind
    subscriber_id: int
    public_id: str
    address: str
    name: str
    language: str  #: BCP 47 tag, '' where unknown
    list_slug: str
    list_title: str
    at: datetime  #: when it was asked for; aware, UTC


def queue(conn: Connection, kind: Kind, subscriber_id: int, list_id: int, *, at: datetime) -> bool:
    """Ask for a mail and return whether it is new: one that still waits is not asked for twice."""
    waiting = _about(subscriber_id, list_id) & notices.c.done_at.is_(None) & (notices.c.kind == kind)
    if conn.scalar(select(notices.c.id).where(waiting).limit(1)) is not None:
        return False
    row = {"kind": kind, "subscriber_id": subscriber_id, "list_id": list_id, "at": at}
    conn.execute(insert(notices).values(row))
    return True


def due(conn: Connection, limit: int = 100) -> tuple[Notice, ...]:
    """Return the mails that wait, oldest first."""
    query = (
        select(
            notices.c.id,
            notices.c.kind,
            notices.c.subscriber_id,
            notices.c.at,
            subscribers.c.public_id,
            subscribers.c.address,
            subscribers.c.spelling,
            subscribers.c.name,
            subscribers.c.language,
            lists.c.slug,
            lists.c.title,
        )
        .join(subscribers, subscribers.c.id == notices.c.subscriber_id)
        .join(lists, lists.c.id == notices.c.list_id)
        .where(notices.c.done_at.is_(None))
        .order_by(notices.c.id)
        .limit(limit)
    )
    return tuple(
        Notice(
            id=row.id,
            kind=row.kind,
            subscriber_id=row.subscriber_id,
            public_id=row.public_id,
            address=row.spelling or row.address,
            name=row.name,
            language=row.language,
            list_slug=row.slug,
            list_title=row.title,
            at=row.at,
        )
        for row in conn.execute(query)
    )


def done(conn: Connection, notice_id: int, *, at: datetime) -> bool:
    """Mark a mail as handed to the provider and return whether it still waited."""
    waiting = (notices.c.id == notice_id) & notices.c.done_at.is_(None)
    return bool(conn.execute(update(notices).where(waiting).values(done_at=at)).rowcount)


def withdraw(conn: Connection, subscriber_id: int, list_id: int | None) -> None:
    """Take back what still waits about a person and a list, or every list where none is named."""
    waiting = _about(subscriber_id, list_id) & notices.c.done_at.is_(None)
    conn.execute(delete(notices).where(waiting))


def _about(subscriber_id: int, list_id: int | None) -> ColumnElement[bool]:
    about = notices.c.subscriber_id == subscriber_id
    return about if list_id is None else about & (notices.c.list_id == list_id)
