"""Keeps an editor's decisions with who and when; applies none of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select, update

from digest.model import Corrections
from digest.store import tables
from digest.store.transactions import Transactions
from digest.store.upsert import add

What = Literal["pin", "drop", "merge", "split", "retitle", "order"]


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision of an editor."""

    id: int
    what: What
    keys: tuple[str, ...]  #: article keys
    text: str  #: the new headline, for 'retitle'
    who: str
    at: datetime  #: aware, UTC


class EditorCorrections:
    """The editors' decisions, by edition name."""

    def __init__(self, store: Transactions) -> None:
        self._store = store

    def add(
        self, edition_id: str, what: What, keys: tuple[str, ...], *, text: str = "", who: str, now: datetime
    ) -> int:
        """Keep a decision and return its number."""
        with self._store.begin() as connection:
            values = {
                "edition": edition_id,
                "what": what,
                "keys": json.dumps(keys),
                "text": text,
                "who": who,
                "at": now,
                "undone": False,
            }
            return add(connection, tables.corrections, values)

    def undo(self, edition_id: str, decision: int | None = None) -> Decision | None:
        """Take back a decision, the last one unless a number is given; return it, or nothing."""
        found = [d for d in self.history(edition_id) if decision in (None, d.id)]
        if not found:
            return None
        with self._store.begin() as connection:
            rows = tables.corrections.c
            connection.execute(update(tables.corrections).where(rows.id == found[-1].id).values(undone=True))
        return found[-1]

    def history(self, edition_id: str) -> tuple[Decision, ...]:
        """Return the decisions that hold, oldest first."""
        rows = tables.corrections.c
        query = select(tables.corrections).where(rows.edition == edition_id, rows.undone.is_(False))
        with self._store.read() as connection:
            return tuple(
                Decision(row.id, row.what, tuple(json.loads(row.keys)), row.text, row.who, row.at)
                for row in connection.execute(query.order_by(rows.id))
            )

    def load(self, edition_id: str) -> Corrections:
        """Return the decisions that hold as one value."""
        return combined(self.history(edition_id))


def combined(decisions: Iterable[Decision]) -> Corrections:
    """Return decisions, oldest first, as one value; a later one goes before an earlier one."""
    pinned: list[str] = []
    dropped: set[str] = set()
    pairs: dict[frozenset[str], tuple[str, tuple[str, str]]] = {}
    titles: dict[str, str] = {}
    order: tuple[str, ...] = ()
    for decision in decisions:
        match decision.what:
            case "pin":
                pinned = [*decision.keys, *(key for key in pinned if key not in decision.keys)]
                dropped -= set(decision.keys)
            case "drop":
                dropped |= set(decision.keys)
                pinned = [key for key in pinned if key not in decision.keys]
            case "merge" | "split":
                first, *others = decision.keys
                for other in others:
                    pairs[frozenset((first, other))] = (decision.what, (first, other))
            case "retitle":
                titles = {decision.keys[0]: decision.text, **{k: v for k, v in titles.items() if k != decision.keys[0]}}
            case "order":
                order = decision.keys
    return Corrections(
        pinned=tuple(pinned),
        dropped=frozenset(dropped),
        merged=tuple(pair for what, pair in pairs.values() if what == "merge"),
        split=tuple(pair for what, pair in pairs.values() if what == "split"),
        titles=tuple(titles.items()),
        order=order,
    )
