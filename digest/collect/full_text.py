"""Fetches the pages of articles whose feed gives only their beginnings; knows no feed and no store."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial

from digest.collect.http import Fetcher
from digest.collect.limits import Limits
from digest.collect.robots import Robots
from digest.errors import FetchError, SourceError
from digest.model import Article, Source

#: A text of fewer words is a beginning, not the article.
ENOUGH_WORDS = 150
#: Articles, and notes for people.
Completed = tuple[tuple[Article, ...], tuple[str, ...]]
#: Gives the articles of a source that were read in full before, by their addresses.
Remembered = Callable[[Source], Mapping[str, Article]]


@dataclass(frozen=True, slots=True)
class FullTexts:
    """What it takes to complete the articles of a run."""

    fetcher: Fetcher
    robots: Robots
    limits: Limits
    pool: Executor  #: where pages are read
    remembered: Remembered | None = None

    async def complete(self, source: Source, articles: Sequence[Article]) -> Completed:
        """Return the articles with the texts of their pages, and notes on those that could not be had.

        What was read before is taken from there; of the rest the first in the feed are fetched, up to the limit.
        """
        known = self.remembered(source) if self.remembered else {}
        completed, notes, left = [], [], self.limits.full_texts
        for article in articles:
            if _is_whole(article) or not article.url:
                completed.append(article)
            elif (before := known.get(article.url)) and _is_whole(before):
                completed.append(_with(article, before))
            elif left:
                left -= 1
                article, note = await self._completed(article)
                completed.append(article)
                notes += [note] if note else []
            else:
                completed.append(article)
        return tuple(completed), tuple(dict.fromkeys(notes))

    async def _completed(self, article: Article) -> tuple[Article, str]:
        from digest.collect.page_batch import read_one

        try:
            if not await self.robots.allow(article.url):
                return article, "its robots.txt keeps its pages from programs; only what the feed gives is used"
            answer = await self.fetcher.fetch(article.url)
            if answer.status != 200:
                raise FetchError(f"{article.url}: the server answers {answer.status}")
            body = answer.body
            read = partial(read_one, body.raw, url=body.url, content_type=body.content_type)
            page = await asyncio.get_running_loop().run_in_executor(self.pool, read)
        except SourceError as error:
            return article, f"full text not read: {error}"
        whole = replace(article, body=page.body, byline=", ".join(page.byline), image=page.image, dek=page.dek)
        return _with(article, whole), ""


def _is_whole(article: Article) -> bool:
    return len(article.body.split()) >= ENOUGH_WORDS


def _with(article: Article, whole: Article) -> Article:
    """Return ``article`` with the longer text of the two, and with what it lacks and ``whole`` has."""
    body = whole.body if len(whole.body) > len(article.body) else article.body
    byline, image = article.byline or whole.byline, article.image or whole.image
    return replace(article, body=body, byline=byline, image=image, dek=article.dek or whole.dek)
