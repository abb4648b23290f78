"""A parent that owns the signals and keeps its children running, and what a child owes it; knows not what they do."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Self

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import FrameType

#: Seconds between two starts of a child that keeps dying: the first wait, and the longest.
FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0
#: Seconds the children may take to finish what is in flight.
GRACE = 60.0


class Told:
    """What a signal sets, and a wait that it ends; unlike an Event it is safe to set in a signal's handler."""

    def __init__(self) -> None:
        self._is_set = False
        self._read, self._write = socket.socketpair()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_fault: object) -> None:
        self._read.close()
        self._write.close()

    def set(self) -> None:
        """Let everyone who waits go on, for good."""
        if not self._is_set:
            self._is_set = True
            self._write.send(b".")

    def is_set(self) -> bool:
        """Tell whether it was set."""
        return self._is_set

    def wait(self, seconds: float | None = None) -> None:
        """Wait so many seconds, or until it is set."""
        select.select([self._read], [], [], seconds)


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


def supervise(commands: Mapping[str, Sequence[str]], look: Callable[[], None] = lambda: None) -> int:
    """Run the commands until SIGTERM or SIGINT, then let them finish; a second signal ends them at once.

    Meanwhile ``look`` is called about each second.
    """
    children: list[Child] = []
    with Told() as stopping:

        def stop(_number: int, _frame: FrameType | None) -> None:
            for child in children:
                child.stop(signal.SIGKILL if stopping.is_set() else signal.SIGTERM)
            stopping.set()

        _on_signals(stop)
        children += [Child(name, command) for name, command in commands.items()]
        while not stopping.is_set():
            look()
            stopping.wait(min(child.revive() for child in children))
        click.echo("stopping after what is in flight; again to stop at once", err=True)
        for child in children:
            child.stop(signal.SIGTERM)
        end = time.monotonic() + GRACE
        return max(_ended(child, end) for child in children)


def _ended(child: Child, end: float) -> int:
    """Wait for a child until an instant they all share, then end it; return 1 where it did not end in order."""
    try:
        child.process.wait(max(0.0, end - time.monotonic()))
    except subprocess.TimeoutExpired:
        child.process.kill()
        child.process.wait()
    return 0 if child.process.returncode in (0, -signal.SIGTERM, -signal.SIGINT) else 1


def until_told() -> Told:
    """Return what SIGTERM and SIGINT set, for a child that finishes what is in flight."""
    told = Told()
    _on_signals(lambda _number, _frame: told.set())
    return told


def _on_signals(handler: Callable[[int, FrameType | None], None]) -> None:
    signal.signal(signal.SIGTERM, handler)
    signal.signal(signal.SIGINT, handler)


def follow_parent() -> None:
    """Let this process be told to stop once its parent is gone: a parent that was killed can tell nobody."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(FIRST_WAIT)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent", daemon=True).start()
