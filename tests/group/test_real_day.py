"""The seventeen feeds of one real day, labelled by hand: article key and story name."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from digest.collect.feed import read_feed
from digest.group import article_key, group
from digest.model import Article

NOW = datetime(2021, 10, 17, 14, tzinfo=UTC)
LABELS: dict[str, str] = json.loads((Path(__file__).parent / "day-labels.json").read_text())


def the_day(folder: Path) -> list[Article]:
    """Return the day's articles, each under its canonical key."""
    found: dict[str, Article] = {}
    for path in sorted(folder.glob("*.xml")):
        for position, entry in enumerate(read_feed(path.read_bytes()).entries):
            when = entry.published_at
            if when is None or NOW - timedelta(hours=24) < when <= NOW:
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
