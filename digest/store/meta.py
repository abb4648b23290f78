"""Named facts about this installation, such as its id; knows nothing of their meaning."""

from __future__ import annotations

import hashlib

from sqlalchemy import delete, select

from digest.store import tables
from digest.store.transactions import Transactions
from digest.store.upsert import upsert

#: Characters of a name: PostgreSQL refuses more, and a name may hold those of a newsletter and of a time zone.
LONGEST = 100


class Meta:
    """Facts by name."""

    def __init__(self, store: Transactions) -> None:
        self._store = store

    def get(self, name: str, default: str = "") -> str:
        """Return a fact, or the default where it was never set."""
        with self._store.read() as connection:
            value = connection.scalar(select(tables.meta.c.value).where(tables.meta.c.name == _kept(name)))
        return default if value is None else str(value)

    def set(self, name: str, value: str) -> None:
        """Keep a fact."""
        with self._store.begin() as connection:
            upsert(connection, tables.meta, [{"name": _kept(name), "value": value}], keys=("name",))

    def beginning(self, words: str) -> dict[str, str]:
        """Return the facts whose names begin so, by their names as they are kept."""
        query = select(tables.meta).where(tables.meta.c.name.startswith(words, autoescape=True))
        with self._store.read() as connection:
            return {row.name: row.value for row in connection.execute(query.order_by(tables.meta.c.name))}

    def drop(self, name: str) -> None:
        """Forget a fact."""
        with self._store.begin() as connection:
            connection.execute(delete(tables.meta).where(tables.meta.c.name == _kept(name)))

    def ensure(self, name: str, value: str) -> str:
        """Keep a fact unless there is one already; return the one that holds."""
        with self._store.begin() as connection:
            upsert(connection, tables.meta, [{"name": _kept(name), "value": value}], keys=("name",), replace=False)
        return self.get(name)


def _kept(name: str) -> str:
    """Return a name as it is kept: of a long one the beginning, and a mark of the whole."""
    if len(name) <= LONGEST:
        return name
    return f"{name[: LONGEST - 25]}#{hashlib.sha256(name.encode()).hexdigest()[:24]}"
