"""Remembers each source between two checks, and how its checks went; fetches nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import Select, case, delete, func, select

from digest.model import Outcome, SourceState
from digest.store import tables
from digest.store.transactions import Transactions
from digest.store.upsert import upsert
from digest.store.values import dump, load


@dataclass(frozen=True, slots=True)
class Check:
    """How one check of one source went."""

    slug: str
    at: datetime
    status: str
    articles: int  #: in the body
    new: int  #: never seen before
    size: int  #: bytes
    seconds: float
    error: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spell:
    """How the checks of one source went in a stretch of time."""

    since: datetime
    checks: int = 0
    failed: int = 0
    new: int = 0  #: articles never seen before


class Sources:
    """What is remembered of the sources."""

    def __init__(self, store: Transactions) -> None:
        self._store = store

    def states(self, slugs: Iterable[str]) -> dict[str, SourceState]:
        """Return what is remembered of each of these sources, leaving out those never checked."""
        rows = tables.source_states.c
        with self._store.read() as connection:
            found = connection.execute(select(rows.slug, rows.data).where(rows.slug.in_(tuple(slugs))))
            return {slug: load(SourceState, data) for slug, data in found}

    def record(self, outcomes: Sequence[Outcome], now: datetime, *, new: Mapping[str, int] | None = None) -> None:
        """Remember each source's state and add a line to its history; ``new`` counts new articles by slug."""
        states = [{"slug": outcome.source.slug, "data": dump(outcome.state)} for outcome in outcomes if outcome.state]
        checks = [_check(o, now, (new or {}).get(o.source.slug, 0)) for o in outcomes if o.status != "not due"]
        with self._store.begin() as connection:
            upsert(connection, tables.source_states, states, keys=("slug",))
            if checks:
                connection.execute(tables.source_checks.insert(), checks)

    def history(self, slug: str, limit: int = 50) -> tuple[Check, ...]:
        """Return a source's last checks, newest first."""
        rows = tables.source_checks.c
        query = select(tables.source_checks).where(rows.slug == slug).order_by(rows.id.desc()).limit(limit)
        with self._store.read() as connection:
            return tuple(
                Check(
                    slug=row.slug,
                    at=row.at,
                    status=row.status,
                    articles=row.articles,
                    new=row.new,
                    size=row.size,
                    seconds=row.milliseconds / 1000,
                    error=row.error,
                    notes=tuple(filter(None, row.notes.split("\n"))),
                )
                for row in connection.execute(query)
            )

    def spells(self, slugs: Iterable[str], starts: Sequence[datetime]) -> dict[str, tuple[Spell, ...]]:
        """Return how each source did from each of these moments to the next; the last moment only ends."""
        wanted = tuple(slugs)
        found: dict[str, list[Spell]] = {slug: [] for slug in wanted}
        with self._store.read() as connection:
            for since, until in pairwise(starts):
                sums = {row.slug: row for row in connection.execute(_sums(wanted, since, until))}
                for slug, spells in found.items():
                    row = sums.get(slug)
                    spells.append(Spell(since, row.checks, row.failed, row.articles) if row else Spell(since))
        return {slug: tuple(spells) for slug, spells in found.items()}

    def tidy(self, before: datetime) -> int:
        """Forget checks older than a moment and return how many."""
        with self._store.begin() as connection:
            return connection.execute(delete(tables.source_checks).where(tables.source_checks.c.at < before)).rowcount


def _sums(slugs: tuple[str, ...], since: datetime, until: datetime) -> Select[Any]:
    rows = tables.source_checks.c
    return (
        select(
            rows.slug,
            func.count().label("checks"),
            func.sum(case((rows.status == "failed", 1), else_=0)).label("failed"),
            func.sum(rows.new).label("articles"),
        )
        .where(rows.slug.in_(slugs), rows.at >= since, rows.at < until)
        .group_by(rows.slug)
    )


def _check(outcome: Outcome, now: datetime, new: int) -> dict[str, Any]:
    return {
        "slug": outcome.source.slug,
        "at": now,
        "status": outcome.status,
        "articles": len(outcome.articles),
        "new": new,
        "size": outcome.size,
        "milliseconds": round(outcome.seconds * 1000),
        "error": outcome.error,
        "notes": "\n".join(note.replace("\n", " ") for note in outcome.notes),
    }
