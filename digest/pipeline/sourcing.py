"""Find and add sources: from a site's address or an OPML file into config.toml, its comments kept."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import reduce
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from digest.collect.discover import FoundFeed, add_source, discover, guesses
from digest.collect.feed import read_feed
from digest.collect.feed_xml import is_web_address
from digest.collect.http import fetch_one
from digest.collect.limits import Limits
from digest.collect.naming import name_of
from digest.collect.opml import unique_slug
from digest.collect.parts import merged
from digest.collect.registry import reader_for
from digest.collect.site import site_of
from digest.config import read_config
from digest.errors import BroadsheetError, ConfigError, SourceError, UsageError
from digest.model import Introduction, Source, SourceKind
from digest.pipeline.app import App
from digest.pipeline.placing import alone_with, replacing
from digest.pipeline.taking_out import without_source
from digest.store.sources import Spell

#: The system's numbers of what a folder says that may only be read.
FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)

#: Days that the health of a source is told of.
DAYS = 14


def by_day(app: App, now: datetime) -> dict[str, tuple[Spell, ...]]:
    """Return how each source did on each of the last days up to today, oldest first; days are UTC's."""
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    starts = [today + timedelta(days=day) for day in range(1 - DAYS, 2)]
    return app.store.sources.spells([source.slug for source in app.sources], starts)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A source that was found and read."""

    url: str
    kind: SourceKind = "feed"
    title: str = ""  #: as it names itself
    language: str = ""
    homepage: str = ""  #: its address for readers, as it names it
    headlines: tuple[str, ...] = ()  #: what was read, in its order


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
        raise SourceError(
            f"{url}: no feed found; a page that lists articles is added with --kind page, a news sitemap with "
            "--kind sitemap"
        )
    return found


def _readable(feeds: Iterable[FoundFeed], limits: Limits) -> Iterator[Candidate]:
    for each in feeds:
        try:
            body = fetch_one(each.url, limits)
            feed = read_feed(body.raw, url=body.url, content_type=body.content_type)
        except BroadsheetError:
            continue
        headlines = tuple(entry.headline for entry in feed.entries)
        home = feed.link if is_web_address(feed.link) else ""
        yield Candidate(body.url or each.url, "feed", feed.title, feed.language, home, headlines)


def read_as(url: str, kind: SourceKind, limits: Limits, now: datetime) -> Candidate:
    """Return what an address gives when it is read as a page or a sitemap; raise SourceError where it is none."""
    probe = Source(slug="", title="", kind=kind, url=url)
    read = reader_for(kind)
    reading = read(probe, fetch_one(url, limits), now)
    if reading.parts:
        reading = merged([read(probe, fetch_one(part, limits), now) for part in reading.parts[:1]])
    said = reading.introduction or Introduction()
    headlines = [article.headline for article in reading.articles]
    headlines += [item.headline for article in reading.articles for item in article.related]
    return Candidate(url, kind, said.title, said.language, headlines=tuple(headlines))


def source_of(candidate: Candidate, there: Sequence[Source], slug: str = "") -> Source:
    """Return what was found as a source, with a slug of its own.

    A further source of a site that is there already has the same owner: the two count once in a story's score.
    Raises UsageError where a slug is asked for that another source has.
    """
    title = name_of(candidate.title)
    host = urlsplit(candidate.url).hostname
    taken = {each.slug for each in there}
    if slug in taken:
        raise UsageError(f'a source "{slug}" is there already; choose another --slug')
    chosen = slug or unique_slug(title or host or "source", taken)
    site = site_of(candidate.homepage or candidate.url)
    same = next((each for each in there if site and site_of(each.homepage or each.url) == site), None)
    return Source(
        slug=chosen,
        title=title or chosen,
        kind=candidate.kind,
        url=candidate.url,
        language=candidate.language,
        homepage=candidate.homepage,
        owner=(same.owner or same.slug) if same else "",
    )


def write_sources(config: Path, sources: Sequence[Source]) -> tuple[Source, ...]:
    """Add sources to a config file, keeping its comments, and return them as they were written.

    What another process has added meanwhile stays: an address that is there by now is left out, a slug that was taken
    gives way to one that is free. Nothing is written where the result would be faulty.
    """
    new: tuple[Source, ...] = ()

    def with_new(text: str) -> str:
        nonlocal new
        new = unlisted(sources, read_config(config).settings.sources)
        return reduce(add_source, new, text)

    _change(config, with_new)
    return new


def remove_sources(config: Path, slugs: Iterable[str]) -> None:
    """Take sources out of a config file, all else left as it is; nothing is written where the result would be faulty.

    Raises UsageError where a source is not found in the text, as one that is written in another form.
    """

    def without(text: str, slug: str) -> str:
        rest = without_source(text, slug)
        if rest == text:
            raise UsageError(f'{config}: no table [[sources]] with slug = "{slug}" was found; take it out by hand')
        return rest

    _change(config, lambda text: reduce(without, slugs, text))


def _change(config: Path, change: Callable[[str], str]) -> None:
    """Write a changed text in place of a config file's, in one step; its lines end as they did.

    Nobody else's change falls between reading and writing: two at once come one after the other.
    """
    try:
        with alone_with(config):
            with config.open(encoding="utf-8", newline="") as file:
                before = file.read()
            ends = "\r\n" if "\r\n" in before else "\n"
            after = change(before.replace("\r\n", "\n"))
            with replacing(config) as draft:
                draft.write_text(after, encoding="utf-8", newline=ends)
                _demand_faultless(draft, config)
    except OSError as error:
        mend = f"; let this user write in the folder {config.resolve().parent}" if error.errno in FORBIDDEN else ""
        raise UsageError(f"{config}: cannot be written: {error.strerror}{mend}") from error


def _demand_faultless(draft: Path, config: Path) -> None:
    """Raise ConfigError where a config would have faults, as faults of the file they would be in."""
    try:
        read_config(draft)
    except ConfigError as error:
        raise ConfigError([replace(fault, file=config) for fault in error.faults]) from error


class Listed(Protocol):
    """A source as it stands in a config."""

    @property
    def slug(self) -> str: ...  #: its short name
    @property
    def url(self) -> str: ...  #: '' where it has a path


def unlisted(found: Sequence[Source], there: Iterable[Listed]) -> tuple[Source, ...]:
    """Return the sources whose address is not there yet, with slugs that are free."""
    listed = tuple(there)
    addresses = {source.url for source in listed}
    taken = {source.slug for source in listed}
    new = []
    for source in found:
        if source.url not in addresses:
            slug = unique_slug(source.slug, taken) if source.slug in taken else source.slug
            taken.add(slug)
            new.append(replace(source, slug=slug))
            addresses.add(source.url)
    return tuple(new)
