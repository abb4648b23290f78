"""Takes in what providers tell afterwards: settles the ledger, counts, and suppresses who must not get more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

from digest.errors import StoreError
from digest.send.events import Event, Why
from digest.store import Happening, Store


class Roster(Protocol):
    """The people, as events concern them."""

    def by_public_ids(self, connection: Connection, public_ids: Sequence[str]) -> Mapping[str, int]:
        """Return the subscribers' ids of those known."""

    def by_address(self, connection: Connection, address: str) -> int | None:
        """Return the subscriber's id of an address, nothing where nobody has it."""

    def suppress(self, connection: Connection, subscriber: int, why: Why, edition: str, at: datetime) -> bool:
        """See to it that they get no more and return whether that is new."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of some events."""

    new: int = 0
    known: int = 0  #: told before
    strange: int = 0  #: about nobody and no batch of ours
    suppressed: int = 0


def take_events(store: Store, events: Sequence[Event], roster: Roster, now: datetime) -> Taken:
    """Take in events in any order, any number of times; each batch's in one transaction."""
    people = _people(store, events, roster)
    by_batch: dict[int, list[Event]] = defaultdict(list)
    strange = 0
    for event in events:
        batch = event.batch or _batch(store, event, people)
        if batch:
            by_batch[batch].append(event)
        else:
            strange += 1
    new = suppressed = 0
    for batch, told in sorted(by_batch.items()):
        more, stopped = _take(store, batch, told, people, roster, now)
        new, suppressed = new + more, suppressed + stopped
    return Taken(new, len(events) - strange - new, strange, suppressed)


def _take(
    store: Store, batch: int, events: Sequence[Event], people: Mapping[str, int], roster: Roster, now: datetime
) -> tuple[int, int]:
    """Take in the events of one batch; return how many are news, and how many people were suppressed."""
    happenings = [
        Happening(
            people.get(_who(each), 0), each.kind, each.at, each.attempt if each.batch else 0, each.detail, each.edition
        )
        for each in events
    ]
    with store.begin() as connection:
        fresh = store.ledger.take_in(connection, batch, happenings, now)
        stopped = sum(
            roster.suppress(connection, happenings[place].subscriber, each.suppresses, each.edition, each.at)
            for place, each in enumerate(events)
            if place in fresh and each.suppresses
        )
    return len(fresh), stopped


def _who(event: Event) -> str:
    return event.recipient or event.address


def _people(store: Store, events: Sequence[Event], roster: Roster) -> dict[str, int]:
    """Return the subscribers' ids by what the events call them."""
    wanted = sorted({event.recipient for event in events if event.recipient})
    addresses = sorted({event.address for event in events if event.address and not event.recipient})
    with store.read() as connection:
        people = dict(roster.by_public_ids(connection, wanted)) if wanted else {}
        for address in addresses:
            number = roster.by_address(connection, address)
            if number is not None:
                people[address] = number
    return people


def _batch(store: Store, event: Event, people: Mapping[str, int]) -> int | None:
    """Return the batch of an event that names none: by its edition and who it is about."""
    number = people.get(_who(event))
    if number is None or not event.edition:
        return None
    try:
        stored = store.editions.get(event.edition.partition("+")[0])
    except StoreError:
        return None
    sends = [send.id for send in store.ledger.sends.of(stored.row)]
    with store.read() as connection:
        return store.ledger.batch_of(connection, sends, number)
