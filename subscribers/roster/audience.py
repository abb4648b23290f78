"""Who gets a mail: confirmed, unsuppressed, each once however many lists they are on; changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, distinct, exists, func, select, union

from subscribers.model import State, Subscriber
from subscribers.roster import listed
from subscribers.roster.people import subscriber_of
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
        return list(conn.scalars(pages[0]))
    merged = union(*pages).subquery()
    column = merged.c.subscriber_id
    return list(conn.scalars(select(column).order_by(column).limit(limit)))


def audience_count(
    conn: Connection, list_slugs: tuple[str, ...], *, weekend: bool = False, segment: Segment | None = None
) -> int:
    """Return how many people get a mail to these lists, each counted once."""
    each = [_allowed(number, weekend, segment) for number in listed.numbers(conn, list_slugs)]
    if not each:
        return 0
    everyone = each[0] if len(each) == 1 else union(*each)
    return conn.scalar(select(func.count()).select_from(everyone.subquery())) or 0


def variants(
    conn: Connection, list_slugs: tuple[str, ...], *, most: int = 16
) -> tuple[tuple[tuple[str, ...], int], ...]:
    """Return the choices of sections among those who get mail, the commonest first, and how many made each.

    No sections means all. Beyond ``most`` different choices the rarest get all sections: an edition is frozen in
    as many variants as there are choices.
    """
    lists_of = subscriptions.c.list_id.in_(listed.numbers(conn, list_slugs))
    query = (
        select(subscribers.c.sections, func.count(distinct(subscribers.c.id)).label("people"))
        .join(subscriptions, subscriptions.c.subscriber_id == subscribers.c.id)
        .where(lists_of, subscriptions.c.state == State.CONFIRMED, ~_suppressed())
        .group_by(subscribers.c.sections)
        .order_by(func.count().desc(), subscribers.c.sections)
    )
    found = [(tuple(filter(None, row.sections.split(","))), row.people) for row in conn.execute(query)]
    chosen = [(sections, people) for sections, people in found if sections][: most - 1]
    everything = sum(people for _, people in found) - sum(people for _, people in chosen)
    return tuple(sorted([((), everything), *chosen], key=lambda each: -each[1]))


def sendable(conn: Connection, ids: Sequence[int], list_slugs: tuple[str, ...]) -> list[Subscriber]:
    """Return those of these people who may still be written to, in the order of their numbers.

    Someone who left, was suppressed or was forgotten since the audience was taken is not among them.
    """
    numbers = listed.numbers(conn, list_slugs)
    on_list = subscriptions.c.list_id.in_(numbers) & subscriptions.c.subscriber_id.in_(ids)
    allowed = select(subscriptions.c.subscriber_id).where(
        on_list, subscriptions.c.state == State.CONFIRMED, ~_suppressed()
    )
    # The ids are named once more for the outer table, so that it too is entered by its key.
    query = select(subscribers).where(
        subscribers.c.id.in_(ids), subscribers.c.id.in_(allowed), subscribers.c.address.is_not(None)
    )
    return [subscriber_of(row) for row in conn.execute(query.order_by(subscribers.c.id))]


def _allowed(list_id: int, weekend: bool, segment: Segment | None) -> Select[Any]:
    query = select(subscriptions.c.subscriber_id).where(
        subscriptions.c.list_id == list_id, subscriptions.c.state == State.CONFIRMED, ~_suppressed()
    )
    if segment is not None and segment.conditions:
        query = query.join(subscribers, subscribers.c.id == subscriptions.c.subscriber_id).where(*clauses(segment))
    return query.where(~_weekdays_only()) if weekend else query


def _suppressed() -> ColumnElement[bool]:
    return exists().where(
        suppressions.c.subscriber_id == subscriptions.c.subscriber_id,
        suppressions.c.list_id.in_((EVERYWHERE, subscriptions.c.list_id)),
    )


def _weekdays_only() -> ColumnElement[bool]:
    reader = subscribers.alias("reader")
    return exists().where(reader.c.id == subscriptions.c.subscriber_id, reader.c.weekdays_only)
