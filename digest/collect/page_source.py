"""Makes a page into a source: its article with what it lists beside it, or a front page's articles; fetches nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from digest.collect.naming import printable
from digest.collect.page import Page
from digest.collect.page_batch import BOUNDS, read_one
from digest.collect.registry import Body, Reading
from digest.collect.site import own_address
from digest.model import Article, Introduction, Source


def read_source(source: Source, body: Body, now: datetime) -> Reading:
    """Return the page's article and what the page says of its source.

    The article's address is where the page says the full article is, else the page's own. A front page gives
    the articles it lists, as far as they have an address.
    """
    worker = body.workers.of(BOUNDS) if body.workers else None
    url = body.url or source.url or source.homepage
    page = read_one(body.raw, url=url, content_type=body.content_type, worker=worker)
    articles = tuple(_listed(page, source, now)) if page.is_list else (_article(page, source, now),)
    return Reading(articles=articles, notes=page.notes, home=url, introduction=_introduction(page))


def _article(page: Page, source: Source, now: datetime) -> Article:
    return Article(
        key="",
        source=source.slug,
        url=page.full_url or _own_url(page) or source.homepage or page.site_url,
        headline=page.headline,
        dek=page.dek,
        body=page.body,
        byline=", ".join(page.byline),
        published_at=_utc(page.published_at),
        updated_at=_utc(page.updated_at),
        first_seen=now,
        image=page.image,
        section=source.section or page.section,
        language=source.language or page.language,
        owner=source.owner or source.slug,
        weight=source.weight,
        related=page.related,
    )


def _own_url(page: Page) -> str:
    """Return the page's address as it states it where that can be its own, else where it was read from."""
    return page.canonical_url if not page.url else own_address(page.canonical_url, page.url) or page.url


def _listed(page: Page, source: Source, now: datetime) -> Iterator[Article]:
    """Yield a front page's articles; it tells no times, so they count from when they were first seen."""
    for position, item in enumerate(item for item in page.related if item.url):
        yield Article(
            key="",
            source=source.slug,
            url=item.url,
            headline=item.headline,
            dek=item.dek,
            first_seen=now,
            section=source.section,
            language=source.language or page.language,
            position=position,
            owner=source.owner or source.slug,
            weight=source.weight,
        )


def _utc(when: datetime | None) -> datetime | None:
    return when.astimezone(UTC) if when else None


def _introduction(page: Page) -> Introduction:
    return Introduction(printable(page.site), page.site_url, page.tagline, page.logo, page.language)
