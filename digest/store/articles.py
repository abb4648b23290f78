"""Keeps the articles that sources gave; knows not how they were fetched, nor which are the same story."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, tuple_

from digest.model import Article
from digest.store import tables
from digest.store.transactions import Transactions
from digest.store.upsert import upsert
from digest.store.values import dump, load

#: Rows a transaction or a query takes at most.
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of articles that were to be kept."""

    new: int = 0  #: never seen before
    updated: int = 0  #: seen before, with other words now
    seen: int = 0  #: seen before, unchanged
    new_of: tuple[str, ...] = ()  #: the source of each new one

    def __add__(self, other: Saved) -> Saved:
        seen, sources = self.seen + other.seen, self.new_of + other.new_of
        return Saved(self.new + other.new, self.updated + other.updated, seen, sources)


class Articles:
    """The articles of every source."""

    def __init__(self, store: Transactions) -> None:
        self._store = store

    def save(self, articles: Sequence[Article], now: datetime) -> Saved:
        """Keep articles by source and key; the moment of the first sighting stays as it was."""
        unique = list({(article.source, article.key): article for article in articles}.values())
        saved = Saved()
        for start in range(0, len(unique), CHUNK):
            with self._store.begin() as connection:
                saved += _save(connection, unique[start : start + CHUNK], now)
        return saved

    def window(self, since: datetime, until: datetime, source_slugs: Iterable[str]) -> tuple[Article, ...]:
        """Return the articles of these sources after ``since`` and up to ``until``, oldest first."""
        rows = tables.articles.c
        query = (
            select(rows.data)
            .where(rows.at > since, rows.at <= until, rows.source.in_(tuple(source_slugs)))
            .order_by(rows.at, rows.source, rows.key)
        )
        with self._store.read() as connection:
            return tuple(load(Article, data) for data in connection.scalars(query))

    def headlines(self, keys: Sequence[str]) -> dict[str, str]:
        """Return the headlines of articles by their keys, of those that are still here."""
        rows, found = tables.articles.c, dict[str, str]()
        with self._store.read() as connection:
            for start in range(0, len(keys), CHUNK):
                query = select(rows.key, rows.data).where(rows.key.in_(keys[start : start + CHUNK]))
                found |= {key: load(Article, data).headline for key, data in connection.execute(query)}
        return found

    def tidy(self, before: datetime) -> int:
        """Forget articles older than a moment and return how many; editions keep their own copies."""
        with self._store.begin() as connection:
            rows = tables.articles.c
            gone = connection.execute(delete(tables.articles).where(rows.at < before, rows.first_seen < before))
            return gone.rowcount


def _save(connection: Connection, articles: Sequence[Article], now: datetime) -> Saved:
    known = _known(connection, articles)
    rows: list[dict[str, Any]] = []
    new: list[str] = []
    updated = 0
    for article in articles:
        row = _row(article, known.get((article.source, article.key)), now)
        before = known.get((article.source, article.key))
        if before is None:
            new.append(article.source)
        elif before[1] == row["digest"]:
            continue
        else:
            updated += _words(before[1]) != _words(row["digest"])
        rows.append(row)
    upsert(connection, tables.articles, rows, keys=("source", "key"))
    return Saved(len(new), updated, len(articles) - len(new) - updated, tuple(new))


def _known(connection: Connection, articles: Sequence[Article]) -> dict[tuple[str, str], tuple[datetime, str]]:
    rows = tables.articles.c
    wanted = [(article.source, article.key) for article in articles]
    query = select(rows.source, rows.key, rows.first_seen, rows.digest).where(tuple_(rows.source, rows.key).in_(wanted))
    return {(source, key): (seen, digest) for source, key, seen, digest in connection.execute(query)}


def _digest(article: Article) -> str:
    """Return what tells two versions of an article apart: its words, and its place in the feed, which is no news."""
    words = dump(replace(article, position=0)).encode()
    return f"{hashlib.md5(words, usedforsecurity=False).hexdigest()[:24]}-{article.position}"


def _words(digest: str) -> str:
    return digest.partition("-")[0]


def _row(article: Article, before: tuple[datetime, str] | None, now: datetime) -> dict[str, Any]:
    first_seen = before[0] if before else article.first_seen or now
    kept = replace(article, first_seen=first_seen)
    return {
        "source": article.source,
        "key": article.key,
        "at": article.published_at or first_seen,
        "first_seen": first_seen,
        "digest": _digest(kept),
        "data": dump(kept),
    }
