"""Works through the open sends of editions and lets their states follow; plans nobody."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Protocol

import structlog
from sqlalchemy import Connection

from digest.errors import EditionConflict, ProviderBusy, StoreError
from digest.model import EditionState, Envelope, Recipient
from digest.pipeline.turns import Turns
from digest.pipeline.waking import IDLE, Bell, Tick, wait_for_work
from digest.send.provider import Mailing, Provider
from digest.send.sender import Job, Sender, Surroundings
from digest.store import Limits, Send, Store, Stored
from digest.store.editions import MOVES

log = structlog.get_logger()

#: For how long a busy provider is asked again before a send is left to ``resume``.
DEADLINE = timedelta(hours=4)


class Audience(Protocol):
    """Who a send goes to."""

    def ids_page(self, connection: Connection, after_id: int, limit: int) -> list[int]:
        """Return at most ``limit`` subscriber ids above ``after_id``, ascending."""

    def variants(
        self, connection: Connection, ids: Sequence[int], frozen: Mapping[tuple[str, ...], str]
    ) -> Mapping[int, str]:
        """Return who of ``ids``, ascending, gets one of the variants, which are named by the sections they have."""

    def recipients(self, connection: Connection, ids: Sequence[int]) -> list[Recipient]:
        """Return those of ``ids`` who may still get it, with their addresses and links."""

    def give_up(self, connection: Connection, ids: Sequence[int], edition: str, at: datetime) -> None:
        """See to it that they get no more: a server said for certain that nobody is at their addresses."""


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
    gives_way: Callable[[], bool] = lambda: False  #: whether to leave a send that can only wait; it stays open


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
                addressed = replace(envelope, edition=named)
                carried = {
                    name: Mailing(message, addressed, send.created_at)
                    for name, message in messages.items()
                    if name == send.purpose or (message.sections and not send.purpose)
                }
                _run(store, provider, send, carried, audience, ways)
    finally:
        settle_state(store, edition_id, ways.clock())


def _run(
    store: Store, provider: Provider, send: Send, carried: Mapping[str, Mailing], audience: Audience, ways: Ways
) -> None:
    def recipients(ids: Sequence[int]) -> list[Recipient]:
        with store.read() as connection:
            return audience.recipients(connection, ids)

    def on_nobody(connection: Connection, ids: Sequence[int], at: datetime) -> None:
        audience.give_up(connection, ids, carried[send.purpose].envelope.edition, at)

    sums = store.ledger.accounts.sums([send.id])
    done = sums.planned - sums.unsent

    def on_batch(more: int) -> None:
        nonlocal done
        done += more
        ways.on_progress(done, sums.planned)

    around = Surroundings(ways.clock, ways.stop, ways.pause, ways.random, on_batch, ways.backoff, ways.gives_way)
    sender = Sender(store.ledger.within(ways.limits, on_nobody), provider, recipients, around)
    sender.run(Job(send.id, carried[send.purpose], ways.clock() + ways.deadline, carried))


def cancel_sends(store: Store, stored: Stored, now: datetime, why: str = "") -> None:
    """Stop every send of an edition for good, its corrections' too; done again it finishes what was cut short."""
    for send in store.ledger.sends.of(stored.row):
        store.ledger.sends.cancel(send.id, now, why)
    store.ledger.recover(now)


def settle_state(store: Store, edition_id: str, now: datetime) -> None:
    """Let an edition's state follow from its sends, also where whoever ended one of them died before it could."""
    stored = store.editions.get(edition_id)
    sends = store.ledger.sends.of(stored.row, "")
    if stored.state in {EditionState.CANCELLED, EditionState.SKIPPED} or not sends:
        return
    cancelled = next((send for send in sends if send.state == "cancelled"), None)
    if cancelled is not None:  # nobody cancels a part of an edition
        cancel_sends(store, stored, now, cancelled.why)
    wanted = _follows({send.state for send in sends})
    if stored.state is wanted:
        return
    why = cancelled.why if cancelled else ""
    try:
        if wanted not in MOVES[stored.state]:
            stored = store.editions.move(edition_id, EditionState.SENDING, stored.version, now=now)
        store.editions.move(edition_id, wanted, stored.version, why, now)
    except EditionConflict:
        return  # another worker saw the same and was first


def _follows(sends: Collection[str]) -> EditionState:
    """Return the state of an edition whose sends are in these states."""
    if "cancelled" in sends:
        return EditionState.CANCELLED
    if "sending" in sends or "planning" in sends:
        return EditionState.SENDING
    return EditionState.PAUSED if "paused" in sends else EditionState.SENT


def work(
    store: Store,
    provider: Provider,
    prepare: Callable[[Stored], tuple[Envelope, Audience]],
    ways: Ways,
    *,
    until_idle: bool = False,
    bell: Bell | None = None,
) -> int:
    """Help to send whatever is being sent, as one of any number of workers, until ``ways.stop`` says so.

    ``prepare`` gives an edition's envelope and audience. With ``until_idle`` it returns when nothing is left.
    Returns how many times an edition was worked on. ``bell`` calls it to work, and only the ledger says what there is
    to do: a worker that is called late, twice or never does no harm.
    """
    done = 0
    turns = Turns(store, ways.clock)
    bell = bell or Tick(ways.pause)
    while not ways.stop():
        with bell.answering():
            found = _steadily(lambda: _look(store, provider, prepare, ways, turns), ways)
        done += found or 0
        if not found:
            if until_idle:
                break
            wait_for_work(bell, ways.stop)
    return done


def _look(
    store: Store,
    provider: Provider,
    prepare: Callable[[Stored], tuple[Envelope, Audience]],
    ways: Ways,
    turns: Turns,
) -> int:
    """Work once on every edition that is being sent and has its turn; return how many are being sent."""
    waiting = turns.open()
    ready = [stored for stored in waiting if turns.has(stored)]
    for stored in ready:
        envelope, audience = prepare(stored)
        left = turns.left(stored.id, ways.deadline)
        in_turn = replace(ways, deadline=left, gives_way=partial(turns.gives_way, stored.id))
        try:
            deliver_open(store, provider, stored.id, envelope, audience, in_turn)
        except ProviderBusy:
            turns.forget(stored.id)
            ways.pause(IDLE)
    if waiting and not ready:
        ways.pause(IDLE)
    return len(waiting)


def _steadily(look: Callable[[], int], ways: Ways) -> int | None:
    """Look until the store lets us: one that starts anew, however long it takes, wants nobody's help."""
    is_lost = False
    while not ways.stop():
        try:
            return look()
        except StoreError as fault:
            if not is_lost:
                log.warning("store_lost", why=str(fault))
            is_lost = True
            ways.pause(IDLE)
    return None
