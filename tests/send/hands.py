"""Processes that send: started together, waited for, and gone when their test is over, however it ended."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from time import monotonic

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.send.sender_process"])

#: Seconds after which what should have come is not expected any more; a busy machine needs far less.
PATIENCE = 120.0


@contextmanager
def hands(target: Callable[..., None], *tasks: object) -> Iterator[Sequence[BaseProcess]]:
    """Give a process for each task; those that are left at the end are ended."""
    started = [PROCESSES.Process(target=target, args=(task,)) for task in tasks]
    try:
        for process in started:
            process.start()
        yield started
    finally:
        for process in started:
            if process.pid is not None:
                process.kill()
                process.join()


def until(look: Callable[[], object], processes: Sequence[BaseProcess]) -> None:
    """Wait for what processes bring about; it must come while one of them lives."""
    end = monotonic() + PATIENCE
    while not look():
        assert monotonic() < end, "it never came"
        living = [process for process in processes if process.is_alive()]
        assert living or look(), "they ended without it"
        wait([process.sentinel for process in living], 0.01)


def all_over(processes: Sequence[BaseProcess]) -> None:
    """Wait until every process has ended by itself."""
    end = monotonic() + PATIENCE
    for process in processes:
        process.join(max(0.0, end - monotonic()))
        assert process.exitcode is not None, "it never ended"
