"""Fetches the pages of articles whose source gives only their beginnings; knows no feed and no store."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from digest.collect import stubs
from digest.collect.http import Fetcher
from digest.collect.http_headers import retry_after
from digest.collect.limits import Limits
from digest.collect.registry import Body
from digest.collect.robots import Robots
from digest.collect.site import own_address
from digest.collect.worker import Workers
from digest.errors import FetchError, SourceError
from digest.model import Article, Source

if TYPE_CHECKING:
    from digest.collect.page import Page

#: Gives what is stored of a source's articles, by their addresses.
Remembered = Callable[[Source], Mapping[str, Article]]
#: Answers in a row that did not come: then the site has a bad day, and the rest is left for the next time.
_PATIENCE = 2
_FORBIDDEN = "its robots.txt keeps programs from its pages, or did not answer; only what the source gives is used"


@dataclass(frozen=True, slots=True)
class Completed:
    """What completing a source's articles gave."""

    articles: tuple[Article, ...]
    tried: tuple[str, ...] = ()  #: fingerprints of the pages among them that need not be asked for again
    notes: tuple[str, ...] = ()  #: for people


class NoAnswer(FetchError):
    """the page may be there another time"""


class FullTexts:
    """What it takes to complete the articles of a run."""

    def __init__(
        self,
        fetcher: Fetcher,
        limits: Limits,
        pool: Executor,
        workers: Workers,
        now: datetime,
        remembered: Remembered | None = None,
    ) -> None:
        """``pool`` is where the calls to ``workers`` wait; ``now`` is editorial time."""
        self._fetcher, self._limits, self._pool, self._workers = fetcher, limits, pool, workers
        self._robots = Robots(fetcher, limits.user_agent)
        self._now, self._remembered = now, remembered
        self._left = limits.full_texts_in_all
        self._pages: dict[str, asyncio.Task[tuple[Page, str]]] = {}

    async def complete(
        self, source: Source, articles: Sequence[Article], tried: Collection[str] = (), home: str = ""
    ) -> Completed:
        """Return the articles with the texts of their pages, as far as the source's setting and the limits go.

        What was read before is taken from what is remembered. ``tried`` are the fingerprints of pages asked for before;
        ``home`` is the address of the site the source says it belongs to.
        """
        wanted, most = self._wanted(source, articles, home)
        if not wanted and not tried:
            return Completed(tuple(articles))
        known = self._remembered(source) if self._remembered else {}
        articles = [_with_known(article, known.get(article.url)) for article in articles]
        asked = set(tried)
        completed = {
            article.url: article
            for article in articles
            if article.url in wanted - {home}
            and not stubs.is_whole(article)
            and stubs.fingerprint(article.url) not in asked
        }
        notes = await self._read_all(list(completed.values())[:most], completed, known, asked)
        done = tuple(completed.get(article.url, article) for article in articles)
        still = tuple(mark for article in done if (mark := stubs.fingerprint(article.url)) in asked)
        return Completed(done, tuple(dict.fromkeys(still)), notes)

    def _wanted(self, source: Source, articles: Sequence[Article], home: str) -> tuple[set[str], int]:
        """Return the addresses of the pages that may be asked for, and how many of them."""
        if source.full_text is True:
            return {article.url for article in articles if article.url}, self._limits.full_texts
        if source.full_text is False or source.path:
            return set(), 0
        sites = (source.url, source.homepage, home)
        found = stubs.worth_reading(articles, sites, self._now)
        return {article.url for article in found}, self._limits.full_texts_of_stubs

    async def _read_all(
        self, wanted: Sequence[Article], completed: dict[str, Article], known: Mapping[str, Article], asked: set[str]
    ) -> tuple[str, ...]:
        """Put what the pages give into ``completed``, and what was asked for good into ``asked``; return the notes."""
        notes: list[str] = []
        unanswered = 0
        for article in wanted:
            if self._left <= 0 or unanswered >= _PATIENCE:
                break
            self._left -= 1
            try:
                completed[article.url] = await self._read(article, is_known=article.url in known)
                unanswered = 0
            except NoAnswer as error:
                unanswered += 1
                notes.append(f"full text not read: {error}")
                continue
            except SourceError as error:
                unanswered = 0
                notes.append(str(error) if str(error) == _FORBIDDEN else f"full text not read: {error}")
            asked.add(stubs.fingerprint(article.url))
        return _in_short(notes)

    async def _read(self, article: Article, *, is_known: bool) -> Article:
        """Return an article with its page's text; raise NoAnswer where there may be one later, SourceError where not.

        One that is stored already keeps the address it is known by, or it would be stored twice.
        """
        if article.url not in self._pages:  # two feeds of a paper have many articles in common
            self._pages[article.url] = asyncio.create_task(self._page(article.url))
        page, url = await self._pages[article.url]
        if page.is_list or not stubs.tells_of(f"{page.headline} {page.body}", article.headline):
            raise SourceError(f"{article.url}: the page tells of something else ({page.headline[:60]!r})")
        found = replace(
            article,
            body=page.body,
            byline=", ".join(page.byline),
            image=page.image,
            dek=page.dek,
            published_at=page.published_at.astimezone(UTC) if page.published_at else None,
            canonical="" if is_known else own_address(page.canonical_url, url),
        )
        return _with(article, found)

    async def _fetched(self, url: str) -> Body:
        if not await self._robots.allow(url):
            raise SourceError(_FORBIDDEN)
        try:
            answer = await self._fetcher.fetch(url)
        except FetchError as error:
            raise NoAnswer(str(error)) from error
        if answer.status == 200:
            return answer.body
        if wait := retry_after(answer.headers, self._now):
            self._fetcher.hold(answer.body.url, wait)
        may_come = answer.status >= 500 or answer.status == 429
        raise (NoAnswer if may_come else SourceError)(f"{url}: the server answers {answer.status}")

    async def _page(self, url: str) -> tuple[Page, str]:
        """Return the page at an address, and the address after redirects."""
        from digest.collect.page import read_page
        from digest.collect.page_batch import BOUNDS

        body, worker = await self._fetched(url), self._workers.of(BOUNDS)
        read = partial(worker.run, read_page, body.raw, url=body.url, content_type=body.content_type)
        return await asyncio.get_running_loop().run_in_executor(self._pool, read), body.url


def _with_known(article: Article, before: Article | None) -> Article:
    return _with(article, before) if before else article


def _with(article: Article, whole: Article) -> Article:
    """Return ``article`` with the longer text of the two, and with what it lacks and ``whole`` has."""
    return replace(
        article,
        body=whole.body if len(whole.body) > len(article.body) else article.body,
        byline=article.byline or whole.byline,
        image=article.image or whole.image,
        dek=article.dek or whole.dek,
        published_at=article.published_at or whole.published_at,
        canonical=article.canonical or whole.canonical,
    )


def _in_short(notes: Sequence[str]) -> tuple[str, ...]:
    """Return each note once, and of many only the first and how many more there are."""
    said = list(dict.fromkeys(notes))
    return tuple(said[:2]) if len(said) <= 2 else (said[0], f"and {len(said) - 1} more pages not read")
