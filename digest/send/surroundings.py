"""What a sender asks of the world, and the signs of life it gives; decides nothing."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from random import Random

from digest.errors import StoreError

#: Seconds between two signs of life, a third of what the ledger allows.
HEARTBEAT = 5.0


#: Objects that come into being before the collector looks; a batch of a thousand has some seven thousand.
SEVERAL_BATCHES = 50_000


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the sender asks of the world."""

    clock: Callable[[], datetime]
    stop: Callable[[], bool]  #: whether to finish what is in flight and go
    pause: Callable[[float], None]  #: waits so many seconds, or less
    random: Random
    on_batch: Callable[[int], None]  #: told how many more are dealt with
    backoff: float = 1.0  #: seconds before the second try, doubled before each further one
    gives_way: Callable[[], bool] = lambda: False  #: asked before it waits: whether to leave for other work


@contextmanager
def seldom_looking_for_cycles() -> Iterator[None]:
    """Keep the collector of cycles from looking through all that is loaded, again and again.

    That takes a sixth of a send's time. It still looks at what comes into being meanwhile, once several batches
    are made: mails and receipts have no cycles.
    """
    before = gc.get_threshold()
    gc.set_threshold(SEVERAL_BATCHES, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def signs_of_life(senders: Callable[[], Iterable[int]], renew: Callable[[int], None]) -> Iterator[None]:
    """Renew every few seconds whoever of us owns a batch."""
    over = threading.Event()

    def beat() -> None:
        while not over.wait(HEARTBEAT):
            for sender in senders():
                with suppress(StoreError):  # a busy store is told at the next beat
                    renew(sender)

    thread = threading.Thread(target=beat, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
