"""Makes every table of an empty store at once, and writes down that no revision is missing; knows no revision.

What it makes is what the whole history of revisions makes, in a fraction of the time; ``tests/store/test_history.py``
holds the two together, on both kinds of database.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Connection, MetaData, PrimaryKeyConstraint, String, Table

import subscribers
from digest.store.migrations import HEAD
from digest.store.tables import metadata

#: Where alembic keeps the revision a store is at, as alembic makes it.
_version = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)


def found(connection: Connection) -> None:
    """Make every table in a database that has none, at the newest revision.

    Whoever opens a store has loaded each module that describes a table.
    """
    for tables in (metadata, subscribers.metadata, _version.metadata):
        tables.create_all(connection, checkfirst=False)
    if connection.dialect.name == "postgresql":
        _make_queue(connection)
    connection.execute(_version.insert().values(version_num=HEAD))


def _make_queue(connection: Connection) -> None:
    from procrastinate.schema import SchemaManager

    # Many statements at once, which the driver takes only where there are no parameters.
    driver: Any = connection.connection.driver_connection
    driver.execute(SchemaManager.get_schema())
