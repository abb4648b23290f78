"""Many rows at once, by hand: SQLAlchemy's per-row work would double an import's cost; knows no rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Table, func, select, text


def insert_rows(conn: Connection, table: Table, columns: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows of values as the database keeps them: times as seconds, states as codes, JSON as text."""
    if not rows:
        return
    into = f"{table.name} ({', '.join(columns)})"
    if conn.dialect.name == "postgresql":
        with conn.connection.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:  # type: ignore[attr-defined] # psycopg's own
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join("?" * len(columns))
    conn.exec_driver_sql(f"INSERT INTO {into} VALUES ({marks})", list(rows))  # noqa: S608 - our own names


def new_numbers(conn: Connection, table: Table, count: int) -> Iterable[int]:
    """Return numbers for new rows, ascending, that nobody else will use."""
    if conn.dialect.name == "postgresql":
        sequence = "SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)"
        return list(conn.scalars(text(sequence), {"name": table.name, "count": count}))
    # A writer of SQLite is alone, and no row of these tables is ever deleted from the end.
    last = conn.scalar(select(func.coalesce(func.max(table.c.id), 0))) or 0
    return range(last + 1, last + count + 1)
