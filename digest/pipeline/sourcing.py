"""Find and add sources: from a site's address or an OPML file into config.toml, its comments kept."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from digest.collect.discover import FoundFeed, add_source, discover, guesses
from digest.collect.feed import read_feed
from digest.collect.feed_values import Feed
from digest.collect.http import fetch_one
from digest.collect.limits import Limits
from digest.collect.opml import unique_slug
from digest.config import read_config
from digest.errors import BroadsheetError, SourceError, UsageError
from digest.model import Source


@dataclass(frozen=True, slots=True)
class Candidate:
    """A feed that was found and read."""

    url: str
    feed: Feed


def find_feeds(url: str, limits: Limits, most: int = 5) -> tuple[Candidate, ...]:
    """Return the feeds of a site or a feed's own address, best first, each of them read.

    Raises FetchError where the address does not answer, SourceError where no feed is found.
    """
    body = fetch_one(url, limits)
    stated = discover(body.raw, body.url or url, body.content_type)
    found = tuple(_readable(stated[:most], limits))
    if not found:
        found = tuple(_readable([FoundFeed(each) for each in guesses(body.url or url)], limits))[:1]
    if not found:
        raise SourceError(f"{url}: no feed found; a page of headlines is read with --kind page")
    return found


def _readable(feeds: Iterable[FoundFeed], limits: Limits) -> Iterator[Candidate]:
    for each in feeds:
        try:
            body = fetch_one(each.url, limits)
            yield Candidate(body.url or each.url, read_feed(body.raw, url=body.url, content_type=body.content_type))
        except BroadsheetError:
            continue


def source_of(candidate: Candidate, taken: Sequence[str], slug: str = "") -> Source:
    """Return a feed as a source, with a slug of its own that is not ``taken``."""
    feed = candidate.feed
    chosen = slug or unique_slug(feed.title or urlsplit(candidate.url).hostname or "source", set(taken))
    return Source(slug=chosen, title=feed.title or chosen, url=candidate.url, language=feed.language)


def write_sources(config: Path, sources: Sequence[Source]) -> None:
    """Add sources to a config file, keeping its comments; nothing is written where the result would be faulty."""
    text = config.read_text(encoding="utf-8")
    for source in sources:
        text = add_source(text, source)
    draft = config.with_name(f".{config.name}.{os.getpid()}.new")
    try:
        draft.write_text(text, encoding="utf-8")
        read_config(draft)
        draft.replace(config)
    except OSError as error:
        raise UsageError(f"{config}: cannot be written: {error.strerror}") from error
    finally:
        draft.unlink(missing_ok=True)


def unlisted(found: Sequence[Source], there: Sequence[Source]) -> tuple[Source, ...]:
    """Return the sources whose address is not there yet, with slugs that are free."""
    addresses = {source.url for source in there}
    taken = {source.slug for source in there}
    new = []
    for source in found:
        if source.url not in addresses:
            new.append(replace(source, slug=unique_slug(source.slug, taken)))
            addresses.add(source.url)
    return tuple(new)
