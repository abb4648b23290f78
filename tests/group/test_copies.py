"""Which articles are one: by address, by text, and never by what a source prints everywhere."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.group import group
from digest.group.boilerplate import without
from digest.group.copies import collapse
from tests.group.news import PLACES, day, report

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


FORM = (
    "Residents of {} have waited for this for many years, and the council says that work begins in June at the latest."
)


def test_a_source_s_way_to_say_things_makes_no_copies() -> None:
    articles = [report(n, 0, dek=FORM.format(place)) for n, place in enumerate(PLACES)]
    assert len(collapse(articles)) == len(articles)
    elsewhere = [replace(article, source=f"paper{n}") for n, article in enumerate(articles[:2])]
    assert len(collapse(elsewhere)) == 1  # two papers do not say things in one way by chance
    nowhere = [replace(article, source="") for article in articles[:2]]
    assert len(collapse(nowhere)) == 1  # nor is anything known of a source that is not named


def test_a_report_that_its_source_prints_again_is_a_copy() -> None:
    first = report(0, 0, dek=WIRE)
    again = replace(first, key="again", url=f"{first.url}/2", headline=f"{first.headline} – update")
    assert len(collapse([first, again])) == 1
    long = " ".join(f"{WIRE} The harbour master of pier {n} said so." for n in range(5))
    retold = [replace(first, dek=long), replace(again, headline="All safe after a night of fog", dek=long)]
    assert len(collapse(retold)) == 1


HEADS = (
    "Bakers strike over flour prices",
    "Comet seen above the lighthouse",
    "Library opens in old railway hall",
    "Schools close early for the regatta",
    "Chess title goes to a postwoman",
    "Four thousand trees for the canal",
    "Cinema shows silent films with a pianist",
    "Swimming baths closed until autumn",
    "Ferry timetable halved for the winter",
    "Potters sell their cups for the hospice",
)
FORMS = {
    "that names the town": "Ostervale Weekly reporters spoke to residents about the {} and what Ostervale council plans now.",
    "that sells": "Subscribers of the Quillmere Herald read the whole report on the {} with pictures in tonight's edition.",
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_what_most_articles_of_a_source_say_makes_no_story_of_them(form: str) -> None:
    articles = [
        report(n, 0, headline=head, url=f"https://paper0.example/{n}", dek=form.format(head.split()[-1]))
        for n, head in enumerate(HEADS)
    ]
    others = [replace(article, source=f"paper{2 + n % 3}") for n, article in enumerate(day([1] * 14)[10:])]
    stories = group([*articles, *others])
    assert max(sum(article.source == "paper0" for article in story.articles) for story in stories) == 1
