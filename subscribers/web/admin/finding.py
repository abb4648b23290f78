"""People found by what an admin asks for, a page at a time; changes nothing.

Each question looks at a limited number of rows and says where the next one goes on, so that a page costs the
same with a thousand people and with a million. Addresses that begin with the text come first, off the index.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Connection, Row, Select, exists, false, func, select, true

from subscribers.model import State
from subscribers.tables import EVERYWHERE, lists, subscribers, subscriptions, suppressions, tagged, tags

#: Rows that one question looks at: 20,000 take about 15 ms on SQLite.
WINDOW = 20_000
PAGE = 50

#: Not a state of a subscription, but what people look for in the same place.
SUPPRESSED = "suppressed"
STATES = (*(state.value for state in State), SUPPRESSED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which people are asked for."""

    text: str = ""  #: part of an address or a name
    list_slug: str = ""
    state: str = ""  #: one of STATES, '' for any
    tag: str = ""

    @classmethod
    def of(cls, values: Mapping[str, str]) -> Wanted:
        """Read it off an address's query or a form."""
        words = {name: values.get(name, "").strip()[:320] for name in ("text", "list", "state", "tag")}
        state = words["state"] if words["state"] in STATES else ""
        return cls(words["text"].lower(), words["list"], state, words["tag"])

    @property
    def query(self) -> str:
        """The same as an address's query."""
        values = {"text": self.text, "list": self.list_slug, "state": self.state, "tag": self.tag}
        return urlencode({name: value for name, value in values.items() if value})

    def __bool__(self) -> bool:
        return bool(self.text or self.list_slug or self.state or self.tag)


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


@dataclass(frozen=True, slots=True)
class Found:
    """One page of people."""

    people: tuple[Line, ...]
    after: str = ""  #: where the next page begins, '' where this is the last


def find(conn: Connection, wanted: Wanted, after: str = "") -> Found:
    """Return the next people wanted; ``after`` is what the page before gave."""
    first: Sequence[Row[Any]] = ()
    if wanted.text and not after.startswith("n:"):
        first, cursor = _by_address(conn, wanted, after.removeprefix("a:"))
        if cursor:
            return Found(lines(conn, first), f"a:{cursor}")
    number = after.removeprefix("n:")
    rest = PAGE - len(first) or 1
    rows, last = _by_number(conn, wanted, int(number) if number.isdigit() else 0, rest, without_prefix=True)
    return Found(lines(conn, [*first, *rows]), f"n:{last}" if last else "")


def numbers(conn: Connection, wanted: Wanted, after: int, limit: int) -> tuple[list[int], int]:
    """Return the next people's numbers and where to go on, 0 for nowhere."""
    rows, last = _by_number(conn, wanted, after, limit)
    return [row.id for row in rows], last


def _by_address(conn: Connection, wanted: Wanted, after: str) -> tuple[Sequence[Row[Any]], str]:
    """Return people whose address begins with the text, in the order of addresses."""
    column = subscribers.c.address
    window = (
        select(subscribers.c.id, column)
        .where(_begins(conn, wanted.text), column > after)
        .order_by(column)
        .limit(WINDOW)
        .subquery()
    )
    query = _people().join(window, window.c.id == subscribers.c.id).where(*_conditions(conn, wanted))
    rows = conn.execute(query.order_by(window.c.address).limit(PAGE + 1)).all()
    if len(rows) > PAGE:
        return rows[:PAGE], rows[PAGE - 1].address
    seen, last = conn.execute(select(func.count(), func.max(window.c.address))).one()
    return rows, (last if seen == WINDOW else "")


def _by_number(
    conn: Connection, wanted: Wanted, after: int, limit: int, *, without_prefix: bool = False
) -> tuple[Sequence[Row[Any]], int]:
    """Return people in the order of their numbers, and where to go on."""
    window = _window(conn, wanted, after).subquery()
    query = _people().join(window, window.c.id == subscribers.c.id).where(*_conditions(conn, wanted))
    if wanted.text:
        query = query.where(_holds(wanted.text))
        if without_prefix:
            query = query.where(~_begins(conn, wanted.text))
    rows = conn.execute(query.order_by(window.c.id).limit(limit + 1)).all()
    if len(rows) > limit:
        return rows[:limit], rows[limit - 1].id
    seen, last = conn.execute(select(func.count(), func.max(window.c.id))).one()
    return rows, (last if seen == WINDOW else 0)


def _people() -> Select[Any]:
    return select(subscribers).where(subscribers.c.address.is_not(None))


def _window(conn: Connection, wanted: Wanted, after: int) -> Select[Any]:
    """Return the numbers to look at: of the list, else of the tag, else of everybody."""
    if wanted.list_slug:
        column = subscriptions.c.subscriber_id
        here = subscriptions.c.list_id == _list_id(conn, wanted.list_slug)
    elif wanted.tag:
        column, here = tagged.c.subscriber_id, tagged.c.tag_id == _tag_id(conn, wanted.tag)
    elif wanted.state == SUPPRESSED:
        # The index of suppressions leads by subscriber; those of addresses unknown here have none.
        column, here = suppressions.c.subscriber_id, suppressions.c.list_id == EVERYWHERE
    else:
        column, here = subscribers.c.id, true()
    return select(column.label("id")).where(here, column > after).order_by(column).limit(WINDOW)


def _conditions(conn: Connection, wanted: Wanted) -> list[ColumnElement[bool]]:
    number = subscribers.c.id
    found: list[ColumnElement[bool]] = []
    place = (subscriptions.c.subscriber_id == number) & true()
    if wanted.list_slug:
        place &= subscriptions.c.list_id == _list_id(conn, wanted.list_slug)
    if wanted.state and wanted.state != SUPPRESSED:
        place &= subscriptions.c.state == State(wanted.state)
    if wanted.list_slug or wanted.state not in ("", SUPPRESSED):
        found.append(exists().where(place))
    if wanted.state == SUPPRESSED:
        where = (EVERYWHERE, _list_id(conn, wanted.list_slug)) if wanted.list_slug else (EVERYWHERE,)
        found.append(exists().where(suppressions.c.subscriber_id == number, suppressions.c.list_id.in_(where)))
    if wanted.tag:
        found.append(exists().where(tagged.c.subscriber_id == number, tagged.c.tag_id == _tag_id(conn, wanted.tag)))
    return found


def _begins(conn: Connection, text: str) -> ColumnElement[bool]:
    column = subscribers.c.address
    if conn.dialect.name == "sqlite":
        return (column >= text) & (column < f"{text}\U0010ffff")
    return column.startswith(text, autoescape=True)


def _holds(text: str) -> ColumnElement[bool]:
    if not text.isprintable():
        return false()
    return subscribers.c.address.contains(text, autoescape=True) | subscribers.c.name.icontains(text, autoescape=True)


def _list_id(conn: Connection, slug: str) -> int:
    """Return the list's number, -1 for none: an address kept from before a list went finds nobody."""
    found = conn.scalar(select(lists.c.id).where(lists.c.slug == slug))
    return -1 if found is None else int(found)


def _tag_id(conn: Connection, name: str) -> int:
    found = conn.scalar(select(tags.c.id).where(tags.c.name == name))
    return -1 if found is None else int(found)


def tag_names(conn: Connection) -> tuple[str, ...]:
    """Return the first hundred tags, by name."""
    return tuple(conn.scalars(select(tags.c.name).order_by(tags.c.name).limit(100)))


def lines(conn: Connection, rows: Sequence[Row[Any]]) -> tuple[Line, ...]:
    """Return people with their tags and lists, in three questions however many they are."""
    people = [row.id for row in rows]
    names: dict[int, list[str]] = {}
    places: dict[int, list[tuple[str, str]]] = {}
    for number, name in conn.execute(
        select(tagged.c.subscriber_id, tags.c.name).join(tags).where(tagged.c.subscriber_id.in_(people))
    ):
        names.setdefault(number, []).append(name)
    for row in conn.execute(
        select(subscriptions.c.subscriber_id, subscriptions.c.state, lists.c.slug)
        .join(lists, lists.c.id == subscriptions.c.list_id)
        .where(subscriptions.c.subscriber_id.in_(people))
    ):
        places.setdefault(row.subscriber_id, []).append((row.slug, row.state.value))
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
