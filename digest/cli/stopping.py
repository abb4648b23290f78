"""Signals and progress while mail is on its way; knows no ledger."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

from digest.cli import show

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType


@contextmanager
def until_signal() -> Iterator[Callable[[], bool]]:
    """Yield what tells whether SIGTERM or Ctrl-C has come: what is in flight is finished, the rest waits.

    A second signal ends the process at once, which the ledger survives; so does the first one before the sender has
    asked for once, for then nothing is in flight: sources are asked, or a person is.
    """
    asked = is_sending = False

    def is_asked() -> bool:
        nonlocal is_sending
        is_sending = True
        return asked

    def ask(number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        if asked or not is_sending:
            raise KeyboardInterrupt
        asked = True
        show.remark(f"stopping after what is in flight ({signal.Signals(number).name}); again to stop at once")

    before = {number: signal.signal(number, ask) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield is_asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
