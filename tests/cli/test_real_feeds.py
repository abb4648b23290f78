"""Seventeen real feeds of one day become one edition, through the command line alone."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.group.test_real_day import LABELS
from tests.newsroom import Newsroom

pytestmark = pytest.mark.data
AT = datetime(2021, 10, 17, 14, tzinfo=UTC)


@pytest.fixture
def the_day(newsroom: Newsroom, data: Path) -> Newsroom:
    newsroom.sources = {
        file.stem: f'path = "{file.resolve()}"' for file in sorted((data / "feeds/day-2021-10-17").glob("*.xml"))
    }
    assert len(newsroom.sources) == 17
    newsroom.add("ada@reader.example.org")
    return newsroom


def test_the_lead_story_is_one_that_several_sources_carried(the_day: Newsroom) -> None:
    assert the_day.digest("send", "--yes", now=AT).code == 0
    lead = the_day.digest("edition", "show", "daily/2021-10-17", "--json").values[0]
    told = Counter(LABELS.get(key, "another") for key in (lead["lead"], *lead["related"]))
    ((story, number),) = told.most_common(1)
    assert story != "another"
    assert number >= 0.8 * told.total()
    shown = the_day.digest("edition", "show", "daily/2021-10-17").out.split("\n    2  ")[0]
    assert len(set(re.findall(r"\((\w+)\)$", shown, re.MULTILINE))) >= 4


def test_no_article_appears_twice(the_day: Newsroom) -> None:
    assert the_day.digest("send", "--yes", now=AT).code == 0
    mail = message_from_bytes(the_day.mails()[0].read_bytes(), policy=policy.default)
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    links = [link for link in re.findall(r"https?://\S+", text) if "/u/" not in link and "/preferences/" not in link]
    assert len(links) >= 15
    assert [link for link, count in Counter(links).items() if count > 1] == []
