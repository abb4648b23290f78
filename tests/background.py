"""What pages begin in threads of their own: waited for by its name, never by the clock."""

from __future__ import annotations

import threading

#: What such threads are called: sends, imports and other long work, counts for the page of lists.
NAMES = ("send ", "job ", "count lists")

#: Seconds after which work is not expected to end any more; a busy machine needs far less.
PATIENCE = 120.0


def until_done(name: str = "") -> None:
    """Wait until nobody is at work any more on what begins with a name, or on anything."""
    for thread in threading.enumerate():
        if thread.name.startswith(name or NAMES):
            thread.join(PATIENCE)
            assert not thread.is_alive(), f"{thread.name!r} never ended"
