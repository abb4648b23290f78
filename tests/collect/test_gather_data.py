"""A day of real feeds, polled eight times; needs the folder of real data."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest.collect.gather import gather
from digest.collect.limits import Limits
from digest.group.identity import article_key
from digest.model import Outcome, Source

pytestmark = pytest.mark.data


def poll(folder: Path) -> tuple[Outcome, ...]:
    """Ask every feed of one poll, at the time its folder is named for."""
    time = folder.name.partition("_")[2]
    now = datetime(2021, 9, 20, int(time[:2]), int(time[2:]), tzinfo=UTC)
    sources = [Source(slug=file.stem, title=file.stem, path=str(file)) for file in sorted(folder.glob("*.xml"))]
    return gather(sources, {}, now, Limits())


def test_after_eight_polls_every_article_is_there_once_and_every_page_was_reported(data: Path) -> None:
    outcomes = [each for folder in sorted((data / "feeds" / "polls-2021-09-20").iterdir()) for each in poll(folder)]
    kept: dict[tuple[str, str], set[str]] = {}
    for outcome in outcomes:
        keys = [(article.source, article_key(article)) for article in outcome.articles]
        assert len(keys) - len(set(keys)) <= 2, f"{outcome.source.slug} names articles twice"
        for key, article in zip(keys, outcome.articles, strict=True):
            kept.setdefault(key, set()).add(article.headline)
    failed = Counter(outcome.source.slug for outcome in outcomes if outcome.status == "failed")
    assert failed == {"latimes": 6, "straittimes": 6}
    assert all("an HTML page '" in outcome.error for outcome in outcomes if outcome.status == "failed")
    assert 1300 < len(kept) < 1360
    assert sum(len(headlines) > 1 for headlines in kept.values()) > 50, "updated versions keep their key"
