"""A list as CSV, so that reading it back gives the same state; the columns are in ``importing.columns``."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TextIO

from sqlalchemy import BigInteger, Connection, select, type_coerce

from subscribers.importing.columns import OWN
from subscribers.importing.rows import safe
from subscribers.roster import listed
from subscribers.tables import EVERYWHERE, subscribers, subscriptions, suppressions, tagged, tags

_AT_ONCE = 2000


def write(conn: Connection, list_slug: str, out: TextIO) -> int:
    """Write everybody who is or was on a list and return how many.

    Cells that a spreadsheet would run as a formula are made safe; our own import gives them back unchanged.

    Raises:
        UnknownList: there is no such list.
    """
    wanted = listed.named(conn, list_slug)
    names = field_names(conn, list_slug)
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow([*OWN, *(f"field:{name}" for name in names)])
    count = 0
    for page in _pages(conn, wanted.id):
        for cells in _cells(conn, page, wanted.id, names):
            rows.writerow([safe(cell) if cell else cell for cell in cells])
        count += len(page)
    return count


def _pages(conn: Connection, list_id: int) -> Iterator[list[Any]]:
    after = 0
    while page := list(conn.execute(_page(list_id, after))):
        yield page
        after = page[-1].id


#: Times as the seconds they are kept as: making a million datetimes would double the cost.
_COLUMNS = (
    subscribers.c.id,
    subscribers.c.address,
    subscribers.c.spelling,
    subscribers.c.name,
    subscriptions.c.state,
    *(type_coerce(subscriptions.c[name], BigInteger).label(name) for name in ("joined_at", "confirmed_at", "left_at")),
    subscribers.c.language,
    subscribers.c.sections,
    subscribers.c.weekdays_only,
    subscribers.c.public_id,
    subscribers.c.fields,
)


def _page(list_id: int, after: int) -> Any:
    return (
        select(*_COLUMNS)
        .join(subscriptions, subscriptions.c.subscriber_id == subscribers.c.id)
        .where(
            subscriptions.c.list_id == list_id,
            subscriptions.c.subscriber_id > after,
            subscribers.c.address.is_not(None),
        )
        .order_by(subscriptions.c.subscriber_id)
        .limit(_AT_ONCE)
    )


def field_names(conn: Connection, slug: str) -> list[str]:
    """Return the names of the custom fields that people of a list have, in alphabetical order."""
    list_id = listed.named(conn, slug).id
    on_list = select(subscriptions.c.subscriber_id).where(subscriptions.c.list_id == list_id)
    query = select(subscribers.c.fields).where(subscribers.c.fields.is_not(None), subscribers.c.id.in_(on_list))
    return sorted({name for fields in conn.scalars(query) for name in fields or ()})


def _cells(conn: Connection, page: list[Any], list_id: int, names: list[str]) -> Iterator[list[str]]:
    numbers = [row.id for row in page]
    held = _held(conn, numbers)
    words = _tags(conn, numbers)
    for number, address, spelling, name, state, joined, confirmed, left, language, *rest in page:
        sections, weekdays_only, public_id, fields = rest
        yield [
            spelling or address,
            name,
            state.value,
            _time(joined),
            _time(confirmed),
            _time(left),
            held.get((number, EVERYWHERE), ""),
            held.get((number, list_id), ""),
            ",".join(words.get(number, ())),
            language,
            sections,
            "yes" if weekdays_only else "",
            public_id,
            *((fields or {}).get(each, "") for each in names),
        ]


def _held(conn: Connection, numbers: list[int]) -> dict[tuple[int, int], str]:
    query = select(suppressions).where(suppressions.c.subscriber_id.in_(numbers))
    return {(row.subscriber_id, row.list_id): row.reason for row in conn.execute(query)}


def _tags(conn: Connection, numbers: list[int]) -> dict[int, list[str]]:
    query = select(tagged.c.subscriber_id, tags.c.name).join(tags).where(tagged.c.subscriber_id.in_(numbers))
    found: dict[int, list[str]] = {}
    for number, name in conn.execute(query.order_by(tags.c.name)):
        found.setdefault(number, []).append(name)
    return found


@lru_cache(maxsize=4096)
def _time(seconds: int | None) -> str:
    return "" if seconds is None else f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"
