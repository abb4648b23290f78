"""Lets one request at a time through to a host, with a gap between them; knows no address and no protocol."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from types import TracebackType

from digest.errors import FetchError


class HostHeld(FetchError):
    """the host asks to be left alone for a while"""

    def __init__(self, host: str, seconds: float) -> None:
        super().__init__(f"{host} asked to be left alone for another {seconds:.0f} s")
        self.seconds = seconds  #: until it may be asked again


class Turns:
    """Who may ask which host when, within one run."""

    def __init__(
        self,
        connections: int,
        gap: float,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """At most ``connections`` requests at a time in all; ``gap`` seconds between two to one host, by ``clock``."""
        self._sleep = sleep
        self._all = asyncio.Semaphore(connections)
        self._gap, self._clock = gap, clock
        self._locks: dict[str, asyncio.Lock] = {}
        self._next: dict[str, float] = {}
        self._held: dict[str, float] = {}

    def take(self, host: str) -> _Turn:
        """Wait for a turn at ``host`` and hold it; raise HostHeld where the host wants none for a while."""
        lock = self._locks.get(host)
        if lock is None:
            lock = self._locks[host] = asyncio.Lock()
        return _Turn(self, host, lock)

    def hold(self, host: str, seconds: float) -> None:
        """Let nobody ask ``host`` for so long, because it said so (Retry-After, RFC 9110 §10.2.3)."""
        self._held[host] = max(self._held.get(host, 0.0), self._clock() + seconds)

    async def _begin(self, host: str) -> None:
        now = self._clock()
        if (left := self._held.get(host, 0.0) - now) > 0:
            raise HostHeld(host, left)
        if (wait := self._next.get(host, 0.0) - now) > 0:
            await self._sleep(wait)
        await self._all.acquire()

    def _end(self, host: str) -> None:
        self._all.release()
        self._next[host] = self._clock() + self._gap


class _Turn:
    """One turn at a host; a class because a generator would cost as much again as the waiting."""

    def __init__(self, turns: Turns, host: str, lock: asyncio.Lock) -> None:
        self._turns, self._host, self._lock = turns, host, lock

    async def __aenter__(self) -> None:
        await self._lock.acquire()
        try:
            await self._turns._begin(self._host)  # noqa: SLF001 - the two are one
        except BaseException:
            self._lock.release()
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._turns._end(self._host)  # noqa: SLF001 - the two are one
        self._lock.release()
