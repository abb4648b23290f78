"""Says how a store's tables stand to this program's; changes nothing."""

from __future__ import annotations

from typing import Literal

from digest.store.migrations import HEAD
from digest.store.store import Store
from digest.store.upgrade import current

Standing = Literal["current", "behind", "newer"]


def standing(store: Store) -> Standing:
    """Return whether the next start will migrate the tables, or refuse to. Revisions are numbers of one length."""
    with store.read() as connection:
        revision = current(connection)
    if revision == HEAD:
        return "current"
    return "newer" if revision > HEAD else "behind"
