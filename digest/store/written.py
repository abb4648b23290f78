"""Keeps what a language model wrote, by what it was asked; knows neither model nor article."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import delete, select

from digest.store import tables
from digest.store.transactions import Transactions
from digest.store.upsert import upsert


class Written:
    """Answers by the digest of their question."""

    def __init__(self, store: Transactions) -> None:
        self._store = store

    def find(self, keys: Iterable[str]) -> dict[str, str]:
        """Return the answers there are to these questions."""
        rows = tables.written.c
        query = select(rows.key, rows.text).where(rows.key.in_(tuple(keys)))
        with self._store.read() as connection:
            return {row.key: row.text for row in connection.execute(query)}

    def keep(self, answers: Mapping[str, str], now: datetime) -> None:
        """Keep answers; a question that was answered before keeps its first answer."""
        found = [{"key": key, "text": text, "at": now} for key, text in answers.items()]
        if found:
            with self._store.begin() as connection:
                upsert(connection, tables.written, found, keys=("key",), replace=False)

    def tidy(self, before: datetime) -> int:
        """Forget answers older than a moment and return how many; editions keep their own copies."""
        with self._store.begin() as connection:
            return connection.execute(delete(tables.written).where(tables.written.c.at < before)).rowcount
