"""Equal headlines make no story: what stands over different reports is a heading."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from digest.group import group
from digest.group.edition import compose
from digest.model import Article, Edition, Masthead
from tests.group.news import NOON, day

REST = day([2, 1, 1])


def under(headline: str, *texts: str, language: str = "") -> list[Article]:
    return [
        Article(
            key=f"h{n}",
            source=f"s{n}",
            url=f"https://s{n}.example/{n}",
            headline=headline,
            dek=text,
            language=language,
        )
        for n, text in enumerate(texts)
    ]


def told(articles: list[Article]) -> list[list[str]]:
    """Return the articles under the headline as they are grouped among others."""
    stories = ([a.key for a in story.articles if a.key[0] == "h"] for story in group([*articles, *REST]))
    return sorted(sorted(story) for story in stories if story)


RAIN = "Rain spreads over the northern valleys on Tuesday, with gusts along the coast."
SUN = "Sunshine is expected on the southern islands, with temperatures near thirty degrees."
SERIES = {
    "two words": ("Weather forecast", RAIN, SUN, ""),
    "one word": (
        "Obituary",
        "Anna Berg, the botanist who named forty orchids, has died at 91.",
        "The footballer Pedro Lanza, who won three cups, died on Monday.",
        "",
    ),
    "many small words": (
        "Letters to the editor",
        "The ring road should be closed to lorries, writes a reader from Upton.",
        "Why does the museum open so late on Sundays, asks a teacher.",
        "",
    ),
    "nothing below": ("News in brief", "", "", ""),
    "little below": ("Weather forecast", "Rain.", "Sunshine.", ""),
    "German": (
        "Leserbriefe",
        "Die Ringstraße gehört für Lastwagen gesperrt, schreibt eine Leserin aus Upfeld.",
        "Warum öffnet das Museum am Sonntag so spät, fragt ein Lehrer.",
        "de",
    ),
    "Japanese": (
        "天気予報",
        "北部の谷では火曜日に強い風を伴う雨が降る見込みです。",
        "南の島々は晴れて、気温は三十度近くになるでしょう。",
        "ja",
    ),
}


@pytest.mark.parametrize(("headline", "one", "other", "language"), SERIES.values(), ids=SERIES)
def test_a_heading_makes_no_story_of_different_reports(headline: str, one: str, other: str, language: str) -> None:
    articles = under(headline, one, other, language=language)
    assert told(articles) == [["h0"], ["h1"]]
    assert len(group(articles)) == 2  # nor on a day of nothing else


def test_an_address_that_carries_the_heading_makes_none_either() -> None:
    articles = [
        replace(a, url=f"https://{a.source}.example/letters-to-the-editor-of-today")
        for a in under("Letters to the editor of today", "The ring road should be closed, writes a reader.", "")
    ]
    assert told(articles) == [["h0"], ["h1"]]


def test_numbers_do_not_make_a_heading_a_headline() -> None:
    first, second = under("Weather forecast 3/4", RAIN, SUN)
    assert told([first, replace(second, headline="Weather forecast 4/4")]) == [["h0"], ["h1"]]


EVENTS = {
    "texts that agree": (
        "House fire",
        "Three people were saved from a burning house in Quillmere on Tuesday night.",
        "A house in Quillmere burned down; neighbours saved three people who slept upstairs.",
    ),
    "a headline that says what happened": ("Ferry runs aground off Port Ellery in thick fog", "All are safe.", ""),
    "such a headline over different angles": (
        "Ferry runs aground off Port Ellery in thick fog",
        "The coastguard brought everybody ashore before noon, a spokeswoman told reporters.",
        "Why did nobody close the harbour? Islanders have asked for radar since spring.",
    ),
}


@pytest.mark.parametrize(("headline", "one", "other"), EVENTS.values(), ids=EVENTS)
def test_what_tells_of_one_event_stays_one_story(headline: str, one: str, other: str) -> None:
    assert told(under(headline, one, other)) == [["h0", "h1"]]


def test_under_one_heading_those_that_agree_are_one_story_and_the_others_are_not() -> None:
    fire, burnt = EVENTS["texts that agree"][1:]
    elsewhere = "The fire brigade of Lindholm came too late to a farm near the airfield."
    assert told(under("House fire", fire, burnt, elsewhere)) == [["h0", "h1"], ["h2"]]


def test_forty_reports_under_one_heading_are_forty_stories() -> None:
    texts = [" ".join(f"{word}{chr(97 + n % 26)}{chr(97 + n // 26)}" for word in RAIN.split()) for n in range(40)]
    assert len(told(under("Weather forecast", *texts))) == 40


def test_tomorrow_s_report_under_the_same_heading_was_not_sent_before() -> None:
    today, tomorrow = under("Weather forecast", RAIN, SUN)

    def edition(number: int, articles: list[Article], *past: Edition) -> Edition:
        return compose(
            articles,
            newsletter="morning",
            date=date(2026, 3, number),
            slot="",
            masthead=Masthead("Morning"),
            sources=(),
            cut_off=NOON,
            past=past,
        )

    first = edition(4, [today, *day([1, 1])])
    second = edition(5, [tomorrow], first)
    assert [(story.lead.key, story.is_update) for story in second.stories] == [("h1", False)]
