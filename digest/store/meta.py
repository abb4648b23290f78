"""Named facts about this installation, such as its id; knows nothing of their meaning."""

from __future__ import annotations

from sqlalchemy import delete, select

from digest.store import tables
from digest.store.transactions import Transactions
from digest.store.upsert import upsert


class Meta:
    """Facts by name."""

    def __init__(self, store: Transactions) -> None:
        self._store = store

    def get(self, name: str, default: str = "") -> str:
        """Return a fact, or the default where it was never set."""
        with self._store.read() as connection:
            value = connection.scalar(select(tables.meta.c.value).where(tables.meta.c.name == name))
        return default if value is None else str(value)

    def set(self, name: str, value: str) -> None:
        """Keep a fact."""
        with self._store.begin() as connection:
            upsert(connection, tables.meta, [{"name": name, "value": value}], keys=("name",))

    def beginning(self, words: str) -> dict[str, str]:
        """Return the facts whose names begin so, by their names."""
        query = select(tables.meta).where(tables.meta.c.name.startswith(words, autoescape=True))
        with self._store.read() as connection:
            return {row.name: row.value for row in connection.execute(query.order_by(tables.meta.c.name))}

    def drop(self, name: str) -> None:
        """Forget a fact."""
        with self._store.begin() as connection:
            connection.execute(delete(tables.meta).where(tables.meta.c.name == name))

    def ensure(self, name: str, value: str) -> str:
        """Keep a fact unless there is one already; return the one that holds."""
        with self._store.begin() as connection:
            upsert(connection, tables.meta, [{"name": name, "value": value}], keys=("name",), replace=False)
        return self.get(name)
