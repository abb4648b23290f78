"""A claimed batch on its way through the windows of a provider; hands nothing over and writes nothing down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic

from digest.model import Receipt, Recipient
from digest.send.couriers import HandOver
from digest.send.ledger import B


@dataclass(frozen=True, slots=True)
class Handed:
    """What became of a window."""

    receipts: tuple[Receipt, ...] = ()
    due_at: datetime | None = None  #: when to try again those who may be
    is_for_all: bool = False  #: whether the provider meant every sender

    @property
    def is_in_vain(self) -> bool:
        """Whether nothing went, so that the next window would not either."""
        return bool(self.receipts) and all(receipt.fate == "later" for receipt in self.receipts)


@dataclass(eq=False, slots=True)
class Work(Generic[B]):
    """A batch that is ours."""

    batch: B
    owner: int  #: the sender it was claimed by
    left: list[tuple[Recipient, ...]]  #: windows that have not begun, in order
    gone: list[int]  #: who may no longer get it
    attempt: int = 0  #: as the provider is told it; 0 where an event of one mail proves nothing of the others
    hand_over: HandOver | None = None  #: of the first window left, once it is built
    begun: tuple[Recipient, ...] = ()  #: the window handed over last
    handed: Handed = field(default_factory=Handed)  #: what became of it
    due_at: datetime | None = None  #: when to try again whoever was put off, in any window

    def begin(self) -> None:
        """Take the next window as begun; nothing is known of it yet."""
        self.begun, self.hand_over, self.handed = self.left.pop(0), None, Handed()


def work_of(batch: B, owner: int, found: Sequence[Recipient], size: int) -> Work[B]:
    """Return a batch, with those found of it cut into windows."""
    there = {recipient.id for recipient in found}
    gone = [number for number in batch.waiting if number not in there]
    windows = [tuple(found[n : n + size]) for n in range(0, len(found), size)]
    is_one = len(windows) == 1 and not batch.is_doubtful
    return Work(batch, owner, windows, gone, batch.attempt if is_one else 0)
