"""A segment's conditions as the database asks them; knows no words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy import ColumnElement, Connection, exists, func

from subscribers.model import Delivery, State
from subscribers.segments import Condition, Segment
from subscribers.tables import subscribers, subscriptions, tagged, tags


class Deliveries(Protocol):
    """The ledger of what was sent, as lists ask it."""

    def received_since(self, conn: Connection, ids: Sequence[int], since: datetime) -> set[int]:
        """Return those of the people who were sent an edition since that time."""
        ...

    def under_way(self, conn: Connection, list_slug: str) -> tuple[str, ...]:
        """Return the names of the editions that are on their way to a list, or paused there."""
        ...

    def history(self, conn: Connection, subscriber: int, limit: int) -> tuple[Delivery, ...]:
        """Return what became of the last editions planned for one person, the newest first."""
        ...


def clauses(segment: Segment) -> list[ColumnElement[bool]]:
    """Return what must be so of a row of subscribers joined with subscriptions."""
    asked = (each for each in segment.conditions if each.kind != "received")
    return [~_clause(each) if each.is_not else _clause(each) for each in asked]


def kept(conn: Connection, segment: Segment, ids: Iterable[int], deliveries: Deliveries | None) -> set[int]:
    """Return those of the people who fit what the segment says of editions received."""
    left = set(ids)
    for each in segment.received:
        if deliveries is None or each.when is None or not left:
            return left
        since = deliveries.received_since(conn, sorted(left), each.when)
        left = left & since if (each.sign == ">") is not each.is_not else left - since
    return left


def _clause(asked: Condition) -> ColumnElement[bool]:
    match asked.kind:
        case "tag":
            return _has_tag(asked.value)
        case "state":
            return subscriptions.c.state == State(asked.value)
        case "joined":
            column = subscriptions.c.joined_at
            return column >= asked.when if asked.sign == ">" else column < asked.when
        case "field":
            return _text(func.coalesce(subscribers.c.fields[asked.field].as_string(), ""), asked)
        case _:
            return _text(subscribers.c[asked.kind], asked)


def _has_tag(name: str) -> ColumnElement[bool]:
    named = tags.c.name == name
    return exists().where(tagged.c.subscriber_id == subscribers.c.id, tagged.c.tag_id == tags.c.id, named)


def _text(column: ColumnElement[str], asked: Condition) -> ColumnElement[bool]:
    if asked.sign == "~":
        return column.icontains(asked.value, autoescape=True)
    return func.lower(column) == asked.value.lower()
