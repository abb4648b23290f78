"""Carries hand-overs out, several at a time, and brings back what came of them; knows no provider and no ledger."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from digest.model import Receipt

#: Sends what was prepared. Raises what a provider's ``deliver`` raises.
HandOver = Callable[[], tuple[Receipt, ...]]

K = TypeVar("K")


class Couriers(Generic[K]):
    """Threads that wait for the other side, so that whoever prepares the mails does not."""

    def __init__(self, most: int, queue: int = 1) -> None:
        self.most = most  #: hand-overs at the same time
        self.under_way = 0
        self._room = most * queue
        self._threads: list[threading.Thread] = []
        self._given: SimpleQueue[tuple[K, HandOver] | None] = SimpleQueue()
        self._back: SimpleQueue[tuple[K, tuple[Receipt, ...] | BaseException]] = SimpleQueue()

    @property
    def free(self) -> int:
        """How many more hand-overs can be carried out now, or wait for the courier that is done next."""
        return self._room - self.under_way

    def send(self, key: K, hand_over: HandOver) -> None:
        """Let a hand-over be carried out."""
        self.under_way += 1
        if len(self._threads) < min(self.under_way, self.most):
            thread = threading.Thread(target=self._work, name=f"courier {len(self._threads)}", daemon=True)
            self._threads.append(thread)
            thread.start()
        self._given.put((key, hand_over))

    def collect(self, wait: float | None) -> list[tuple[K, tuple[Receipt, ...] | BaseException]]:
        """Return what came back: receipts, or what was raised; wait so many seconds for the first, None without end."""
        found = []
        with suppress(Empty):
            if self.under_way:
                found.append(self._back.get(block=wait != 0, timeout=wait))
            while len(found) < self.under_way:
                found.append(self._back.get_nowait())
        self.under_way -= len(found)
        return found

    def dismiss(self) -> None:
        """End the threads; what is under way is left to itself."""
        for _ in self._threads:
            self._given.put(None)
        if not self.under_way:
            for thread in self._threads:
                thread.join()

    def _work(self) -> None:
        while (given := self._given.get()) is not None:
            key, hand_over = given
            try:
                self._back.put((key, hand_over()))
            except BaseException as fault:
                self._back.put((key, fault))
