"""Whose turn it is among the editions that are being sent: one that only waits lets the others go on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from digest.store import Store, Stored

#: How long an edition rests that has let another one go on.
REST = timedelta(seconds=30)


@dataclass
class Turns:
    """The turns of one process: mail that was put off, or a limit, in one edition delays no other."""

    store: Store
    clock: Callable[[], datetime]  #: the real time, aware
    _first: dict[str, datetime] = field(default_factory=dict)  #: when an edition first gave way
    _last: dict[str, datetime] = field(default_factory=dict)

    def open(self) -> tuple[Stored, ...]:
        """Return the editions that are being sent, oldest first; what others rested is forgotten."""
        found = self.store.editions.sending()
        for gone in self._first.keys() - {stored.id for stored in found}:
            self.forget(gone)
        return found

    def forget(self, edition_id: str) -> None:
        """Begin anew with an edition: what stopped it has nothing to do with its turns."""
        self._first.pop(edition_id, None)
        self._last.pop(edition_id, None)

    def has(self, stored: Stored) -> bool:
        """Tell whether an edition rests no longer."""
        return stored.id not in self._last or self._last[stored.id] + REST <= self.clock()

    def gives_way(self, edition_id: str, may_go_on: Callable[[Stored], bool] = lambda _: True) -> bool:
        """Tell whether an edition that can only wait is to let another one go on; if so, it rests."""
        if not any(each.id != edition_id and self.has(each) and may_go_on(each) for each in self.open()):
            return False
        self._last[edition_id] = self.clock()
        self._first.setdefault(edition_id, self._last[edition_id])
        return True

    def left(self, edition_id: str, deadline: timedelta) -> timedelta:
        """Return what is left of the time for which an edition's provider is asked again: its rests count."""
        now = self.clock()
        return deadline - (now - self._first.get(edition_id, now))
