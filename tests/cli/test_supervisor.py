"""What a child owes its parent: to hear a signal at once, whoever waits and for how long."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from digest.cli.supervisor import Child, Told, until_told


@pytest.fixture(autouse=True)
def _own_handlers() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_a_signal_ends_a_long_wait_and_every_later_one() -> None:
    with until_told() as told:
        assert not told.is_set()
        os.kill(os.getpid(), signal.SIGTERM)
        told.wait()
        told.wait(1000)
        assert told.is_set()
        os.kill(os.getpid(), signal.SIGTERM)


def test_every_thread_that_waits_goes_on() -> None:
    with Told() as told, ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(told.wait, 1000) for _ in range(4)]
        told.set()
        assert [each.result(60) for each in waiting] == [None] * 4


def test_a_wait_nobody_ends_is_as_long_as_was_said() -> None:
    with Told() as told:
        told.wait(0)
        assert not told.is_set()


def test_a_child_that_died_at_once_is_left_for_a_moment_before_it_is_started_again() -> None:
    child = Child("test", [sys.executable, "-c", "pass"])
    child.process.wait(60)
    before = child.process.pid
    child.started += 100  # however long we take to look, it died at once
    assert child.revive() > 0
    assert child.process.pid == before
    child.started -= 200
    child.revive()
    assert child.process.pid != before
    child.process.wait(60)


def test_a_child_that_lives_is_left_alone() -> None:
    child = Child("test", [sys.executable, "-c", "input()"])
    try:
        before = child.process.pid
        child.revive()
        assert child.process.pid == before
    finally:
        child.stop(signal.SIGKILL)
        child.process.wait(60)
