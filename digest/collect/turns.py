"""Lets one request at a time through to a host, with a gap between them; knows no address and no protocol."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

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

    @asynccontextmanager
    async def take(self, host: str) -> AsyncIterator[None]:
        """Wait for a turn at ``host`` and hold it; raise HostHeld where the host wants none for a while."""
        async with self._locks.setdefault(host, asyncio.Lock()):
            self._check(host)
            if (wait := self._next.get(host, 0.0) - self._clock()) > 0:
                await self._sleep(wait)
            async with self._all:
                try:
                    yield
                finally:
                    self._next[host] = self._clock() + self._gap

    def hold(self, host: str, seconds: float) -> None:
        """Let nobody ask ``host`` for so long, because it said so (Retry-After, RFC 9110 §10.2.3)."""
        self._held[host] = max(self._held.get(host, 0.0), self._clock() + seconds)

    def _check(self, host: str) -> None:
        if (left := self._held.get(host, 0.0) - self._clock()) > 0:
            raise HostHeld(host, left)
