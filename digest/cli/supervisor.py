"""A parent that owns the signals and keeps its children running; knows nothing of what they do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import FrameType

#: Seconds between two starts of a child that keeps dying: the first wait, and the longest.
FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0
#: Seconds a child may take to finish what is in flight.
GRACE = 60.0


class Child:
    """One process and the memory of its deaths."""

    def __init__(self, name: str, command: Sequence[str]) -> None:
        self.name, self.command = name, command
        self.wait = FIRST_WAIT
        self.start()

    def start(self) -> None:
        """Start the process."""
        self.started = time.monotonic()
        # The path lets a child find its modules also where we run from a zip application.
        path = os.pathsep.join(filter(None, sys.path))
        self.process = subprocess.Popen(self.command, env={**os.environ, "PYTHONPATH": path})

    def revive(self) -> float:
        """Start it again where it died; return the seconds to wait before the next look."""
        if self.process.poll() is None:
            return FIRST_WAIT
        lived = time.monotonic() - self.started
        self.wait = FIRST_WAIT if lived > LONGEST_WAIT else min(self.wait * 2, LONGEST_WAIT)
        if lived < self.wait:
            return self.wait - lived
        click.echo(f"{self.name} ended with {self.process.returncode}; starting it again", err=True)
        self.start()
        return FIRST_WAIT

    def stop(self, signal_number: int) -> None:
        """Ask it to stop."""
        if self.process.poll() is None:
            self.process.send_signal(signal_number)


def supervise(commands: Mapping[str, Sequence[str]]) -> int:
    """Run the commands until SIGTERM or SIGINT, then let them finish; a second signal ends them at once."""
    stopping = threading.Event()
    children: list[Child] = []

    def stop(_number: int, _frame: FrameType | None) -> None:
        for child in children:
            child.stop(signal.SIGKILL if stopping.is_set() else signal.SIGTERM)
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    children += [Child(name, command) for name, command in commands.items()]
    while not stopping.is_set():
        stopping.wait(min(child.revive() for child in children))
    for child in children:
        child.stop(signal.SIGTERM)
    return max(_ended(child) for child in children)


def _ended(child: Child) -> int:
    try:
        child.process.wait(GRACE)
    except subprocess.TimeoutExpired:
        child.process.kill()
        child.process.wait()
    return 0 if child.process.returncode in (0, -signal.SIGTERM, -signal.SIGINT) else 1
