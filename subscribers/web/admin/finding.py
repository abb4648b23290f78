"""People found by what an admin asks for, a page at a time; changes nothing.

Each question looks at a limited number of rows and says where the next one goes on, so that a page costs the
same with a thousand people and with a million. Addresses that begin with the text come first, off the index.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Column, ColumnElement, Connection, Row, Select, exists, false, select, true

from subscribers.model import State
from subscribers.reach import EVERYTHING, Reach
from subscribers.tables import EVERYWHERE, lists, subscribers, subscriptions, suppressions, tagged, tags
from subscribers.web.admin.listing import Line, lines
from subscribers.web.numbers import number_of

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
    reach: Reach = EVERYTHING  #: nobody outside it is found

    @classmethod
    def of(cls, values: Mapping[str, str], reach: Reach = EVERYTHING) -> Wanted:
        """Read it off an address's query or a form; who keeps one list alone means that one."""
        words = {name: values.get(name, "").strip()[:320] for name in ("text", "list", "state", "tag")}
        state = words["state"] if words["state"] in STATES else ""
        lists = reach.lists or ()
        slug = words["list"] or (lists[0] if len(lists) == 1 else "")
        return cls(words["text"].lower(), slug, state, words["tag"], reach)

    @property
    def query(self) -> str:
        """The same as an address's query."""
        values = {"text": self.text, "list": self.list_slug, "state": self.state, "tag": self.tag}
        return urlencode({name: value for name, value in values.items() if value})

    def __bool__(self) -> bool:
        return bool(self.text or self.list_slug or self.state or self.tag) or not self.reach.is_whole


@dataclass(frozen=True, slots=True)
class Found:
    """One page of people."""

    people: tuple[Line, ...]
    after: str = ""  #: where the next page begins, '' where this is the last


def find(conn: Connection, wanted: Wanted, after: str = "", limit: int = PAGE) -> Found:
    """Return the next people wanted; ``after`` is what the page before gave."""
    first: Sequence[Row[Any]] = ()
    if wanted.text and not after.startswith("n:"):
        first, cursor = _by_address(conn, wanted, after.removeprefix("a:"), limit)
        if cursor:
            return Found(lines(conn, first, wanted.reach), f"a:{cursor}")
    number = after.removeprefix("n:")
    rest = limit - len(first) or 1
    rows, last = _by_number(conn, wanted, number_of(number) or 0, rest, without_prefix=True)
    return Found(lines(conn, [*first, *rows], wanted.reach), f"n:{last}" if last else "")


def numbers(conn: Connection, wanted: Wanted, after: int, limit: int) -> tuple[list[int], int]:
    """Return the next people's numbers and where to go on, 0 for nowhere."""
    rows, last = _by_number(conn, wanted, after, limit)
    return [row.id for row in rows], last


def _by_address(conn: Connection, wanted: Wanted, after: str, limit: int) -> tuple[Sequence[Row[Any]], str]:
    """Return people whose address begins with the text, in the order of addresses, and where to go on."""
    column = subscribers.c.address
    # One lower bound alone: with two, SQLite may take the one that holds nothing back.
    here = _begins(conn, wanted.text, after)
    query = select(subscribers).where(here, *_conditions(conn, wanted)).order_by(column)
    if wanted.list_slug or wanted.state or wanted.tag or not wanted.reach.is_whole:
        end = conn.scalar(select(column).where(here).order_by(column).limit(1).offset(WINDOW - 1))
        return _page(conn, query, column, end, limit, "")
    return _page(conn, query, column, None, limit, "")


def _by_number(
    conn: Connection, wanted: Wanted, after: int, limit: int, *, without_prefix: bool = False
) -> tuple[Sequence[Row[Any]], int]:
    """Return people in the order of their numbers, and where to go on."""
    column, here = _driver(conn, wanted)
    here &= column > after
    query = select(subscribers).where(here, subscribers.c.address.is_not(None), *_conditions(conn, wanted))
    if column.table is not subscribers:
        query = query.join_from(column.table, subscribers, subscribers.c.id == column)
    if wanted.text:
        query = query.where(_holds(wanted.text))
        if without_prefix:
            query = query.where(~_begins(conn, wanted.text))
    end = None
    if column is subscribers.c.id and not wanted.reach.is_whole:
        people, end = wanted.reach.window(conn, after, WINDOW)
        query = query.where(column.in_(people))
    elif wanted:
        end = conn.scalar(select(column).where(here).order_by(column).limit(1).offset(WINDOW - 1))
    return _page(conn, query.order_by(column), column, end, limit, 0)


def _page(
    conn: Connection, query: Select[Any], column: Column[Any], end: Any, limit: int, nowhere: Any
) -> tuple[Sequence[Row[Any]], Any]:
    """Return at most ``limit`` rows up to the window's end, and where to go on."""
    if end is not None:
        query = query.where(column <= end)
    rows = conn.execute(query.limit(limit + 1)).all()
    if len(rows) > limit:
        last = rows[limit - 1]
        return rows[:limit], last.address if column is subscribers.c.address else last.id
    return rows, (nowhere if end is None else end)


def _driver(conn: Connection, wanted: Wanted) -> tuple[Column[Any], ColumnElement[bool]]:
    """Return the column whose rows are looked at: of the list, else of the tag, else of everybody."""
    if wanted.list_slug:
        return subscriptions.c.subscriber_id, subscriptions.c.list_id == _list_id(conn, wanted.list_slug)
    if wanted.tag:
        return tagged.c.subscriber_id, tagged.c.tag_id == _tag_id(conn, wanted.tag)
    if wanted.state == SUPPRESSED:
        return suppressions.c.subscriber_id, suppressions.c.list_id == EVERYWHERE
    return subscribers.c.id, true()


def _conditions(conn: Connection, wanted: Wanted) -> list[ColumnElement[bool]]:
    """Return what must hold of a subscriber besides the text, whatever rows are looked at."""
    number = subscribers.c.id
    found: list[ColumnElement[bool]] = []
    here, held, marked = subscriptions.alias(), suppressions.alias(), tagged.alias()
    where = (EVERYWHERE, _list_id(conn, wanted.list_slug)) if wanted.list_slug else (EVERYWHERE,)
    if wanted.state == SUPPRESSED:
        found.append(exists().where(held.c.subscriber_id == number, held.c.list_id.in_(where)))
    if wanted.list_slug or wanted.state not in ("", SUPPRESSED):
        place = here.c.subscriber_id == number
        if wanted.list_slug:
            place &= here.c.list_id == where[-1]
        elif not wanted.reach.is_whole:
            place &= here.c.list_id.in_(wanted.reach.numbers(conn))
        if wanted.state not in ("", SUPPRESSED):
            place &= here.c.state == State(wanted.state)
        found.append(exists().where(place))
    if not wanted.reach.is_whole:
        found.append(wanted.reach.people(conn, number))
    if wanted.tag:
        found.append(exists().where(marked.c.subscriber_id == number, marked.c.tag_id == _tag_id(conn, wanted.tag)))
    return found


def _begins(conn: Connection, text: str, after: str = "") -> ColumnElement[bool]:
    """Return whether an address begins with the text, and comes after another one where one is named."""
    column = subscribers.c.address
    if conn.dialect.name == "sqlite":
        return (column > after if after else column >= text) & (column < f"{text}\U0010ffff")
    return column.startswith(text, autoescape=True) & (column > after)


def _holds(text: str) -> ColumnElement[bool]:
    if not text.isprintable():
        return false()
    return subscribers.c.address.contains(text, autoescape=True) | subscribers.c.name.icontains(text, autoescape=True)


def _list_id(conn: Connection, slug: str) -> int:
    """Return the list's number, -1 for none: an address kept from before a list went finds nobody."""
    found = conn.scalar(select(lists.c.id).where(lists.c.slug == slug, lists.c.deleted_at.is_(None)))
    return -1 if found is None else int(found)


def _tag_id(conn: Connection, name: str) -> int:
    found = conn.scalar(select(tags.c.id).where(tags.c.name == name))
    return -1 if found is None else int(found)
