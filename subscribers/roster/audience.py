"""Who gets a mail: confirmed, unsuppressed, each once however many lists they are on; changes nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    any_,
    bindparam,
    distinct,
    exists,
    func,
    select,
    union,
)

from subscribers.model import Addressee, State
from subscribers.roster import listed
from subscribers.roster.people import sections_of
from subscribers.roster.segmenting import clauses
from subscribers.segments import Segment
from subscribers.tables import EVERYWHERE, subscribers, subscriptions, suppressions


def audience_page(
    conn: Connection,
    list_slugs: tuple[str, ...],
    after_id: int,
    limit: int,
    *,
    weekend: bool = False,
    segment: Segment | None = None,
) -> list[int]:
    """Return the numbers of the next people who get a mail to these lists, ascending.

    Args:
        after_id: the last number of the page before, 0 for the first page.
        weekend: leave out those who want mail on weekdays only.
        segment: only those who fit it; what it says of editions received is asked of the ledger by ``kept``.

    Raises:
        UnknownList: one of the lists is none.
    """
    pages = [
        select(
            _allowed(number, weekend, segment)
            .where(subscriptions.c.subscriber_id > after_id)
            .order_by(subscriptions.c.subscriber_id)
            .limit(limit)
            .subquery()
        )
        for number in listed.numbers(conn, list_slugs)
    ]
    if not pages:
        return []
    if len(pages) == 1:
        return list(conn.scalars(pages[0]).all())
    merged = union(*pages).subquery()
    column = merged.c.subscriber_id
    return list(conn.scalars(select(column).order_by(column).limit(limit)).all())


def audience_count(
    conn: Connection, list_slugs: tuple[str, ...], *, weekend: bool = False, segment: Segment | None = None
) -> int:
    """Return how many people get a mail to these lists, each counted once."""
    each = [_allowed(number, weekend, segment) for number in listed.numbers(conn, list_slugs)]
    if not each:
        return 0
    everyone = each[0] if len(each) == 1 else union(*each)
    return conn.scalar(select(func.count()).select_from(everyone.subquery())) or 0


def choices(conn: Connection, list_slugs: tuple[str, ...]) -> tuple[tuple[tuple[str, ...], int], ...]:
    """Return the choices of sections among those who get mail, the commonest first, and how many made each.

    Who wants all sections made no choice.
    """
    lists_of = subscriptions.c.list_id.in_(listed.numbers(conn, list_slugs))
    people = func.count(distinct(subscribers.c.id)).label("people")
    query = (
        select(subscribers.c.sections, people)
        .join(subscriptions, subscriptions.c.subscriber_id == subscribers.c.id)
        .where(subscribers.c.sections != "", lists_of, subscriptions.c.state == State.CONFIRMED, ~is_held())
        .group_by(subscribers.c.sections)
        .order_by(people.desc(), subscribers.c.sections)
    )
    return tuple((sections_of(row.sections), row.people) for row in conn.execute(query))


def chosen_sections(conn: Connection, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Return the sections that some of these people chose, by their numbers; ``ids`` are ascending.

    Who wants all sections is not among them.
    """
    if not ids:
        return {}
    wanted = set(ids)
    query = select(subscribers.c.id, subscribers.c.sections).where(
        subscribers.c.id.between(ids[0], ids[-1]), subscribers.c.sections != ""
    )
    return {row.id: sections_of(row.sections) for row in conn.execute(query) if row.id in wanted}


def sendable(conn: Connection, ids: Sequence[int], list_slugs: tuple[str, ...]) -> list[Addressee]:
    """Return those of these people who may still be written to, in the order of their numbers.

    Someone who left, was suppressed or was forgotten since the audience was taken is not among them.
    """
    query = _sendable(conn.dialect.name, listed.numbers(conn, list_slugs))
    given = json.dumps(list(ids)) if conn.dialect.name == "sqlite" else list(ids)
    return [Addressee._make(row) for row in conn.execute(query, {"ids": given}).all()]  # rows one by one cost twice


@cache
def _sendable(dialect: str, numbers: tuple[int, ...]) -> Select[Any]:
    """Return the question of ``sendable``; the ids are one value, so that the database understands it once."""
    person = subscribers.c
    on_list = (subscriptions.c.subscriber_id == person.id) & subscriptions.c.list_id.in_(numbers)
    allowed = exists().where(on_list, subscriptions.c.state == State.CONFIRMED, ~is_held())
    query = select(person.id, person.public_id, func.coalesce(person.spelling, person.address), person.name)
    if dialect == "sqlite":
        given = func.json_each(bindparam("ids")).table_valued("value")
        query = query.select_from(given.join(subscribers, person.id == given.c.value))
    else:
        query = query.where(person.id == any_(bindparam("ids", type_=ARRAY(BigInteger))))
    return query.where(allowed, person.address.is_not(None)).order_by(person.id)


def _allowed(list_id: int, weekend: bool, segment: Segment | None) -> Select[Any]:
    query = select(subscriptions.c.subscriber_id).where(
        subscriptions.c.list_id == list_id, subscriptions.c.state == State.CONFIRMED, ~is_held()
    )
    if segment is not None and segment.conditions:
        query = query.join(subscribers, subscribers.c.id == subscriptions.c.subscriber_id).where(*clauses(segment))
    return query.where(~_weekdays_only()) if weekend else query


def is_held() -> ColumnElement[bool]:
    """Return whether a subscription's person is suppressed, for its list or for every list."""
    return exists().where(
        suppressions.c.subscriber_id == subscriptions.c.subscriber_id,
        suppressions.c.list_id.in_((EVERYWHERE, subscriptions.c.list_id)),
    )


def _weekdays_only() -> ColumnElement[bool]:
    reader = subscribers.alias("reader")
    return exists().where(reader.c.id == subscriptions.c.subscriber_id, reader.c.weekdays_only)
