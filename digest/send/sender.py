"""Works through a send, batch by batch: claims, hands over, writes down; knows no SQL and no provider.

The order of its steps is the promise: what is about to leave is committed before its first byte, and what became
of it is committed before the next leaves. Death at any point leaves at most one window uncertain.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Generic, TypeVar

from digest.errors import ProviderBusy, ProviderRefused, ProviderUncertain, StoreError
from digest.model import Fate, Receipt, Recipient
from digest.send.ledger import B, Ledger, Turn
from digest.send.provider import Mailing, Parcel, Provider

#: Seconds between two signs of life, a third of what the ledger allows.
HEARTBEAT = 5.0

#: The longest pause between two tries of a batch, in seconds.
LONGEST_PAUSE = 900.0


#: How often, and how many seconds apart, a store that fails is asked again.
STORE_TRIES, STORE_PAUSE = 30, 2.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Job:
    """One send and what it carries."""

    send: int
    mailing: Mailing
    deadline: datetime | None = None  #: after it nothing is tried again


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the sender asks of the world."""

    clock: Callable[[], datetime]
    stop: Callable[[], bool]  #: whether to finish what is in flight and go
    pause: Callable[[float], None]  #: waits so many seconds, or less
    random: Random
    on_batch: Callable[[int], None]  #: told how many more are dealt with
    backoff: float = 1.0  #: seconds before the second try, doubled before each further one


@dataclass(frozen=True, slots=True)
class _Handed:
    """What became of a window."""

    receipts: tuple[Receipt, ...] = ()
    due_at: datetime | None = None  #: when to try again those who may be
    is_for_all: bool = False  #: whether the provider meant every sender

    @property
    def is_in_vain(self) -> bool:
        """Whether nothing went, so that the next window would not either."""
        return bool(self.receipts) and all(receipt.fate == "later" for receipt in self.receipts)


class Sender(Generic[B]):
    """Hands the batches of one send to one provider."""

    def __init__(
        self,
        ledger: Ledger[B],
        provider: Provider,
        recipients: Callable[[Sequence[int]], Sequence[Recipient]],
        around: Surroundings,
    ) -> None:
        self._ledger = ledger
        self._provider = provider
        self._recipients = recipients
        self._around = around
        self._names: dict[str, int] = {}
        self._fault: BaseException | None = None

    def run(self, job: Job) -> None:
        """Work until nothing is left or ``stop`` says so, over as many connections as the provider wants.

        Raises ProviderRefused, and whatever else ended the work; batches are given back first. An interrupt ends it at
        once: what the other connections have in flight becomes uncertain.
        """
        numbers = range(1, self._provider.traits.connections)
        others = [threading.Thread(target=self._work_aside, args=(job, f"sender {n}"), daemon=True) for n in numbers]
        with self._signs_of_life():
            for thread in others:
                thread.start()
            self._work_aside(job, "sender 0")
            for thread in others:
                if not isinstance(self._fault, KeyboardInterrupt):
                    thread.join()
        if self._fault is not None:
            raise self._fault

    def _work_aside(self, job: Job, name: str) -> None:
        """Work as one of several; the first fault ends the work of all."""
        try:
            self._work(job, name)
        except BaseException as fault:
            self._fault = self._fault or fault

    def _work(self, job: Job, name: str) -> None:
        while not self._is_to_stop():
            turn = self._steadily(lambda: self._claim(job, name), undo=lambda: self._names.pop(name, None))
            if turn.is_over:
                return
            if turn.batch is None:
                self._around.pause(turn.wait)
                continue
            self._deliver(job, turn.batch)

    def _claim(self, job: Job, name: str) -> Turn[B]:
        if name not in self._names:
            self._names[name] = self._ledger.enter(self._around.clock())
        return self._ledger.claim(job.send, self._names[name], self._around.clock())

    def _is_to_stop(self) -> bool:
        return self._fault is not None or self._around.stop()

    def _deliver(self, job: Job, batch: B) -> None:
        """Bring one claimed batch as far as it goes, and give it up."""
        handed = _Handed()
        due_at = None
        try:
            for window, gone in self._windows(batch):
                known, handed = handed.receipts, _Handed()
                if not self._start(batch, known, window, gone):
                    return
                handed = self._hand_over(job, batch, window)
                due_at = handed.due_at or due_at
                if handed.is_in_vain or self._is_to_stop():
                    break
        finally:
            self._steadily(
                lambda: self._ledger.release(
                    batch,
                    handed.receipts,
                    due_at=due_at,
                    is_for_all=handed.is_for_all,
                    now=self._around.clock(),
                )
            )

    def _windows(self, batch: B) -> Iterator[tuple[tuple[Recipient, ...], list[int]]]:
        """Yield the recipients of a batch in windows, and with the first one who is left out."""
        found = self._steadily(lambda: self._recipients(batch.waiting))
        there = {recipient.id for recipient in found}
        gone = [number for number in batch.waiting if number not in there]
        size = self._provider.traits.window
        for n in range(0, max(len(found), 1), size):
            yield tuple(found[n : n + size]), gone if n == 0 else []

    def _start(self, batch: B, known: Sequence[Receipt], window: Sequence[Recipient], gone: Sequence[int]) -> bool:
        """Commit who leaves now, unless the provider may be told the same thing twice."""
        leaving = () if self._provider.traits.is_repeatable else [recipient.id for recipient in window]
        held = self._steadily(
            lambda: self._ledger.advance(batch, known, start=leaving, gone=gone, now=self._around.clock())
        )
        self._around.on_batch(len(gone))
        return held is not None

    def _hand_over(self, job: Job, batch: B, window: tuple[Recipient, ...]) -> _Handed:
        """Hand a window over and say what became of it."""
        retry_after = None
        try:
            receipts = self._provider.deliver(job.mailing, Parcel(window, batch.id, batch.attempt)) if window else ()
        except ProviderUncertain as unknown:
            receipts = _all(window, "uncertain", str(unknown))
        except ProviderBusy as busy:
            receipts, retry_after = _all(window, "later", str(busy)), busy.retry_after
        except ProviderRefused as refused:
            self._fault = self._fault or refused
            return _Handed(_all(window, "later", str(refused)))
        if self._provider.traits.is_repeatable:
            ids = [recipient.id for recipient in window]
            self._steadily(lambda: self._ledger.advance(batch, start=ids, now=self._around.clock()))
        self._around.on_batch(sum(receipt.fate != "later" for receipt in receipts))
        if all(receipt.fate != "later" for receipt in receipts):
            return _Handed(receipts)
        return _Handed(receipts, self._later(job, batch, retry_after), is_for_all=retry_after is not None)

    def _later(self, job: Job, batch: B, retry_after: float | None) -> datetime:
        """Say when to try again: when the provider said, else after doubling pauses with jitter."""
        pause = min(self._around.backoff * 2.0**batch.tries, LONGEST_PAUSE) * (0.5 + self._around.random.random())
        now = self._around.clock()
        due_at = now + timedelta(seconds=pause if retry_after is None else retry_after)
        if job.deadline is not None and due_at > job.deadline:
            self._fault = self._fault or ProviderBusy(
                f"{self._provider.name}: still busy at the deadline; go on with `digest resume`"
            )
        return due_at

    def _steadily(self, ask: Callable[[], T], undo: Callable[[], object] = lambda: None) -> T:
        """Ask the store, and again when it fails: a database may be locked or start anew in mid-send."""
        for _ in range(STORE_TRIES):
            try:
                return ask()
            except StoreError:
                undo()
                self._around.pause(STORE_PAUSE)
        return ask()

    @contextmanager
    def _signs_of_life(self) -> Iterator[None]:
        """Tell the ledger every few seconds that this process lives."""
        over = threading.Event()

        def beat() -> None:
            while not over.wait(HEARTBEAT):
                for sender in list(self._names.values()):
                    with suppress(StoreError):  # a busy store is told at the next beat
                        self._ledger.renew(sender, self._around.clock())

        thread = threading.Thread(target=beat, name="heartbeat", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


def _all(window: Sequence[Recipient], fate: Fate, detail: str) -> tuple[Receipt, ...]:
    return tuple(Receipt(recipient.id, fate, detail=detail) for recipient in window)
