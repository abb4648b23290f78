"""Mails about a subscription itself, waiting to be sent, each once; does not know how mail is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from subscribers.tables import lists, notices, subscribers

Kind = Literal["confirm"]

#: A lost mail can be asked for again after this.
PAUSE = timedelta(minutes=10)
MOST_A_DAY = 3
A_DAY = timedelta(days=1)


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
    """Ask for a mail and return whether it will go.

    One that still waits is not asked for twice, and a person gets few in a day: anybody can type an address into
    a form.
    """
    same = _about(subscriber_id, list_id) & (notices.c.kind == kind)
    lately = notices.c.done_at.is_(None) | (notices.c.at > at - A_DAY)
    newest = conn.execute(
        select(notices.c.at, notices.c.done_at).where(same, lately).order_by(notices.c.id.desc()).limit(MOST_A_DAY)
    ).all()
    if newest and (newest[0].done_at is None or newest[0].at > at - PAUSE or len(newest) == MOST_A_DAY):
        return False
    row = {"kind": kind, "subscriber_id": subscriber_id, "list_id": list_id, "at": at}
    conn.execute(insert(notices).values(row))
    return True


def due(conn: Connection, limit: int = 100, *, fresh_since: datetime | None = None) -> tuple[Notice, ...]:
    """Return the mails that wait, oldest first, before all others those asked for since a moment, where it is named."""
    is_old = [] if fresh_since is None else [notices.c.at < fresh_since]
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
        .order_by(*is_old, notices.c.id)
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
