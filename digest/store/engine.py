"""Opens the database and sets it up for safety; knows no table."""

from __future__ import annotations

import getpass
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from digest.errors import StoreError

#: How long a writer waits for another one, in milliseconds.
BUSY_TIMEOUT = 10_000
#: What SQLite and PostgreSQL say of tables that are not as the code knows them.
OTHER_TABLES = re.compile(r"no such (table|column)|has no column|(column|relation) .+ does not exist")


def connect(address: str) -> Engine:
    """Return an engine for a database address.

    SQLite gets its parent folder and a file only its owner may read. Raises StoreError.
    """
    try:
        url = make_url(address)
    except ArgumentError as fault:
        raise StoreError(f"store address not understood: {address!r}; write sqlite:///var/digest.db") from fault
    if url.get_backend_name() == "sqlite":
        return _sqlite(url)
    if url.get_backend_name() in {"postgresql", "postgres"}:
        return _postgresql(url)
    raise StoreError(f"store kind {url.get_backend_name()!r} not known; use sqlite or postgresql")


@contextmanager
def translated(engine: Engine) -> Iterator[None]:
    """Turn the database's errors into a StoreError that names the store."""
    try:
        yield
    except DBAPIError as fault:
        raise StoreError(f"store {name(engine)}: {_plain(fault)}") from fault


def name(engine: Engine) -> str:
    """Return the address of the store without its password."""
    return engine.url.set(drivername=engine.url.get_backend_name()).render_as_string(hide_password=True)


def _plain(fault: DBAPIError) -> str:
    said = str(fault.orig).strip().partition("\n")[0]
    if "database is locked" in said:
        return f"locked by another process for more than {BUSY_TIMEOUT // 1000} s; try again when it is done"
    if "disk is full" in said or "disk I/O error" in said:
        return f"{said}: free some space; what was written before is safe"
    if "readonly database" in said:
        return f"{said}: {mend_of_access()}"
    if OTHER_TABLES.search(said):
        return f"its tables are those of another version ({said}); digest check tells what to do"
    return said


def _sqlite(url: URL) -> Engine:
    if url.database and url.database != ":memory:":
        _make_private(Path(url.database))
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT / 1000, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # transactions are begun below, never by the driver
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_TIMEOUT}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if not options.get("reads", False):
            connection.exec_driver_sql(f"PRAGMA synchronous={'FULL' if options.get('durable', True) else 'NORMAL'}")
        connection.exec_driver_sql("BEGIN" if options.get("reads", False) else "BEGIN IMMEDIATE")

    return engine


def _make_private(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except PermissionError as fault:
        raise StoreError(f"store not opened: {path}: {fault.strerror}; {mend_of_access()}") from fault
    except OSError as fault:
        raise StoreError(f"store not opened: {path}: {fault.strerror}") from fault


def mend_of_access() -> str:
    """Return what mends a file that may not be used: often a command that root ran has made it."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container's user may have no name
        user = str(os.getuid())
    return f"make the file and its folder readable and writable for this user ({user})"


def _postgresql(url: URL) -> Engine:
    missing = "what PostgreSQL needs is missing: pip install 'broadsheet[postgresql]'"
    if find_spec("procrastinate") is None:
        raise StoreError(missing)
    try:
        engine = create_engine(url.set(drivername="postgresql+psycopg"), pool_pre_ping=True, pool_size=20)
    except (NoSuchModuleError, ModuleNotFoundError) as fault:
        raise StoreError(missing) from fault

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        # A server may be set up to lose what it said was kept; the ledger cannot be.
        connection.execute(
            "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
        )
        connection.commit()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if not connection.get_execution_options().get("durable", True):
            connection.exec_driver_sql("SET LOCAL synchronous_commit TO off")

    return engine
