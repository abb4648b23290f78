"""What tells a worker that there may be something to send: a queue where the store has one, else the time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from typing import Protocol

from digest.store import Store

#: Seconds that a worker waits at once, and how many times it waits before it looks without having been called.
IDLE, SWEEP = 1.0, 15


class Bell(Protocol):
    """Calls a worker, though never reliably: a worker looks for itself now and then."""

    def wait(self, seconds: float) -> bool:
        """Wait until it rings, at most so many seconds; tell whether it did."""

    def answering(self) -> AbstractContextManager[None]:
        """Do what it rang for; whoever dies meanwhile leaves that to others."""


class Tick:
    """Rings each time: where nothing calls, a worker looks every second."""

    def __init__(self, pause: Callable[[float], object]) -> None:
        self._pause = pause

    def wait(self, seconds: float) -> bool:
        """Wait so many seconds."""
        self._pause(seconds)
        return True

    def answering(self) -> AbstractContextManager[None]:
        """Do what is to be done."""
        return nullcontext()


@contextmanager
def bell_of(store: Store, pause: Callable[[float], object]) -> Iterator[Bell]:
    """Give what a store calls its workers with."""
    if store.engine.dialect.name != "postgresql":
        yield Tick(pause)
        return
    from digest.store import queue

    with closing(queue.Bell(store.engine)) as bell:
        yield bell


def wait_for_work(bell: Bell, stop: Callable[[], bool]) -> None:
    """Wait until there may be work, or it is time to look, or ``stop`` says to go."""
    for _ in range(SWEEP):
        if stop() or bell.wait(IDLE):
            return
