"""People as the page lists them, with their tags and lists; knows no filter and changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, exists, select

from subscribers.reach import EVERYTHING, Reach
from subscribers.tables import EVERYWHERE, lists, subscriptions, suppressions, tagged, tags


@dataclass(frozen=True, slots=True)
class Line:
    """One person as the page lists them."""

    id: int
    public_id: str
    address: str
    name: str
    tags: tuple[str, ...] = ()
    places: tuple[tuple[str, str], ...] = ()  #: (list, state)
    is_suppressed: bool = False  #: for every list


def tag_names(conn: Connection, reach: Reach = EVERYTHING) -> tuple[str, ...]:
    """Return the first hundred tags of people within reach, by name."""
    query = select(tags.c.name).order_by(tags.c.name).limit(100)
    if not reach.is_whole:
        someone = exists().where(tagged.c.tag_id == tags.c.id, reach.people(conn, tagged.c.subscriber_id))
        query = query.where(someone)
    return tuple(conn.scalars(query))


def lines(conn: Connection, rows: Sequence[Row[Any]], reach: Reach = EVERYTHING) -> tuple[Line, ...]:
    """Return people with their tags and those of their lists within reach, in four questions however many they are."""
    if not rows:
        return ()
    people = [row.id for row in rows]
    names: dict[int, list[str]] = {}
    places: dict[int, list[tuple[str, str]]] = {}
    # The whole key is named and nothing joined: without statistics SQLite would walk the table.
    of = {
        row.id: row.slug
        for row in conn.execute(select(lists.c.id, lists.c.slug).where(lists.c.deleted_at.is_(None)))
        if reach.holds(row.slug)
    }
    for number, tag in conn.execute(
        select(tagged.c.subscriber_id, select(tags.c.name).where(tags.c.id == tagged.c.tag_id).scalar_subquery()).where(
            tagged.c.subscriber_id.in_(people)
        )
    ):
        names.setdefault(number, []).append(tag)
    for row in conn.execute(
        select(subscriptions.c.subscriber_id, subscriptions.c.state, subscriptions.c.list_id).where(
            subscriptions.c.list_id.in_(of), subscriptions.c.subscriber_id.in_(people)
        )
    ):
        places.setdefault(row.subscriber_id, []).append((of[row.list_id], row.state.value))
    here = suppressions.c.subscriber_id.in_(people) & (suppressions.c.list_id == EVERYWHERE)
    held = set(conn.scalars(select(suppressions.c.subscriber_id).where(here)))
    return tuple(
        Line(
            row.id,
            row.public_id,
            row.spelling or row.address,
            row.name,
            tuple(sorted(names.get(row.id, ()))),
            tuple(sorted(places.get(row.id, ()))),
            row.id in held,
        )
        for row in rows
    )
