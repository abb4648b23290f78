"""Works through a send: claims batches, has them handed over, writes down; knows no SQL and no provider.

The order of its steps is the promise: what is about to leave is committed before its first byte, and what became
of it is committed before more of its batch leaves. Death at any point leaves at most a window a connection uncertain.
One thread decides, builds and writes, while couriers wait for the other side. Each of its rounds is one transaction:
what became of the windows that came back, which ones leave next, which batches are claimed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

from digest.errors import ProviderError, StoreError
from digest.model import Receipt, Recipient
from digest.send.couriers import Couriers, HandOver
from digest.send.ledger import B, Ledger
from digest.send.provider import Mailing, Parcel, Provider
from digest.send.rounds import AHEAD, Plan, Written, commit, plan
from digest.send.surroundings import HEARTBEAT, seldom_looking_for_cycles, signs_of_life
from digest.send.surroundings import Surroundings as Surroundings
from digest.send.verdict import Verdicts
from digest.send.work import Work, work_of

#: How often, and how many seconds apart, a store that fails is asked again.
STORE_TRIES, STORE_PAUSE = 30, 2.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Job:
    """One send and what it carries."""

    send: int
    mailing: Mailing
    deadline: datetime | None = None  #: after it nothing is tried again
    variants: Mapping[str, Mailing] = field(default_factory=dict)  #: by name; '' is ``mailing``

    def carried_by(self, variant: str) -> Mailing:
        """Return what a batch of this variant carries."""
        return self.variants[variant] if variant else self.mailing


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
        self._couriers: Couriers[Work[B]] = Couriers(provider.traits.connections, provider.traits.queue)
        self._ahead: tuple[Work[B], ...] = ()
        self._out: tuple[Work[B], ...] = ()
        self._number: int | None = None
        self._seen_at: datetime | None = None
        self._last: Written[B] = Written()
        self._fault: BaseException | None = None

    def run(self, job: Job) -> None:
        """Work until nothing is left, or ``stop`` or ``gives_way`` says so, over as many connections as are wanted.

        Raises ProviderRefused, and whatever else ended the work; batches are given back first. An interrupt ends it at
        once: what the couriers have becomes uncertain.
        """
        verdicts = Verdicts(self._provider.name, self._around, job.deadline)
        try:
            with (
                seldom_looking_for_cycles(),
                signs_of_life(self._owners, lambda sender: self._ledger.renew(sender, self._around.clock())),
            ):
                while not self._is_done():
                    self._round(job, verdicts)
        except BaseException:
            with suppress(StoreError):
                self._commit(job, Plan(ended=(*self._out, *self._ahead)))
            raise
        finally:
            self._couriers.dismiss()
        if self._fault is not None:
            raise self._fault

    def _is_done(self) -> bool:
        if self._out or self._ahead:
            return False
        if self._last.is_over or self._is_to_stop():
            return True
        if self._last.wait:
            if self._around.gives_way():
                return True
            self._around.pause(self._last.wait)
        return False

    def _is_to_stop(self) -> bool:
        return self._fault is not None or self._around.stop()

    def _round(self, job: Job, verdicts: Verdicts) -> None:
        """Take in what came back, commit it with what leaves next, let that leave, and build what comes after."""
        back = self._back(verdicts)
        steps = plan(back, self._ahead, self._couriers.free, self._wanted(), is_stopping=self._is_to_stop())
        self._last = last = self._steadily(lambda: self._commit(job, steps), undo=self._forget_number)
        self._out = (*(work for work in self._out if work not in back), *last.started)
        self._around.on_batch(sum(len(work.gone) for work in steps.fresh if not last.is_over))
        for work in last.started:
            self._hand_over(job, work)
        self._ahead = (*last.rest, *(self._read(batch) for batch in last.claimed))
        for work in (*self._out, *self._ahead):
            if work.left and work.hand_over is None:
                work.hand_over = self._built(job, work)

    def _back(self, verdicts: Verdicts) -> list[Work[B]]:
        """Return the batches whose windows came back, with what became of them."""
        back = []
        for work, outcome in self._couriers.collect(self._patience()):
            work.handed, fault = verdicts.on(work.begun, work.batch.tries, outcome)
            work.due_at = work.handed.due_at or work.due_at
            self._fault = self._fault or fault
            self._around.on_batch(sum(receipt.fate != "later" for receipt in work.handed.receipts))
            back.append(work)
        return back

    def _wanted(self) -> int:
        return 0 if self._last.is_over else AHEAD

    def _patience(self) -> float | None:
        """Say how many seconds to wait for a courier: not at all where there is something else to do."""
        if self._ahead and self._couriers.free:
            return 0
        return self._last.wait if len(self._ahead) < self._wanted() else None

    def _commit(self, job: Job, steps: Plan[B]) -> Written[B]:
        now = self._around.clock()
        if steps.claims and self._number is None:
            self._number, self._seen_at = self._ledger.enter(now), now
        with self._ledger.at_once() as ledger:
            self._stay_alive(ledger, now)
            repeatable = self._provider.traits.is_repeatable
            return commit(ledger, steps, job.send, self._number or 0, now, is_repeatable=repeatable)

    def _stay_alive(self, ledger: Ledger[B], now: datetime) -> None:
        """Renew our lease before asking for work: a machine that slept would take its own batches for a dead one's."""
        if self._seen_at is not None and (now - self._seen_at).total_seconds() > HEARTBEAT:
            for sender in self._owners():
                ledger.renew(sender, now)
            self._seen_at = now

    def _forget_number(self) -> None:
        """Enter anew after a failure: what a lost claim took is found when nobody renews its owner."""
        self._number = None

    def _owners(self) -> set[int]:
        return {work.owner for work in (*self._out, *self._ahead)} | ({self._number} if self._number else set())

    def _read(self, batch: B) -> Work[B]:
        found = self._steadily(lambda: self._recipients(batch.waiting))
        return work_of(batch, self._number or 0, found, self._provider.traits.window)

    def _built(self, job: Job, work: Work[B]) -> HandOver:
        """Build the next window of a batch; what is wrong with it is told when its turn comes."""
        parcel = Parcel(work.left[0], work.batch.id, work.attempt)
        try:
            return self._provider.prepare(job.carried_by(work.batch.variant), parcel)
        except ProviderError as fault:
            return _raising(fault)

    def _hand_over(self, job: Job, work: Work[B]) -> None:
        hand_over = work.hand_over or self._built(job, work)
        work.begin()
        self._couriers.send(work, hand_over)

    def _steadily(self, ask: Callable[[], T], undo: Callable[[], object] = lambda: None) -> T:
        """Ask the store, and again when it fails: a database may be locked or start anew in mid-send."""
        for _ in range(STORE_TRIES):
            try:
                return ask()
            except StoreError:
                undo()
                self._around.pause(STORE_PAUSE)
        return ask()


def _raising(fault: ProviderError) -> HandOver:
    def hand_over() -> tuple[Receipt, ...]:
        raise fault

    return hand_over
