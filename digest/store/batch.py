"""One batch of a send and its transitions, as pure values; knows no table.

Every position of a batch is in exactly one of eight places::

    todo ⇄ in flight → sent | rejected | uncertain → sent          todo → suppressed | cancelled
    rejected, uncertain, cancelled → resent: accounted for in a later send
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from digest.model import Fate, Receipt
from digest.store.packing import bits, positions


@dataclass(frozen=True, slots=True)
class Batch:
    """Recipients of one send, and where each of them stands: a bit a position."""

    id: int
    send: int
    ids: tuple[int, ...]  #: subscribers' ids, ascending
    variant: str = ""  #: of the edition's messages; '' is the whole of it
    attempt: int = 0  #: counts the claims; only the latest claim may write
    proof: int = 0  #: the attempt that an event of the provider proved to be accepted
    tries: int = 0  #: claims in a row that ended in 'try later'
    is_claimed: bool = False
    todo: int = 0
    flight: int = 0
    uncertain: int = 0
    rejected: int = 0
    suppressed: int = 0
    cancelled: int = 0
    resent: int = 0
    reference: str = ""  #: the provider's name for the request
    piece: int = 0  #: of the audience, that its ids stand in

    @property
    def everyone(self) -> int:
        """The bitmap of every position."""
        return (1 << len(self.ids)) - 1

    @property
    def sent(self) -> int:
        """Everyone who is nowhere else."""
        elsewhere = self.todo | self.flight | self.uncertain | self.rejected
        return self.everyone & ~(elsewhere | self.suppressed | self.cancelled | self.resent)

    @property
    def is_open(self) -> bool:
        """Whether anyone still waits."""
        return bool(self.todo | self.flight)

    @property
    def is_doubtful(self) -> bool:
        """Whether an earlier claim left anyone uncertain: what proves this one proves nothing of them."""
        return bool(self.uncertain)

    @property
    def waiting(self) -> tuple[int, ...]:
        """The ids still to be sent to, ascending."""
        return self.at(self.todo)

    def at(self, mask: int) -> tuple[int, ...]:
        """Return the ids at the positions of a bitmap."""
        return self.ids if mask == self.everyone else tuple(self.ids[n] for n in positions(mask))

    def find(self, ids: Iterable[int]) -> int:
        """Return the bitmap of those of these ids that are in the batch."""
        wanted = tuple(ids)
        if wanted == self.ids:  # as nearly always: the whole batch at once
            return self.everyone
        return bits(n for n in (self.position(number) for number in wanted) if n is not None)

    def position(self, number: int) -> int | None:
        """Return the position of an id, or nothing."""
        n = bisect_left(self.ids, number)
        return n if n < len(self.ids) and self.ids[n] == number else None


def claim(batch: Batch) -> Batch:
    """Hand the batch to a new owner."""
    return replace(batch, attempt=batch.attempt + 1, is_claimed=True)


def start(batch: Batch, ids: Iterable[int]) -> Batch:
    """Mark those about to leave, before the first byte goes out."""
    leaving = batch.find(ids) & batch.todo
    return replace(batch, todo=batch.todo & ~leaving, flight=batch.flight | leaving)


def suppress(batch: Batch, ids: Iterable[int]) -> Batch:
    """Leave out those who may no longer get it."""
    gone = batch.find(ids) & batch.todo
    return replace(batch, todo=batch.todo & ~gone, suppressed=batch.suppressed | gone)


def record(batch: Batch, receipts: Sequence[Receipt], *, fenced: bool = False) -> Batch:
    """Write down what became of those in flight.

    A ``fenced`` owner lost the batch meanwhile: what it knows can still settle the uncertain, nothing else.
    """
    open_for_news = batch.uncertain if fenced else batch.flight | batch.uncertain
    told: dict[Fate, list[int]] = {"sent": [], "rejected": [], "later": [], "uncertain": []}
    for receipt in receipts:
        told[receipt.fate].append(receipt.recipient)
    sent, rejected, later, uncertain = (batch.find(ids) & open_for_news for ids in told.values())
    back = 0 if fenced else later
    unknown = 0 if batch.proof == batch.attempt else uncertain
    settled = sent | rejected | back
    return replace(
        batch,
        todo=batch.todo | back,
        flight=batch.flight & ~(settled | uncertain),
        uncertain=(batch.uncertain | unknown) & ~settled,
        rejected=batch.rejected | rejected,
        reference=next((r.reference for r in receipts if r.reference), batch.reference),
    )


def release(batch: Batch, *, later: bool = False) -> Batch:
    """Give the batch up; whoever was in flight becomes uncertain unless an event proved the attempt."""
    unknown = 0 if batch.proof == batch.attempt else batch.flight
    return replace(
        batch,
        is_claimed=False,
        flight=0,
        uncertain=batch.uncertain | unknown,
        tries=batch.tries + 1 if later else 0,
    )


def prove(batch: Batch, attempt: int) -> Batch:
    """Take an event of an attempt: its request was accepted, and so was everyone in it."""
    if attempt != batch.attempt:
        return batch
    uncertain = batch.uncertain if batch.is_claimed else 0
    return replace(batch, proof=attempt, uncertain=uncertain)


def settle(batch: Batch, ids: Iterable[int]) -> Batch:
    """Take the uncertain among these as sent: a bounce of their own proves it."""
    return replace(batch, uncertain=batch.uncertain & ~batch.find(ids))


def cancel(batch: Batch) -> Batch:
    """Give up those still waiting, for good."""
    return replace(batch, todo=0, cancelled=batch.cancelled | batch.todo)


def hand_on(batch: Batch, ids: Iterable[int]) -> Batch:
    """Leave these to a later send, which accounts for them from now on."""
    mask = batch.find(ids) & (batch.rejected | batch.uncertain | batch.cancelled)
    return replace(
        batch,
        rejected=batch.rejected & ~mask,
        uncertain=batch.uncertain & ~mask,
        cancelled=batch.cancelled & ~mask,
        resent=batch.resent | mask,
    )
