"""Collect: ask the sources, key their articles, keep what is new; does not know how a feed is read."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from digest.collect.gather import gather
from digest.group.identity import article_key
from digest.model import Article, Outcome, Source
from digest.pipeline.app import App

#: Bytes of a key: PostgreSQL takes no more than 2,704 of a row into an index, and addresses may be any length.
LONGEST_KEY = 1000
_SHOWN_OF_KEY = 200
#: A feed lists articles no longer than this.
REMEMBERED = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Collected:
    """What asking the sources gave."""

    outcomes: tuple[Outcome, ...]  #: one a source, in the order of the config
    new: int = 0  #: articles never seen before
    updated: int = 0  #: known ones that came with other words
    seen: int = 0  #: known ones, unchanged
    new_of: Mapping[str, int] = field(default_factory=dict)  #: new articles by source

    @property
    def articles(self) -> tuple[Article, ...]:
        """Every article that came, keyed."""
        return tuple(article for outcome in self.outcomes for article in outcome.articles)

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """The sources that could not be read."""
        return tuple(outcome for outcome in self.outcomes if outcome.status == "failed")

    @property
    def statuses(self) -> Counter[str]:
        """How many sources came out how."""
        return Counter(outcome.status for outcome in self.outcomes)


def collect(
    app: App,
    sources: Sequence[Source],
    now: datetime,
    *,
    keep: bool = True,
    force: bool = False,
    with_pages: bool = True,
    on_outcome: Callable[[Outcome], None] | None = None,
) -> Collected:
    """Ask ``sources`` and store what is new; with ``keep=False`` change nothing at all.

    ``now`` is editorial time: when an undated article was first seen. ``force`` asks also those that are not due.
    Without ``with_pages`` no article's page is fetched.
    """
    states = app.store.sources.states([source.slug for source in sources])
    limits = app.limits if with_pages else replace(app.limits, full_texts=0, full_texts_of_stubs=0)
    outcomes = gather(sources, states, now, limits, on_outcome, force, lambda source: stored(app, source, now))
    outcomes = tuple(replace(each, articles=tuple(map(keyed, each.articles))) for each in outcomes)
    collected = Collected(outcomes)
    if not keep:
        return collected
    saved = app.store.articles.save(collected.articles, now)
    new_of = Counter(saved.new_of)
    app.store.sources.record(outcomes, now, new=new_of)
    return replace(collected, new=saved.new, updated=saved.updated, seen=saved.seen, new_of=new_of)


def stored(app: App, source: Source, now: datetime) -> dict[str, Article]:
    """Return what is stored of a source's last days by address, so that no page is fetched twice."""
    articles = app.store.articles.window(now - REMEMBERED, now, [source.slug])
    return {article.url: article for article in articles if article.url}


def keyed(article: Article) -> Article:
    key = article_key(article)
    if len(key.encode()) > LONGEST_KEY:
        key = f"{key[:_SHOWN_OF_KEY]}#{hashlib.sha256(key.encode()).hexdigest()[:24]}"
    return replace(article, key=key)
