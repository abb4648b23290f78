"""Which articles are one: by address, by text, and never by what a source prints everywhere."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.group import group
from digest.group.boilerplate import without
from digest.group.copies import collapse
from tests.group.news import day, report

WIRE = "The ferry ran aground off Lindholm at dawn and all 212 passengers were brought ashore by lifeboat crews."


def shape(groups: object) -> list[list[str]]:
    return [[article.key for article in group] for group in groups]  # type: ignore[attr-defined]  # groups of articles


def test_spellings_of_one_address_are_one_article() -> None:
    one = report(0)
    other = replace(one, key="other", url=one.url.replace("https://", "http://www.") + "?utm_source=rss")
    assert len(collapse([one, other])) == 1


def test_one_wire_text_under_two_headlines_is_one_article() -> None:
    copies = [report(0, dek=WIRE), report(0, 1, dek=WIRE.replace("at dawn", "early"))]
    assert [sorted(group) for group in shape(collapse(copies))] == [["e0f0", "e0f1"]]


def test_two_texts_on_one_event_are_two_articles() -> None:
    other = "Lifeboats saved everyone from a ferry that struck rocks near the island this morning, the coastguard says."
    assert len(collapse([report(0, dek=WIRE), report(0, 1, dek=other)])) == 2


def test_a_signed_report_is_the_original() -> None:
    copies = [report(0, dek=WIRE), report(0, 1, dek=WIRE, byline="Ida Brandt")]
    assert shape(collapse(copies)) == [["e0f1", "e0f0"]]


def test_an_editor_can_part_copies() -> None:
    copies = [report(0, dek=WIRE), report(0, 1, dek=WIRE)]
    assert len(collapse(copies, apart=[("e0f0", "e0f1")])) == 2


def test_what_a_source_prints_under_everything_makes_no_copies() -> None:
    notice = "Subscribe to our channel for the latest news from around the world, every hour, every day, for free."
    articles = [report(n, 0, dek=notice) for n in range(4)]
    assert len(collapse(articles)) == 4
    assert [article.dek for article in without(articles)] == [""] * 4


def test_a_sentence_of_a_few_articles_stays() -> None:
    articles = [report(n, 0, dek="Rain is expected. More below.") for n in range(2)]
    assert without(articles) == articles


@settings(deadline=None)
@given(st.lists(st.integers(1, 4), min_size=1, max_size=5))
def test_collapsing_twice_is_collapsing_once(sizes: list[int]) -> None:
    articles = [replace(a, dek=WIRE if a.source == "paper1" else "") for a in day(sizes)]
    once = collapse(articles)
    again = collapse([group[0] for group in once])
    assert [group[0] for group in again] == [group[0] for group in once]
    assert all(len(group) == 1 for group in again)


NAMED = {
    "a bar": "{} | Evening Report",
    "a dash": "{} – Evening Report",
    "a hyphen": "{} - Evening Report",
    "a bar without spaces": "{}|Evening Report",
}


@pytest.mark.parametrize("form", NAMED.values(), ids=NAMED)
def test_the_name_that_ends_a_source_s_headlines_is_not_compared(form: str) -> None:
    articles = day([1, 1, 1, 1])
    named = [replace(article, headline=form.format(article.headline)) for article in articles]
    assert without(named) == articles
    assert len(group(named)) == len(group(articles))


@pytest.mark.parametrize("number", [1, 2])
def test_an_ending_of_a_few_headlines_stays(number: int) -> None:
    articles = [replace(a, headline=f"{a.headline} - a report") for a in day([1] * number)]
    assert without(articles) == articles


def test_a_headline_that_is_nothing_but_bars_and_a_name_stays() -> None:
    articles = [replace(a, headline=f"{'|' * n} Evening Report") for n, a in enumerate(day([1, 1, 1, 1]))]
    assert without(articles) == articles
