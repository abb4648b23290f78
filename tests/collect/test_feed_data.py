"""Real feeds and the readings others expect of them; needs the folder of real data."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.expected import compare, expectations
from digest.collect.feed import read_feed
from digest.errors import FeedError

pytestmark = pytest.mark.data


def test_ninety_nine_of_a_hundred_feeds_have_every_field_as_expected(data: Path) -> None:
    wrong = {case.name: faults for case in expectations(data / "feeds" / "gofeed") if (faults := compare(case))}
    assert len(wrong) * 100 < sum(1 for _ in expectations(data / "feeds" / "gofeed")), wrong


def test_seventeen_real_feeds_give_headlines_addresses_and_dates(data: Path) -> None:
    files = sorted((data / "feeds" / "day-2021-10-17").glob("*.xml"))
    entries = [entry for file in files for entry in read_feed(file.read_bytes()).entries]
    assert len(files) == 17
    assert all(entry.headline and entry.url.startswith("http") for entry in entries)
    assert sum(entry.published_at is not None for entry in entries) > len(entries) * 0.99
    assert not [entry.headline for entry in entries if "</" in entry.headline + entry.dek + entry.body]


def test_every_page_sent_in_place_of_a_feed_is_called_one(data: Path) -> None:
    feeds, pages = 0, []
    for file in sorted((data / "feeds" / "polls-2021-09-20").rglob("*.xml")):
        try:
            feeds += bool(read_feed(file.read_bytes()).entries)
        except FeedError as error:
            pages.append(str(error))
    assert feeds > 100
    assert len(pages) == 12
    assert all("an HTML page '" in page for page in pages)
