"""Copies a database into a SQLite file while it is in use, and proves the copy; knows no archive."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from digest.errors import StoreError
from digest.store.migrations import HEAD
from digest.store.moving import move
from digest.store.revision import standing
from digest.store.store import Store

#: What a store of any version has.
ALWAYS = {"alembic_version", "editions", "subscribers"}


def copy(store: Store, target: Path) -> None:
    """Write everything in a store into a SQLite file that is not there yet, as it is at one moment, and check it.

    Raises StoreError where the copy is not whole.
    """
    try:
        target.touch(mode=0o600, exist_ok=False)
        if store.engine.dialect.name == "sqlite":
            _copy_file(store, target)
        elif standing(store) == "current":
            with closing(Store.open(f"sqlite:///{target}")) as there:
                move(store, there)
        else:
            raise StoreError(f"backup not written: {store.name} is of another version: use that one, or pg_dump")
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"backup not written: {target}: {error}") from error
    check(target, f"store {store.name}")


def _copy_file(store: Store, target: Path) -> None:
    connection = store.engine.raw_connection()
    with closing(connection), closing(sqlite3.connect(target)) as there:
        source = connection.driver_connection
        assert isinstance(source, sqlite3.Connection)  # noqa: S101 (the dialect says so)
        source.backup(there)


def pour(file: Path, store: Store) -> None:
    """Copy a SQLite file made by ``copy``, of this version or an older one, into an empty store.

    The file's own tables are brought up to date on the way. Raises StoreError where the store holds something.
    """
    with closing(Store.open(f"sqlite:///{file}")) as source:
        move(source, store)


def check(file: Path, called: Path | str = "") -> None:
    """Raise StoreError unless a file is a whole database of ours, of this version or an older one.

    ``called`` is what a person knows it by, where that is another name.
    """
    name = called or file
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)) as connection:
            (found,) = connection.execute("PRAGMA integrity_check").fetchone()
            names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if missing := ALWAYS - names:
                raise StoreError(f"{name} is no store of Broadsheet: it has no table {min(missing)}")
            (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as error:
        raise StoreError(f"{name} is no database that can be read: {error}") from error
    if found != "ok":
        raise StoreError(f"{name} is damaged: {found}")
    if revision > HEAD:
        raise StoreError(f"{name} was written by a newer version (revision {revision}): install that one first")
