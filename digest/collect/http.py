"""Fetches one body over HTTP, politely and safely; knows nothing of feeds, and decides nothing about the next time."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urljoin

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from digest.collect.guard import Guard, GuardedResolver, host_of
from digest.collect.inflate import ACCEPTED, Inflater
from digest.collect.limits import Limits
from digest.collect.registry import Body
from digest.collect.turns import Turns
from digest.errors import BroadsheetError, FetchError

R = TypeVar("R")
_PERMANENT, _REDIRECTS = (301, 308), (301, 302, 303, 307, 308)
_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9,"
    " application/json;q=0.8, text/html;q=0.7, */*;q=0.5"
)
#: Of an answer that is a refusal, as much is read as it takes to say what it is.
_REFUSAL_BYTES = 65536


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered in the end, redirects followed."""

    status: int
    body: Body
    headers: Mapping[str, str] = field(default_factory=dict)  #: names in any case
    moved_to: str = ""  #: where permanent redirects, and no others, led; '' for none


class Fetcher:
    """Asks servers, within limits; one for each run."""

    def __init__(self, session: aiohttp.ClientSession, limits: Limits, guard: Guard) -> None:
        self._session, self._limits, self._guard = session, limits, guard
        self._turns = Turns(limits.connections, limits.host_gap, time.monotonic)

    async def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Return the answer to a GET of ``url``, whatever its status, redirects followed.

        Raises FetchError where there is none: no connection, a time passed, an address refused, a body too large.
        """
        at, permanent = url, True
        for _ in range(self._limits.max_redirects + 1):
            target = self._guard.check(at)
            async with self._turns.take(host_of(target)):
                answer = await self._ask(at, target, headers)
            location = answer.headers.get("Location", "") if answer.status in _REDIRECTS else ""
            if not location:
                moved_to = at if permanent and at != url and not _is_downgrade(url, at) else ""
                return Answer(answer.status, answer.body, answer.headers, moved_to)
            permanent = permanent and answer.status in _PERMANENT
            try:
                at = urljoin(at, location.strip().replace(" ", "%20").partition("#")[0])
            except ValueError as error:
                raise FetchError(f"{url}: redirected to what is no address: {location[:200]}") from error
        raise FetchError(f"{url}: redirected more than {self._limits.max_redirects} times")

    def hold(self, url: str, seconds: float) -> None:
        """Let nobody ask the host of ``url`` for so long."""
        self._turns.hold(host_of(URL(url)), seconds)

    async def _ask(self, url: str, target: URL, headers: Mapping[str, str] | None) -> Answer:
        try:
            async with self._session.get(target, headers=headers, allow_redirects=False) as response:
                is_good = response.status == 200
                limit = self._limits.max_body_bytes if is_good else _REFUSAL_BYTES
                raw = b"" if 300 <= response.status < 400 else await _read(response, limit, is_strict=is_good)
                body = Body(raw, url, response.headers.get("Content-Type", ""))
                return Answer(response.status, body, response.headers)
        except BroadsheetError as error:
            text = str(error)
            raise type(error)(text if text.startswith(url) else f"{url}: {text}") from error
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            raise FetchError(f"{url}: {_reason(error, self._limits)}") from error


async def _read(response: aiohttp.ClientResponse, limit: int, *, is_strict: bool) -> bytes:
    """Return a body, decompressed. One that passes the limit is refused when strict, else cut off."""
    length = response.content_length
    if is_strict and length is not None and length > limit:
        raise FetchError(f"larger than {limit / 1e6:g} MB")
    inflater = Inflater(response.headers.get("Content-Encoding", ""), limit)
    try:
        async for piece in response.content.iter_any():
            inflater.feed(piece)
    except FetchError:
        if is_strict:
            raise
    return inflater.result()


def _is_downgrade(url: str, at: str) -> bool:
    return url.startswith("https:") and at.startswith("http:")


def _reason(error: Exception, limits: Limits) -> str:
    """Say in people's words why there was no answer."""
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return f"no connection within {limits.connect_timeout:g} s"
    if isinstance(error, TimeoutError):
        return f"timed out after {limits.total_timeout:g} s"
    if isinstance(error, aiohttp.ClientConnectorCertificateError | ssl.SSLCertVerificationError):
        return f"its certificate is not valid ({getattr(error, 'certificate_error', error)})"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "no such host"
    if isinstance(error, aiohttp.ClientConnectorError):
        return f"no connection ({error.os_error.strerror or error.os_error})"
    if isinstance(error, aiohttp.ServerDisconnectedError):
        return "the server hung up without an answer"
    if isinstance(error, aiohttp.ClientPayloadError):
        return "the answer breaks off"
    if isinstance(error, aiohttp.ClientResponseError):
        return f"the answer is not HTTP ({error.message[:100]})"
    return f"{type(error).__name__}: {error}"[:200]


@asynccontextmanager
async def fetching(limits: Limits, resolver: AbstractResolver | None = None) -> AsyncIterator[Fetcher]:
    """Give a Fetcher. It keeps no cookies, uses no proxy and no password of the environment's."""
    guard = Guard(limits.allow_hosts)
    inner = resolver or aiohttp.ThreadedResolver()
    connector = aiohttp.TCPConnector(
        limit=0,  # counted in Turns, where waiting for a place does not use up a request's time
        resolver=GuardedResolver(guard, inner),
        happy_eyeballs_delay=None,  # the resolver gives IPv4 first, which works wherever there is any
        use_dns_cache=False,  # each request is checked against what the name means then
        force_close=limits.host_gap > 0,  # nothing is kept open for a host that has to wait anyway
    )
    timeout = aiohttp.ClientTimeout(total=limits.total_timeout, sock_connect=limits.connect_timeout)
    headers = {"User-Agent": limits.user_agent, "Accept": _ACCEPT, "Accept-Encoding": ACCEPTED}
    async with aiohttp.ClientSession(
        connector=connector,
        timeout=timeout,
        headers=headers,
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        trust_env=False,
    ) as session:
        yield Fetcher(session, limits, guard)


def run(main: Coroutine[Any, Any, R]) -> R:
    """Run a coroutine to its end on the fastest loop there is."""
    try:
        import uvloop
    except ImportError:
        return asyncio.run(main)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main)


def fetch_one(url: str, limits: Limits | None = None) -> Body:
    """Return the body at an address; raise FetchError where there is none, or it comes with an error's status."""

    async def fetch() -> Answer:
        async with fetching(limits or Limits()) as fetcher:
            return await fetcher.fetch(url)

    answer = run(fetch())
    if answer.status != 200:
        raise FetchError(f"{url}: the server answers {answer.status}")
    return answer.body
