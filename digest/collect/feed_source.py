"""Turns a feed into a source's articles; knows no network and no store."""

from __future__ import annotations

from datetime import datetime

from digest.collect.feed import Entry, Feed, read_feed
from digest.collect.feed_xml import is_web_address
from digest.collect.naming import name_of
from digest.collect.registry import Body, Reading
from digest.collect.worker import Bounds
from digest.model import Article, Introduction, Source

#: Characters of an entry's text that stand in for a headline it does not have.
_HEADLINE = 100


def read_source(source: Source, body: Body, now: datetime) -> Reading:
    """Return the articles of a feed and what it calls itself; raise FeedError where the body is none."""
    worker = body.workers.of(Bounds()) if body.workers else None
    feed = read_feed(body.raw, url=body.url or source.url, content_type=body.content_type, worker=worker)
    articles = tuple(
        _article(source, feed, entry, position, now)
        for position, entry in enumerate(feed.entries)
        if entry.headline or entry.dek or entry.body
    )
    left_out = len(feed.entries) - len(articles)
    notes = (f"entries without headline and text, left out: {left_out}",) if left_out else ()
    introduction = Introduction(name_of(feed.title))
    return Reading(articles, feed.ttl_minutes, feed.notes + notes, home=feed.link, introduction=introduction)


def _article(source: Source, feed: Feed, entry: Entry, position: int, now: datetime) -> Article:
    url = entry.url if is_web_address(entry.url) else entry.guid if is_web_address(entry.guid) else ""
    image = entry.image if entry.image and is_web_address(entry.image.url) else None
    return Article(
        key="",
        source=source.slug,
        url=url,
        headline=entry.headline or _opening(entry.dek or entry.body),
        dek=entry.dek,
        body=entry.body,
        byline=entry.byline,
        published_at=entry.published_at,
        updated_at=entry.updated_at,
        first_seen=now,
        image=image,
        section=source.section or entry.section,
        language=entry.language or feed.language or source.language,
        position=position,
        owner=source.owner or source.slug,
        weight=source.weight,
        guid=entry.guid,
    )


def _opening(text: str) -> str:
    """Return the first words of a text, cut at a word's end."""
    line = text.partition("\n")[0]
    if len(line) <= _HEADLINE:
        return line
    return line[:_HEADLINE].rsplit(" ", 1)[0].rstrip(" ,;:–-") + "…"
