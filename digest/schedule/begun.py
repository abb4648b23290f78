"""An edition whose time came, and whose plan a dead process left half made: nobody else would ever ask about it."""

from __future__ import annotations

from digest.errors import EditionConflict
from digest.model import EditionState
from digest.pipeline.app import App
from digest.store import Stored


def demand_not_cut_short(app: App, stored: Stored, why: str) -> None:
    """Raise EditionConflict for an edition that is planned in part alone, or frozen and not planned at all.

    It can no longer be held, and no sender will ever find all of it. ``why`` says why it is not finished now.
    """
    plans = {send.state for send in app.store.ledger.sends.of(stored.row, "")}
    if "planning" in plans or (stored.state is EditionState.FROZEN and not plans):
        raise EditionConflict(
            f"{stored.id} was begun and cut short, and by now it is old news ({why})\n"
            f"send it all the same with: digest send --edition {stored.id}"
        )
