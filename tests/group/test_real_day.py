"""The seventeen feeds of one real day, labelled by hand: article key and story name."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from digest.collect.feed import Entry, read_feed
from digest.errors import FeedError, NothingToSend
from digest.group import article_key, compose, group
from digest.model import Article, Edition, Masthead

NOW = datetime(2021, 10, 17, 14, tzinfo=UTC)
LABELS: dict[str, str] = json.loads((Path(__file__).parent / "day-labels.json").read_text())


def entries(path: Path) -> tuple[Entry, ...]:
    """Return a feed's entries, none where it is an error page."""
    try:
        return read_feed(path.read_bytes()).entries
    except FeedError:
        return ()


def the_day(folder: Path, now: datetime = NOW) -> list[Article]:
    """Return the articles of the last 24 hours, each under its canonical key."""
    found: dict[str, Article] = {}
    for path in sorted(folder.glob("*.xml")):
        for position, entry in enumerate(entries(path)):
            when = entry.published_at
            if when is None or now - timedelta(hours=24) < when <= now:
                article = Article(
                    key="",
                    source=path.stem,
                    url=entry.url,
                    headline=entry.headline,
                    dek=entry.dek,
                    body=entry.body,
                    published_at=when,
                    position=position,
                )
                key = article_key(article)
                found.setdefault(key, replace(article, key=key))
    return list(found.values())


@pytest.mark.data
def test_the_real_days_lead_is_the_story_that_most_papers_carried(data: Path) -> None:
    first = group(the_day(data / "feeds" / "day-2021-10-17"), now=NOW)[0]
    told = Counter(LABELS.get(article.key, "another") for article in first.articles)
    assert told.most_common(1)[0][0] == "david-amess"
    assert told["david-amess"] >= 0.8 * told.total()
    assert len({article.source for article in first.articles}) >= 4


@pytest.mark.data
def test_the_real_days_stories_are_those_of_the_hand(data: Path) -> None:
    articles = the_day(data / "feeds" / "day-2021-10-17")
    truth = {article.key: LABELS.get(article.key, article.key) for article in articles}
    sizes, score = Counter(truth.values()), 0.0
    for story in group(articles):
        told = Counter(truth[article.key] for article in story.articles)
        for label, number in told.items():
            precision, recall = number / told.total(), number / sizes[label]
            score += number * 2 * precision * recall / (precision + recall)
    assert score / len(articles) >= 0.9


@pytest.mark.data
def test_eight_polls_of_one_day_show_no_article_twice(data: Path) -> None:
    past: list[Edition] = []
    for folder in sorted((data / "feeds" / "polls-2021-09-20").iterdir()):
        clock = folder.name.split("_")[1]
        now = datetime(2021, 9, 20, int(clock[:2]), int(clock[2:]), tzinfo=UTC)
        with suppress(NothingToSend):
            made = compose(
                the_day(folder, now),
                newsletter="daily",
                date=now.date(),
                slot=clock,
                masthead=Masthead("The Daily"),
                sources=(),
                cut_off=now,
                past=tuple(past),
            )
            past.append(made)
    shown = Counter(
        article.key
        for edition in past
        for story in (*edition.stories, *edition.brief)
        for article in (story.lead, *story.related)
    )
    assert len(past) == 8
    assert [key for key, times in shown.items() if times > 1] == []
    assert any(story.is_update for edition in past for story in edition.stories)
