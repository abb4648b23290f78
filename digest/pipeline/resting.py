"""Lets nothing go by itself out of a store that was put back: it does not know what left since it was copied."""

from __future__ import annotations

from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from digest.errors import EditionConflict
from digest.model import EditionState
from digest.pipeline.send import pause
from digest.pipeline.vitals import LAST_RUN
from digest.store import Store

#: More editions than are ever on their way at once.
ALL = 10_000


def let_rest(database: Path, copied_at: datetime, now: datetime) -> None:
    """Pause what a copy holds as on its way, and forget what was to go since: each may have gone, to everybody.

    Done again it changes nothing more. Whoever starts the schedule next begins with what is due from then on.
    """
    with closing(Store.open(f"sqlite:///{database}")) as store:
        why = f"restored from a backup of {copied_at:%Y-%m-%d %H:%M} UTC, which does not know what left since"
        frozen = store.editions.list(limit=ALL, states=(EditionState.FROZEN, EditionState.SENDING))
        for name in dict.fromkeys(stored.id for stored in (*frozen, *store.editions.sending())):
            with suppress(EditionConflict):  # nobody was planned yet
                pause(store, name, copied_at, why)
        for name in store.meta.beginning(LAST_RUN):
            store.meta.drop(name)
        for name, at in store.appointments.due(now):
            if at > copied_at:
                _hold(store, name, at, why, copied_at)


def _hold(store: Store, name: str, at: datetime, why: str, copied_at: datetime) -> None:
    stored = store.editions.get(name)
    if stored.state in (EditionState.COMPOSED, EditionState.APPROVED):
        reason = f"it was to go at {at:%Y-%m-%d %H:%M} UTC; {why}"
        store.editions.move(name, EditionState.HELD, stored.version, reason, copied_at)
    store.appointments.drop(stored.row)


def resting(address: str) -> tuple[str, ...]:
    """Return the editions in a store that wait for a person to go on with them, or to end them; the oldest first."""
    states = (EditionState.FROZEN, EditionState.SENDING, EditionState.PAUSED)
    with closing(Store.open(address, migrate=False)) as store:
        return tuple(stored.id for stored in reversed(store.editions.list(limit=ALL, states=states)))
