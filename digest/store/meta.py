"""Named facts about this installation, such as its id; knows nothing of their meaning."""

from __future__ import annotations

from sqlalchemy import select

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

    def ensure(self, name: str, value: str) -> str:
        """Keep a fact unless there is one already; return the one that holds."""
        with self._store.begin() as connection:
            upsert(connection, tables.meta, [{"name": name, "value": value}], keys=("name",), replace=False)
        return self.get(name)
