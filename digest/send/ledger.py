"""The ledger as the sender needs it; knows no SQL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol, TypeVar

from digest.model import Receipt


class Batch(Protocol):
    """Recipients that are sent to together."""

    @property
    def id(self) -> int:
        """The batch's number."""

    @property
    def variant(self) -> str:
        """Which of the edition's variants it carries; '' is the whole of it."""

    @property
    def attempt(self) -> int:
        """Counts the claims."""

    @property
    def tries(self) -> int:
        """How many claims in a row ended in 'try later'."""

    @property
    def is_doubtful(self) -> bool:
        """Whether an earlier claim left some of it uncertain."""

    @property
    def waiting(self) -> tuple[int, ...]:
        """The subscribers still to be sent to."""


B = TypeVar("B", bound=Batch)
B_co = TypeVar("B_co", bound=Batch, covariant=True)


class Turn(Protocol[B_co]):
    """The answer to someone who asks for work."""

    @property
    def batch(self) -> B_co | None:
        """To be sent, or"""

    @property
    def wait(self) -> float:
        """Seconds until it is worth asking again, or"""

    @property
    def is_over(self) -> bool:
        """Nothing is left to do."""


class Ledger(Protocol[B]):
    """Who works on what, and what became of it; every method is one transaction, unless ``at_once`` makes them one."""

    def at_once(self) -> AbstractContextManager[Ledger[B]]:
        """Give the same ledger, with all that is done to it one transaction."""

    def enter(self, now: datetime) -> int:
        """Announce one who sends and return their number."""

    def claim(self, send: int, sender: int, now: datetime) -> Turn[B]:
        """Hand out a batch that waits, or say how long to wait, or that it is over."""

    def advance(
        self,
        batch: B,
        receipts: Sequence[Receipt] = (),
        *,
        start: Iterable[int] = (),
        gone: Iterable[int] = (),
        now: datetime,
    ) -> B | None:
        """Write down what is known, who may no longer get it, and who leaves next."""

    def release(
        self,
        batch: B,
        receipts: Sequence[Receipt] = (),
        *,
        due_at: datetime | None = None,
        is_for_all: bool = False,
        now: datetime,
    ) -> None:
        """Write down what is known and give the batch up; ``due_at`` may hold for every sender."""

    def renew(self, sender: int, now: datetime) -> None:
        """Give a sign of life."""
