"""What was sent to one person lately, read off the ledger; knows no page."""

from __future__ import annotations

from collections.abc import Callable

from digest.pipeline.desk import Desk
from digest.pipeline.send import got

#: So many editions are looked through.
LATELY = 20


def deliveries(desk: Desk) -> Callable[[int], tuple[tuple[str, str], ...]]:
    """Return what tells (edition, what became of it) of a subscriber, newest first."""
    store = desk.app.store

    def told(subscriber_id: int) -> tuple[tuple[str, str], ...]:
        editions = [each.id for each in store.editions.list(None, LATELY)]
        found = [(edition, got(store, edition, subscriber_id)) for edition in editions]
        return tuple((edition, place) for edition, place in found if place)

    return told
