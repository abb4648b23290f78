"""Says whether a store waits to be brought up to date; changes nothing."""

from __future__ import annotations

from digest.store.migrations import HEAD
from digest.store.store import Store
from digest.store.upgrade import current


def is_behind(store: Store) -> bool:
    """Return whether the next start will migrate the store's tables."""
    with store.read() as connection:
        return current(connection) != HEAD
