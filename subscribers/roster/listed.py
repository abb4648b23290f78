"""Lists: made, found, counted; knows no person."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Unpack

from sqlalchemy import Connection, exists, func, insert, select, update

from subscribers import audit
from subscribers.errors import ListNameFault, UnknownList
from subscribers.model import By, ListSummary, OptIn, State
from subscribers.tables import EVERYWHERE, LONGEST_SLUG, subscriptions, suppressions
from subscribers.tables import lists as table

#: Whether a list was not deleted; the row of one that was is kept for the log.
IS_THERE = table.c.deleted_at.is_(None)

#: What is counted of a list.
_COUNTS = {"confirmed": State.CONFIRMED, "unconfirmed": State.UNCONFIRMED, "unsubscribed": State.UNSUBSCRIBED}


@dataclass(frozen=True, slots=True)
class Listed:
    """A list as the rules need it."""

    id: int
    slug: str
    title: str
    opt_in: OptIn


def ensure_list(
    conn: Connection, slug: str, *, title: str = "", opt_in: OptIn = "double", at: datetime, by: By | None = None
) -> int:
    """Make a list where there is none of that name, and return its number; an existing one stays as it is.

    One of the name that was deleted comes back without its people: they count as having left it.
    ``by`` says who wants it, where it is not the config. Raises ListNameFault for a name that cannot be kept.
    """
    if not 1 <= len(slug) <= LONGEST_SLUG:
        raise ListNameFault(f'"{slug[:40]}…" is no name of a list; one has 1 to {LONGEST_SLUG} characters')
    found = conn.execute(select(table.c.id, table.c.deleted_at).where(table.c.slug == slug)).one_or_none()
    if found is not None and found.deleted_at is None:
        return int(found.id)
    values = {"title": title or slug, "opt_in": opt_in, "created_at": at, "deleted_at": None}
    if found is not None:
        number = int(found.id)
        conn.execute(update(table).where(table.c.id == number).values(values))
    else:
        key = conn.execute(insert(table).values(slug=slug, **values)).inserted_primary_key
        assert key is not None  # noqa: S101 - one row was inserted, so there is one key
        number = int(key[0])
    made_by: By = by or {"at": at, "how": "config"}
    act = audit.write(conn, "list made", list_id=number, detail=f"{opt_in} opt-in", **made_by)
    if found is not None:  # who joined in the very moment of the deletion is not on it either
        late = (subscriptions.c.list_id == number) & (subscriptions.c.state != State.UNSUBSCRIBED)
        gone = {"state": State.UNSUBSCRIBED, "left_at": found.deleted_at, "act": act}
        conn.execute(update(subscriptions).where(late).values(gone))
    return number


def change_list(
    conn: Connection, slug: str, *, title: str | None = None, opt_in: OptIn | None = None, **by: Unpack[By]
) -> bool:
    """Write down another title, or another way to join from now on, and return whether either changed.

    Who is on the list stays as they are. None leaves a thing as it is, and an empty title means the short name.
    Raises UnknownList.
    """
    found = named(conn, slug)
    wanted = {"title": found.title if title is None else title or slug, "opt_in": opt_in or found.opt_in}
    if wanted == {"title": found.title, "opt_in": found.opt_in}:
        return False
    conn.execute(update(table).where(table.c.id == found.id).values(wanted))
    detail = f"{wanted['title']}, {wanted['opt_in']} opt-in"
    audit.write(conn, "list changed", list_id=found.id, detail=detail, **by)
    return True


def named(conn: Connection, slug: str) -> Listed:
    """Return the list of this name; raises UnknownList, naming those there are."""
    query = select(table.c.id, table.c.slug, table.c.title, table.c.opt_in).where(table.c.slug == slug, IS_THERE)
    found = conn.execute(query).one_or_none()
    if found is None:
        raise UnknownList(slug, slugs(conn))
    return Listed(*found)


def demand_list(conn: Connection, slug: str) -> None:
    """Raise UnknownList, naming the lists there are, unless there is one of this name."""
    named(conn, slug)


def numbers(conn: Connection, wanted: tuple[str, ...]) -> tuple[int, ...]:
    """Return the numbers of lists, in the order named; raises UnknownList for the first that is none."""
    found = {row.slug: row.id for row in conn.execute(select(table.c.slug, table.c.id).where(IS_THERE))}
    for slug in wanted:
        if slug not in found:
            raise UnknownList(slug, tuple(sorted(found)))
    return tuple(found[slug] for slug in dict.fromkeys(wanted))


def slugs(conn: Connection) -> tuple[str, ...]:
    """Return the names of all lists, sorted."""
    return tuple(conn.scalars(select(table.c.slug).where(IS_THERE).order_by(table.c.slug)))


def titles(conn: Connection) -> dict[str, str]:
    """Return the titles of all lists by their names; counts nobody, so it costs nothing on long lists."""
    return {row.slug: row.title for row in conn.execute(select(table).where(IS_THERE).order_by(table.c.slug))}


def lists(conn: Connection, among: Collection[str] | None = None) -> tuple[ListSummary, ...]:
    """Return every list, or those of these names, with its people counted, in the order of their names."""
    query = select(table).where(IS_THERE).order_by(table.c.slug)
    if among is not None:
        query = query.where(table.c.slug.in_(among))
    rows = conn.execute(query).all()
    numbers = [row.id for row in rows]
    counted = _counted(conn, None if among is None else numbers)
    suppressed = _suppressed(conn, numbers)
    nobody = dict.fromkeys(_COUNTS, 0)
    return tuple(
        ListSummary(
            row.slug, row.title, row.opt_in, **counted.get(row.id, nobody), suppressed=suppressed.get(row.id, 0)
        )
        for row in rows
    )


def _counted(conn: Connection, among: Collection[int] | None) -> dict[int, dict[str, int]]:
    """Return how many people are on each list by state.

    Grouped by list alone, in whose order they lie on the disk: by state too, SQLite would sort everybody first.
    """
    columns = [func.count().filter(subscriptions.c.state == state).label(name) for name, state in _COUNTS.items()]
    query = select(subscriptions.c.list_id, *columns).group_by(subscriptions.c.list_id)
    if among is not None:
        query = query.where(subscriptions.c.list_id.in_(among))
    return {row.list_id: {name: getattr(row, name) for name in _COUNTS} for row in conn.execute(query)}


def _suppressed(conn: Connection, among: Collection[int]) -> dict[int, int]:
    """Return how many confirmed people of each list get no mail.

    Each suppressed person is looked up on each list: they are few, and those on a list may be very many.
    """
    person = suppressions.c.subscriber_id
    is_confirmed = exists().where(
        subscriptions.c.list_id == table.c.id,
        subscriptions.c.subscriber_id == person,
        subscriptions.c.state == State.CONFIRMED,
    )
    on = suppressions.c.list_id.in_((EVERYWHERE, table.c.id))
    query = select(table.c.id, func.count(person.distinct()).label("people")).join(suppressions, on)
    query = query.where(table.c.id.in_(among), is_confirmed).group_by(table.c.id)
    return {row.id: row.people for row in conn.execute(query)}
