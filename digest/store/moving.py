"""Copies an installation from one database to another and checks that nothing is missing; knows no use case."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, Table, func, insert, select, text

import subscribers
from digest.errors import StoreError
from digest.store import ledger_tables
from digest.store.store import Store

#: Rows copied at once.
CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Moved:
    """One table, copied."""

    table: str
    rows: int


def move(
    source: Store, target: Store, on_table: Callable[[str, int], None] = lambda _table, _rows: None
) -> tuple[Moved, ...]:
    """Copy every row of a store into an empty one, all or nothing; return the tables with their rows.

    The source is read as it is at one moment and stays as it was. Raises StoreError where the target holds
    something already, or where a count differs in the end.
    """
    with source.read() as reading, target.begin() as writing:
        demand_empty(writing, target.name)
        moved = tuple(_copy(reading, writing, table, on_table) for table in _tables())
        if writing.dialect.name == "postgresql":
            for table in _tables():
                _continue_numbers(writing, table)
    return moved


def demand_empty(connection: Connection, name: str) -> None:
    """Raise StoreError where a store holds anything."""
    for table in _tables():
        if connection.scalar(select(func.count()).select_from(table)):
            raise StoreError(f"store {name} is not empty (table {table.name}); name a new database")


def _tables() -> Iterator[Table]:
    """Yield every table, those that others refer to first."""
    for metadata in (ledger_tables.sends.metadata, subscribers.metadata):
        yield from metadata.sorted_tables


def _copy(reading: Connection, writing: Connection, table: Table, on_table: Callable[[str, int], None]) -> Moved:
    order = list(table.primary_key.columns)
    found = reading.execution_options(yield_per=CHUNK).execute(select(table).order_by(*order))
    rows = 0
    for chunk in found.mappings().partitions():
        writing.execute(insert(table), [dict(row) for row in chunk])
        rows += len(chunk)
    there = writing.scalar(select(func.count()).select_from(table))
    if there != rows:
        raise StoreError(f"table {table.name}: {rows} rows were read and {there} are there; nothing was kept")
    on_table(table.name, rows)
    return Moved(table.name, rows)


def _continue_numbers(writing: Connection, table: Table) -> None:
    """Let numbers given by the database go on after the highest that was copied."""
    column = table.autoincrement_column
    if column is None:
        return
    sequence = writing.scalar(
        text("SELECT pg_get_serial_sequence(:table, :column)"), {"table": table.name, "column": column.name}
    )
    highest = writing.scalar(select(func.max(column)))
    if sequence and highest:
        writing.execute(text("SELECT setval(:sequence, :highest)"), {"sequence": sequence, "highest": highest})
