"""Works through the open sends of editions and lets their states follow; plans nobody."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Protocol

from sqlalchemy import Connection

from digest.errors import EditionConflict, ProviderBusy
from digest.model import EditionState, Envelope, Recipient
from digest.send.provider import Mailing, Provider
from digest.send.sender import Job, Sender, Surroundings
from digest.store import Limits, Send, Store, Stored

#: For how long a busy provider is asked again before a send is left to ``resume``.
DEADLINE = timedelta(hours=4)

#: Seconds between two looks for work, where there is none.
IDLE = 1.0


class Audience(Protocol):
    """Who a send goes to."""

    def ids_page(self, connection: Connection, after_id: int, limit: int) -> list[int]:
        """Return at most ``limit`` subscriber ids above ``after_id``, ascending."""

    def recipients(self, connection: Connection, ids: Sequence[int]) -> list[Recipient]:
        """Return those of ``ids`` who may still get it, with their addresses and links."""


@dataclass(frozen=True, slots=True)
class Ways:
    """How a send goes about its work, and what it asks of the world."""

    clock: Callable[[], datetime]  #: the real time, aware
    stop: Callable[[], bool] = lambda: False  #: whether to finish what is in flight and go
    on_progress: Callable[[int, int], None] = lambda _done, _planned: None
    pause: Callable[[float], None] = time.sleep
    random: Random = field(default_factory=Random)
    limits: Limits = field(default_factory=Limits)
    deadline: timedelta = DEADLINE
    backoff: float = 1.0  #: seconds before the second try, doubled before each further one


def deliver_open(
    store: Store, provider: Provider, edition_id: str, envelope: Envelope, audience: Audience, ways: Ways
) -> None:
    """Work through every open send of an edition."""
    stored = store.editions.get(edition_id)
    messages = store.editions.messages(edition_id)
    try:
        for send in store.ledger.sends.of(stored.row):
            if send.state == "sending":
                settle_state(store, edition_id, ways.clock())
                named = f"{edition_id}+{send.purpose}" if send.purpose else edition_id
                mailing = Mailing(messages[send.purpose], replace(envelope, edition=named), send.created_at)
                _run(store, provider, send, mailing, audience, ways)
    finally:
        settle_state(store, edition_id, ways.clock())


def _run(store: Store, provider: Provider, send: Send, mailing: Mailing, audience: Audience, ways: Ways) -> None:
    def recipients(ids: Sequence[int]) -> list[Recipient]:
        with store.read() as connection:
            return audience.recipients(connection, ids)

    sums = store.ledger.accounts.sums([send.id])
    done = sums.planned - sums.unsent

    def on_batch(more: int) -> None:
        nonlocal done
        done += more
        ways.on_progress(done, sums.planned)

    around = Surroundings(ways.clock, ways.stop, ways.pause, ways.random, on_batch, ways.backoff)
    sender = Sender(store.ledger.within(ways.limits), provider, recipients, around)
    sender.run(Job(send.id, mailing, ways.clock() + ways.deadline))


def settle_state(store: Store, edition_id: str, now: datetime) -> None:
    """Let an edition's state follow from its sends."""
    stored = store.editions.get(edition_id)
    states = {send.state for send in store.ledger.sends.of(stored.row, "")}
    if stored.state in {EditionState.CANCELLED, EditionState.SKIPPED} or not states:
        return
    wanted = EditionState.SENT
    if "sending" in states or "planning" in states:
        wanted = EditionState.SENDING
    elif "paused" in states:
        wanted = EditionState.PAUSED
    if stored.state is wanted:
        return
    try:
        if stored.state is EditionState.FROZEN and wanted is not EditionState.SENDING:
            stored = store.editions.move(edition_id, EditionState.SENDING, stored.version, now=now)
        store.editions.move(edition_id, wanted, stored.version, now=now)
    except EditionConflict:
        return  # another worker saw the same and was first


def work(
    store: Store,
    provider: Provider,
    prepare: Callable[[Stored], tuple[Envelope, Audience]],
    ways: Ways,
    *,
    until_idle: bool = False,
) -> int:
    """Help to send whatever is being sent, as one of any number of workers, until ``ways.stop`` says so.

    ``prepare`` gives an edition's envelope and audience. With ``until_idle`` it returns when nothing is left.
    Returns how many times an edition was worked on. The ledger itself is the queue: a worker that hears of work
    late, twice or never does no harm.
    """
    turns = 0
    while not ways.stop():
        waiting = store.editions.sending()
        for stored in waiting:
            envelope, audience = prepare(stored)
            try:
                deliver_open(store, provider, stored.id, envelope, audience, ways)
            except ProviderBusy:
                ways.pause(IDLE)
            turns += 1
        if not waiting:
            if until_idle:
                break
            ways.pause(IDLE)
    return turns
