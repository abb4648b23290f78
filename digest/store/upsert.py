"""Insert or replace rows on both kinds of database; knows no table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table, insert
from sqlalchemy.dialects import postgresql, sqlite


def upsert(
    connection: Connection,
    table: Table,
    rows: Sequence[dict[str, Any]],
    *,
    keys: tuple[str, ...],
    replace: bool = True,
) -> None:
    """Insert rows; where the keys are taken, replace the other columns, or leave them as they are."""
    if not rows:
        return
    statement = sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)
    others = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    if replace and others:
        connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=others), rows)
    else:
        connection.execute(statement.on_conflict_do_nothing(index_elements=keys), rows)


def add(connection: Connection, table: Table, values: dict[str, Any]) -> int:
    """Insert one row and return the number the database gave it."""
    key = connection.execute(insert(table).values(values)).inserted_primary_key
    if key is None:
        raise TypeError(f"table {table.name} gives no numbers")
    return int(key[0])
