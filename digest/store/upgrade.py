"""Brings the tables up to date when a store is opened; loads alembic only where there is work."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from digest.errors import StoreError
from digest.store.founding import found
from digest.store.migrations import HEAD

FOLDER = Path(__file__).parent / "migrations"

#: The number by which processes on PostgreSQL agree who migrates.
LOCK = 0x42524F41


def upgrade(engine: Engine) -> str:
    """Apply every migration that is missing, one process at a time; return the revision the tables were at before.

    '' says that they were new, or up to date. Raises StoreError where the store was written by a newer version.
    """
    with engine.connect() as connection:
        reading = connection.execution_options(reads=True)
        with reading.begin():
            revision = current(reading)
    if revision == HEAD:
        return ""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        if not current(connection):
            found(connection)
            return ""
        return _apply(connection, engine)


def current(connection: Connection) -> str:
    """Return the revision the tables are at, '' for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.scalar(text("SELECT version_num FROM alembic_version")) or ""


def _apply(connection: Connection, engine: Engine) -> str:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    revision = current(connection)
    if revision == HEAD:  # another process was first
        return ""
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision and revision not in known:
        raise StoreError(
            f"store {engine.url.render_as_string()} was written by a newer version (revision {revision}): "
            "install that version, or open a copy made before"
        )
    try:
        command.upgrade(config, "head")
    except CommandError as fault:
        raise StoreError(f"store {engine.url.render_as_string()} not brought up to date: {fault}") from fault
    return revision
