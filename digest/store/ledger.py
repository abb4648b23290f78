"""The ledger of sends: who works on what, and what became of it; calls no provider.

Every method is one transaction, which waits for the disk. Which way a batch may change is decided in ``batch``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from digest.model import Receipt
from digest.store import batch as moves
from digest.store import batches as rows
from digest.store import happenings as happening
from digest.store import openings
from digest.store.batch import Batch
from digest.store.happenings import Happening
from digest.store.ledger_tables import exceptions, sends
from digest.store.queue import hush
from digest.store.rates import Limits, hold, take
from digest.store.senders import Senders, dead, is_running
from digest.store.sends import Sends
from digest.store.sums import Accounts
from digest.store.transactions import Joined, Transactions
from digest.store.upsert import upsert

#: Seconds between two looks for work that others hold.
PATIENCE = 1.0

#: Told, in the transaction that keeps it, which subscribers were refused because nobody is at their address.
OnNobody = Callable[[Connection, Sequence[int], datetime], None]


@dataclass(frozen=True, slots=True)
class Turn:
    """The answer to someone who asks for work."""

    batch: Batch | None = None  #: to be sent, or
    wait: float = 0.0  #: seconds until it is worth asking again, or
    is_over: bool = False  #: nothing is left to do


class Ledger:
    """Who was sent what."""

    def __init__(
        self, store: Transactions, limits: Limits | None = None, on_nobody: OnNobody = lambda *_: None
    ) -> None:
        self._store = store
        self._limits = limits or Limits()
        self._on_nobody = on_nobody
        self.sends = Sends(store)
        self.senders = Senders(store)
        self.accounts = Accounts(store)
        self.is_running: Callable[[str], bool | None] = is_running
        self._places: dict[int, int] = {}  # send to the piece of its audience that was claimed last

    def within(self, limits: Limits, on_nobody: OnNobody = lambda *_: None) -> Ledger:
        """Return the same ledger, handing out work only within these limits."""
        return Ledger(self._store, limits, on_nobody)

    @contextmanager
    def at_once(self) -> Iterator[Ledger]:
        """Give the same ledger, with all that is done to it one transaction, which waits for the disk."""
        with self._store.begin() as connection:
            joined = Ledger(Joined(connection), self._limits, self._on_nobody)
            joined.is_running, joined._places = self.is_running, self._places
            yield joined

    def enter(self, now: datetime) -> int:
        """Announce one who sends and return their number; what the dead left behind is taken back."""
        self.recover(now)
        return self.senders.enter(now)

    def renew(self, sender: int, now: datetime) -> None:
        """Give a sign of life."""
        self.senders.renew(sender, now)

    def claim(self, send: int, sender: int, now: datetime) -> Turn:
        """Hand out a batch that waits, or say how long to wait, or that it is over."""
        with self._store.begin() as connection:
            work = connection.execute(select(sends).where(sends.c.id == send)).one()
            if work.state != "sending":
                return Turn(is_over=True)
            ready = openings.due(connection, send, now) or self._following(connection, send, now)
            if ready is None:
                return _wait(connection, send, now)
            wait = take(connection, work.provider, self._limits, ready.todo.bit_count(), now)
            if wait:
                return Turn(wait=wait)
            return Turn(rows.write(connection, ready, moves.claim(ready), now, owner=sender))

    def _following(self, connection: Connection, send: int, now: datetime) -> Batch | None:
        """Return the next batch in order; at the end look again for those that were given back, or whose owner died."""
        ready = openings.following(connection, send, self._places.get(send, 0))
        if ready is None:
            self._recover(connection, now, send)
            ready = openings.following(connection, send, 0)
        if ready is not None:
            self._places[send] = ready.piece
        return ready

    def advance(
        self,
        batch: Batch,
        receipts: Sequence[Receipt] = (),
        *,
        start: Iterable[int] = (),
        gone: Iterable[int] = (),
        now: datetime,
    ) -> Batch | None:
        """Write down what is known, who may no longer get it, and who leaves next.

        Returns nothing where the batch belongs to someone else by now: then nothing may leave.
        """
        with self._store.begin() as connection:
            before = rows.read_again(connection, batch)
            after, is_ours = _recorded(before, batch, receipts)
            if is_ours:
                after = moves.start(moves.suppress(after, gone), start)
            self._write(connection, before, after, receipts, now)
            return after if is_ours else None

    def release(
        self,
        batch: Batch,
        receipts: Sequence[Receipt] = (),
        *,
        due_at: datetime | None = None,
        is_for_all: bool = False,
        now: datetime,
    ) -> None:
        """Write down what is known and give the batch up; the rest may be tried again at ``due_at``.

        Where that ``is_for_all``, no sender hands anything to this provider before.
        """
        with self._store.begin() as connection:
            before = rows.read_again(connection, batch)
            after, is_ours = _recorded(before, batch, receipts)
            if is_ours:
                after = moves.release(after, later=due_at is not None)
                send = connection.execute(select(sends.c.state, sends.c.provider).where(sends.c.id == batch.send)).one()
                after = moves.cancel(after) if send.state == "cancelled" else after
                if is_for_all and due_at is not None:
                    hold(connection, send.provider, due_at)
            later = {"due_at": due_at} if is_ours and due_at is not None else {}
            self._write(connection, before, after, receipts, now, **later)

    def _write(
        self,
        connection: Connection,
        before: Batch,
        after: Batch,
        receipts: Sequence[Receipt],
        now: datetime,
        **others: object,
    ) -> None:
        if after != before or others:
            rows.write(connection, before, after, now, **others)
        refused = _refused(before, after, receipts)
        _tell(connection, after, refused, now)
        if nobody := [receipt.recipient for receipt in refused.values() if receipt.has_no_mailbox]:
            self._on_nobody(connection, nobody, now)

    def take_in(self, connection: Connection, batch: int, happenings: Sequence[Happening], now: datetime) -> set[int]:
        """Keep what a provider told of one batch; return which of it, by place, is news."""
        return happening.take_in(connection, batch, happenings, now)

    def batch_of(self, connection: Connection, sends: Sequence[int], subscriber: int) -> int | None:
        """Return the last batch of these sends that a subscriber is in."""
        return happening.batch_of(connection, sends, subscriber)

    def recover(self, now: datetime) -> int:
        """Take back the batches of senders that died; return how many."""
        with self._store.begin() as connection:
            return self._recover(connection, now)

    def _recover(self, connection: Connection, now: datetime, send: int | None = None) -> int:
        gone = dead(connection, now, self.is_running)
        lost = openings.held_by(connection, gone, send) if gone else []
        stopped = select(sends.c.id).where(sends.c.id.in_({batch.send for batch in lost}), sends.c.state == "cancelled")
        cancelled = set(connection.scalars(stopped)) if lost else set()
        for batch in lost:
            after = moves.release(batch)
            after = moves.cancel(after) if batch.send in cancelled else after
            rows.write(connection, batch, after, now)
        return len(lost)


def _wait(connection: Connection, send: int, now: datetime) -> Turn:
    """Say how long to wait for batches due later or held by others; end the send where there are none."""
    left, due_at = openings.left(connection, send)
    if not left:
        is_open = (sends.c.id == send, sends.c.state == "sending")
        connection.execute(sends.update().where(*is_open).values(state="done", changed_at=now))
        hush(connection, send)
        return Turn(is_over=True)
    until_due = (due_at - now).total_seconds() if due_at and due_at > now else PATIENCE
    return Turn(wait=min(until_due, PATIENCE))


def _recorded(before: Batch, ours: Batch, receipts: Sequence[Receipt]) -> tuple[Batch, bool]:
    """Return the batch with what is known, and whether it is still ours: nobody took it back or claimed it anew."""
    is_ours = before.is_claimed and before.attempt == ours.attempt
    return moves.record(before, receipts, fenced=not is_ours), is_ours


def _refused(before: Batch, after: Batch, receipts: Sequence[Receipt]) -> dict[int, Receipt]:
    """Return what was rejected just now, by its position in the batch."""
    bits = after.rejected & ~before.rejected
    if not bits:
        return {}
    found = [(after.position(receipt.recipient), receipt) for receipt in receipts if receipt.fate == "rejected"]
    return {n: receipt for n, receipt in found if n is not None and bits >> n & 1}


def _tell(connection: Connection, batch: Batch, refused: Mapping[int, Receipt], now: datetime) -> None:
    lines = [
        {"batch": batch.id, "position": n, "what": "rejected", "detail": receipt.detail, "at": now}
        for n, receipt in refused.items()
    ]
    upsert(connection, exceptions, lines, keys=("batch", "position", "what"))
