"""Rows by hand: many at once, and one writer at a time; knows no rule.

SQLAlchemy's work for each row would double an import's cost.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, bindparam, func, select, text
from sqlalchemy.types import String


def insert_rows(
    conn: Connection,
    table: Table,
    columns: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
    same: Mapping[str, int | None] | None = None,
) -> None:
    """Insert rows of values as the database keeps them: times as seconds, states as codes, JSON as text.

    Args:
        same: columns with one whole number, or nothing, for all rows; a bound value costs 0.3 µs a row.
    """
    if not rows:
        return
    fixed = dict(same or {})
    into = f"{table.name} ({', '.join([*columns, *fixed])})"
    if conn.dialect.name == "postgresql":
        with conn.connection.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:  # type: ignore[attr-defined] # psycopg's own
            for row in rows:
                copy.write_row((*row, *fixed.values()))
        return
    marks = ["?"] * len(columns) + ["NULL" if value is None else f"{value:d}" for value in fixed.values()]
    conn.exec_driver_sql(f"INSERT INTO {into} VALUES ({', '.join(marks)})", list(rows))  # noqa: S608 - our names


def among(conn: Connection, column: ColumnElement[Any], values: Sequence[str]) -> ColumnElement[bool]:
    """Return whether a column of text is one of many values, bound as one: an ``IN`` of 2,000 costs 3 ms to write."""
    if conn.dialect.name == "postgresql":
        return column.in_(values)
    each = func.json_each(bindparam(None, json.dumps(values), String)).table_valued("value")
    return column.in_(select(each.c.value))


def new_numbers(conn: Connection, table: Table, count: int) -> Iterable[int]:
    """Return numbers for new rows, ascending, that nobody else will use."""
    if conn.dialect.name == "postgresql":
        sequence = "SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)"
        return list(conn.scalars(text(sequence), {"name": table.name, "count": count}))
    # A writer of SQLite is alone, and no row of these tables is ever deleted from the end.
    last = conn.scalar(select(func.coalesce(func.max(table.c.id), 0))) or 0
    return range(last + 1, last + count + 1)


def count_rows(conn: Connection, *tables: Table) -> None:
    """Let the database count what lies where in these tables, so that it chooses indexes well.

    SQLite looks at 400 rows of an index (https://sqlite.org/lang_analyze.html §4.1): milliseconds for a million.
    PostgreSQL does it by itself within a minute; a send that starts sooner would read whole tables for every batch.
    """
    if conn.dialect.name == "sqlite":
        conn.exec_driver_sql("PRAGMA analysis_limit=400")
    for table in tables:
        conn.exec_driver_sql(f"ANALYZE {table.name}")


def alone_with(conn: Connection, table: Table, word: str) -> None:
    """Wait for who is ``alone_on`` the table, and let other writers about the same word wait for this transaction.

    SQLite has one writer anyway.
    """
    if conn.dialect.name == "postgresql":
        conn.execute(text(f"LOCK TABLE {table.name} IN ROW EXCLUSIVE MODE"))
        conn.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(word, 0))))


def alone_on(conn: Connection, *tables: Table) -> None:
    """Let other writers of the tables wait until this transaction ends; readers go on."""
    if conn.dialect.name == "postgresql":
        names = ", ".join(table.name for table in tables)
        conn.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))
