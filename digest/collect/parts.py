"""Reads a source whose body only names the bodies that hold its articles, as an index of sitemaps does."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass

from digest.collect.http import Answer, Fetcher
from digest.collect.http_headers import conditions
from digest.collect.registry import Body, Reading
from digest.collect.turns import HostHeld
from digest.errors import BroadsheetError, SourceError
from digest.model import Article, SourcePart

#: Articles taken of all parts, newest first.
MOST = 1000

Read = Callable[[Body], Awaitable[Reading]]


@dataclass(frozen=True, slots=True)
class Followed:
    """What the parts of an index gave."""

    reading: Reading  #: of those that changed, as one
    parts: tuple[SourcePart, ...]  #: to be remembered
    is_new: bool  #: whether any has changed
    size: int  #: bytes, of all that were read


async def follow(urls: Sequence[str], known: Iterable[SourcePart], fetcher: Fetcher, read: Read) -> Followed:
    """Ask for each part, only if it has changed since it was ``known``, and return what they gave.

    One that fails costs the others nothing and is asked for whole the next time. Raises SourceError, with the
    first reason, where all of them fail; HostHeld where the host wants to be left alone.
    """
    before = {part.url: part for part in known}
    readings: list[Reading] = []
    parts: list[SourcePart] = []
    errors: list[str] = []
    size = 0
    for url in urls:
        part = before.get(url, SourcePart(url))
        try:
            answer = await fetcher.fetch(url, conditions(part.etag, part.last_modified))
            marked = _marked(part, answer)
            if answer.status == 200 and marked.body_hash != part.body_hash:
                readings.append(_whole(await read(answer.body), url))
                size += len(answer.body.raw)
            parts.append(marked)
        except HostHeld:
            raise
        except BroadsheetError as error:
            errors.append(str(error))
            parts.append(SourcePart(url))
    if errors and len(errors) == len(urls):
        raise SourceError(f"none of its {len(urls)} sitemaps could be read; {errors[0]}")
    return Followed(merged(readings, errors), tuple(parts), bool(readings), size)


def _marked(part: SourcePart, answer: Answer) -> SourcePart:
    """Return what to remember of a part after an answer; raise SourceError where that is a refusal."""
    if answer.status == 304:
        return part
    if answer.status != 200:
        raise SourceError(f"{part.url}: the server answers {answer.status}")
    body_hash = hashlib.blake2b(answer.body.raw, digest_size=16).hexdigest()
    marks = (answer.headers.get("ETag", ""), answer.headers.get("Last-Modified", ""))
    return SourcePart(part.url, *marks, body_hash)


def _whole(reading: Reading, url: str) -> Reading:
    if reading.parts:
        raise SourceError(f"{url}: an index within an index; name one of its sitemaps")
    return reading


def merged(readings: Sequence[Reading], errors: Sequence[str] = ()) -> Reading:
    """Return the readings of several parts as one: articles newest first and each address once."""
    articles: dict[str, Article] = {}
    for article in (article for reading in readings for article in reading.articles):
        articles.setdefault(article.url, article)
    newest = sorted(articles.values(), key=lambda a: -a.published_at.timestamp() if a.published_at else 0.0)
    notes = (note for reading in readings for note in reading.notes)
    introduction = next((reading.introduction for reading in readings if reading.introduction), None)
    unread = (f"sitemap not read: {error}" for error in errors)
    told = tuple(dict.fromkeys((*notes, *unread)))
    return Reading(tuple(newest[:MOST]), notes=told, introduction=introduction)
