"""Copies a SQLite database while it is in use, and proves the copy; knows no archive."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from digest.errors import StoreError
from digest.store.store import Store
from digest.store.tables import metadata


def copy(store: Store, target: Path) -> None:
    """Write a whole copy of the database into a file that is not there yet, and check it.

    Raises StoreError for a store that is not SQLite, and where the copy is not whole.
    """
    if store.engine.dialect.name != "sqlite":
        raise StoreError(f"store {store.name} is no SQLite file: back it up with pg_dump")
    try:
        target.touch(mode=0o600, exist_ok=False)
        connection = store.engine.raw_connection()
        with closing(connection), closing(sqlite3.connect(target)) as there:
            source = connection.driver_connection
            assert isinstance(source, sqlite3.Connection)  # noqa: S101 (the dialect says so)
            source.backup(there)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"backup not written: {target}: {error}") from error
    check(target)


def check(file: Path) -> None:
    """Raise StoreError unless a file is a whole database of ours."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)) as connection:
            (found,) = connection.execute("PRAGMA integrity_check").fetchone()
            names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.Error as error:
        raise StoreError(f"{file} is no database that can be read: {error}") from error
    if found != "ok":
        raise StoreError(f"{file} is damaged: {found}")
    if missing := set(metadata.tables) - names:
        raise StoreError(f"{file} is no store of Broadsheet: it has no table {min(missing)}")
