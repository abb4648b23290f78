"""What fetching costs the client, beside the least that any asyncio program needs: 1,000 feeds on loopback.

Each feed has an address of its own (127.1.0.1, 127.1.0.2, …), as feeds have in life, so no connection is used twice.
"""

from __future__ import annotations

import asyncio
import gzip
import multiprocessing
import resource
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

import uvloop

from digest.collect.gather import gather
from digest.collect.http import fetching
from digest.collect.limits import Limits
from digest.model import Source
from digest.store import Store

FEEDS = 1000
AT_A_TIME = 32
LIMITS = Limits(connections=AT_A_TIME, host_gap=0.0, allow_hosts=("127.0.0.0/8",))
NOW = datetime(2026, 3, 4, 6, 30, tzinfo=UTC)


def body(number: int) -> bytes:
    """Return a feed of twenty entries, some 12 KB, unlike any other."""
    text = "The harbour ferry ran aground on the northern sandbank and was pulled free by two tugs at high tide. " * 4
    items = "".join(
        f"<item><title>Report {number}-{entry} from the coast</title><link>https://news{number}.example/{entry}</link>"
        f"<guid>{number}-{entry}</guid><pubDate>Wed, 04 Mar 2026 06:{entry:02}:00 GMT</pubDate>"
        f"<description>{text}</description></item>"
        for entry in range(20)
    )
    return f"<rss version='2.0'><channel><title>Coast {number}</title>{items}</channel></rss>".encode()


def serve(ready: Connection) -> None:
    """Answer on every feed's own loopback address, with 304 to those that know the mark, until killed."""
    bodies = {f"127.1.{n // 250}.{n % 250 + 1}": gzip.compress(body(n), 1) for n in range(FEEDS)}

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        host = next(line for line in request.split(b"\r\n") if line.lower().startswith(b"host:"))[5:].strip()
        raw = bodies[host.decode().partition(":")[0]]
        head = b'ETag: "one"\r\nContent-Type: application/rss+xml\r\nConnection: close\r\n'
        if b"If-None-Match" in request:
            writer.write(b"HTTP/1.1 304 Not Modified\r\n" + head + b"\r\n")
        else:
            size = b"Content-Length: %d\r\nContent-Encoding: gzip\r\n\r\n" % len(raw)
            writer.write(b"HTTP/1.1 200 OK\r\n" + head + size + raw)
        await writer.drain()
        writer.close()

    async def main() -> None:
        hosts = list(bodies)
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # a socket for each address
        first = await asyncio.start_server(answer, hosts[0], 0, backlog=100)
        port = first.sockets[0].getsockname()[1]
        servers = [first, *[await asyncio.start_server(answer, host, port, backlog=100) for host in hosts[1:]]]
        ready.send(port)
        await asyncio.gather(*(server.serve_forever() for server in servers))

    uvloop.run(main())


async def _all(one: Callable[[str], Awaitable[object]], urls: list[str]) -> None:
    places = asyncio.Semaphore(AT_A_TIME)

    async def turn(url: str) -> None:
        async with places:
            await one(url)

    await asyncio.gather(*map(turn, urls))


async def _raw(url: str) -> bytes:
    """Fetch with nothing but streams: the floor."""
    host, _, port = url.removeprefix("http://").partition("/")[0].partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"GET /feed HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n".encode())
    head, _, packed = (await reader.read(-1)).partition(b"\r\n\r\n")
    writer.close()
    assert head.startswith(b"HTTP/1.1 200")
    return gzip.decompress(packed)


def _floor(urls: list[str]) -> None:
    uvloop.run(_all(_raw, urls))


def _ours(urls: list[str]) -> None:
    async def main() -> None:
        async with fetching(LIMITS) as fetcher:
            await _all(fetcher.fetch, urls)

    uvloop.run(main())


def _httpx(urls: list[str]) -> None:
    import httpx

    async def main() -> None:
        async with httpx.AsyncClient() as client:
            await _all(client.get, urls)

    asyncio.run(main())


def cost(work: Callable[[], object], times: int = 3) -> float:
    """Return the least CPU seconds of this process that ``work`` takes."""
    best = float("inf")
    for _ in range(times):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return best


def measure(folder: Path) -> dict[str, float]:
    """Return processor seconds for 1,000 feeds, by what is done; a database is made in ``folder``."""
    theirs, ours = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(ours,), daemon=True)
    server.start()
    port = theirs.recv()
    urls = [f"http://127.1.{n // 250}.{n % 250 + 1}:{port}/feed" for n in range(FEEDS)]
    try:
        figures = {"floor, asyncio streams": float("inf"), "fetch": float("inf")}
        for _ in range(6):  # in turns, so that a machine that is not always equally fast is so for both
            for name, work in (("floor, asyncio streams", _floor), ("fetch", _ours)):
                figures[name] = min(figures[name], cost(partial(work, urls), 1))
        with suppress(ImportError):
            figures["fetch with httpx"] = cost(lambda: _httpx(urls), 1)
        return figures | _collecting(urls, folder)
    finally:
        server.kill()
        server.join()


def _collecting(urls: list[str], folder: Path) -> dict[str, float]:
    """Return what fetching and reading costs, and asking again with the database's part of it."""
    sources = [Source(slug=f"s{n}", title=f"S{n}", url=url) for n, url in enumerate(urls)]
    store = Store.open(f"sqlite:///{folder / 'digest.db'}")
    fresh = cost(lambda: gather(sources, {}, NOW, LIMITS))
    store.sources.record(gather(sources, {}, NOW, LIMITS), NOW)

    def again() -> None:
        states = store.sources.states([source.slug for source in sources])
        outcomes = gather(sources, states, NOW, LIMITS, force=True)
        assert {outcome.status for outcome in outcomes} == {"unchanged"}
        store.sources.record(outcomes, NOW)

    return {"fetch and read": fresh, "unchanged, with the database": cost(again)}
