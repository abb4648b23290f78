"""Each host is asked by one at a time, with a gap, and not at all while it wants to be left alone."""

from __future__ import annotations

import asyncio

import pytest

from digest.collect.turns import HostHeld, Turns


class Clock:
    """A clock that moves only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Let the time pass at once."""
        self.now += seconds


def visits(hosts: list[str], gap: float, connections: int = 10) -> list[tuple[str, float]]:
    """Return who was asked when."""
    clock = Clock()
    seen: list[tuple[str, float]] = []

    async def ask() -> None:
        turns = Turns(connections, gap, clock, clock.sleep)

        async def visit(host: str) -> None:
            async with turns.take(host):
                seen.append((host, clock.now))

        await asyncio.gather(*map(visit, hosts))

    asyncio.run(ask())
    return seen


def test_a_gap_lies_between_two_requests_to_one_host() -> None:
    assert visits(["a", "a", "a"], gap=2.0) == [("a", 100.0), ("a", 102.0), ("a", 104.0)]


def test_another_host_does_not_wait() -> None:
    assert visits(["a", "b", "c"], gap=2.0) == [("a", 100.0), ("b", 100.0), ("c", 100.0)]


def test_no_more_than_so_many_requests_run_at_a_time() -> None:
    running = most = 0

    async def ask() -> None:
        turns = Turns(3, 0.0, Clock())

        async def visit(host: str) -> None:
            nonlocal running, most
            async with turns.take(host):
                running += 1
                most = max(most, running)
                await asyncio.sleep(0)
                running -= 1

        await asyncio.gather(*(visit(str(host)) for host in range(20)))

    asyncio.run(ask())
    assert most == 3


def test_a_host_that_wants_to_be_left_alone_is_until_the_time_has_passed() -> None:
    clock = Clock()

    async def ask() -> None:
        turns = Turns(3, 0.0, clock, clock.sleep)
        turns.hold("a", 60)
        turns.hold("a", 10)
        with pytest.raises(HostHeld) as held:
            async with turns.take("a"):
                pass
        assert held.value.seconds == 60
        async with turns.take("b"):
            pass
        clock.now += 60
        async with turns.take("a"):
            pass

    asyncio.run(ask())
