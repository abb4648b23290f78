"""Editions come out as a feed that readers of feeds can read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import feedparser
import pytest
from lxml import etree

from digest.render.feed import atom
from tests.render import editions
from tests.render.test_hostile import HEADLINES, edition_of

YESTERDAY = replace(
    editions.small(), date=editions.small().date - timedelta(days=1), cut_off=editions.NOON - timedelta(days=1)
)


def read(*several: object) -> feedparser.FeedParserDict:
    """Return the feed as a reader of feeds sees it."""
    return feedparser.parse(atom(several, title="The Morning Sheet", base_url="https://news.example"))  # type: ignore[arg-type]


def test_the_newest_edition_comes_first_with_its_page_and_time() -> None:
    feed = read(YESTERDAY, editions.small())
    assert not feed.bozo
    assert feed.version == "atom10"
    assert feed.feed.title == "The Morning Sheet"
    assert [entry.link for entry in feed.entries] == [
        "https://news.example/editions/morning/2026-03-04",
        "https://news.example/editions/morning/2026-03-03",
    ]
    assert feed.entries[0].updated == "2026-03-04T12:00:00+00:00"
    assert feed.feed.updated == "2026-03-04T12:00:00+00:00"
    assert len({entry.id for entry in feed.entries}) == 2


def test_an_entry_links_every_headline() -> None:
    content = read(editions.small()).entries[0].content[0].value
    for story in (*editions.small().stories, *editions.small().brief):
        assert story.lead.url in content
    for line in editions.LEAD.related:
        assert line.url in content


def test_no_edition_yet_is_an_empty_feed() -> None:
    feed = read()
    assert not feed.bozo
    assert feed.entries == []


@pytest.mark.parametrize("name", HEADLINES)
def test_a_hostile_headline_is_words_in_a_feed(name: str) -> None:
    case = HEADLINES[name]
    root = etree.fromstring(atom([edition_of(case.given)], title="Sheet", base_url="https://news.example"))
    title = root.findtext(".//{*}entry/{*}title") or ""
    assert title == f"The Morning Sheet: {case.seen}"
    content = etree.fromstring(root.findtext(".//{*}content") or "", etree.HTMLParser())
    assert {element.tag for element in content.iter()} <= {"html", "body", "div", "h2", "p", "ul", "li", "a"}
    assert content.findtext(".//h2/a", "").rstrip("…") == case.seen
