"""The people of one list, in the order of their numbers; changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from subscribers.model import State
from subscribers.roster import listed
from subscribers.roster.audience import is_held
from subscribers.roster.segmenting import Deliveries, clauses, kept
from subscribers.segments import Segment
from subscribers.tables import subscribers, subscriptions

_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Member:
    """One person's place on a list."""

    id: int
    address: str
    name: str
    state: State
    joined_at: datetime  #: aware, UTC
    is_suppressed: bool = False  #: gets no mail whatever the state


def members(
    conn: Connection,
    list_slug: str,
    *,
    state: State | None = None,
    segment: Segment | None = None,
    deliveries: Deliveries | None = None,
) -> Iterator[Member]:
    """Yield everybody who is or was on a list, or those of a state or segment; raises UnknownList."""
    wanted = listed.named(conn, list_slug)
    part = segment or Segment()
    after = 0
    while page := conn.execute(_page(wanted.id, after, state, part)).all():
        left = kept(conn, part, (row.id for row in page), deliveries)
        for row in page:
            if row.id in left:
                address = row.spelling or row.address
                yield Member(row.id, address, row.name, row.state, row.joined_at, bool(row.is_suppressed))
        after = page[-1].id


def _page(list_id: int, after: int, state: State | None, segment: Segment) -> Select[Any]:
    query = (
        select(
            subscribers.c.id,
            subscribers.c.address,
            subscribers.c.spelling,
            subscribers.c.name,
            subscriptions.c.state,
            subscriptions.c.joined_at,
            is_held().label("is_suppressed"),
        )
        .join(subscribers, subscribers.c.id == subscriptions.c.subscriber_id)
        .where(subscriptions.c.list_id == list_id, subscriptions.c.subscriber_id > after, *clauses(segment))
    )
    if state is not None:
        query = query.where(subscriptions.c.state == state)
    return query.order_by(subscriptions.c.subscriber_id).limit(_AT_ONCE)
