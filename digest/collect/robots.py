"""Tells which pages a site lets programs read, by its robots.txt (RFC 9309); reads no page itself."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from protego import Protego

from digest.collect.http import Fetcher
from digest.errors import FetchError

#: A parser must take this much; what follows is not read (RFC 9309 §2.5).
_MOST = 512_000
_NOTHING = Protego.parse("User-agent: *\nDisallow: /")
_EVERYTHING = Protego.parse("")


class Robots:
    """The rules of every site asked in a run, each fetched once."""

    def __init__(self, fetcher: Fetcher, user_agent: str) -> None:
        """``user_agent`` is the name the rules are looked up by, up to its slash."""
        self._fetcher, self._agent = fetcher, user_agent.partition("/")[0]
        self._rules: dict[str, asyncio.Task[Protego]] = {}

    async def allow(self, url: str) -> bool:
        """Tell whether the page at ``url`` may be read."""
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._rules:
            self._rules[site] = asyncio.create_task(self._read(site))
        rules = await self._rules[site]
        return bool(rules.can_fetch(url, self._agent))

    async def _read(self, site: str) -> Protego:
        """Return a site's rules: all is allowed where there are none, nothing where they fail (RFC 9309 §2.3.1)."""
        try:
            answer = await self._fetcher.fetch(f"{site}/robots.txt")
        except FetchError:
            return _NOTHING
        if answer.status == 200:
            return Protego.parse(answer.body.raw[:_MOST].decode("utf-8", "replace"))
        return _EVERYTHING if 400 <= answer.status < 500 and answer.status != 429 else _NOTHING
