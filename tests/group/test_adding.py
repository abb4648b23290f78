"""What the other reports add: one line, new, about the same event, and not shown already."""

from __future__ import annotations

from dataclasses import replace

import pytest

from digest.group.adding import added
from digest.model import Article, Story

LEAD = Article(
    key="lead",
    source="gazette",
    url="",
    headline="Bridge of Ostervale closes after cracks are found",
    dek="Inspectors found cracks in the cables of the Ostervale bridge on Monday.",
    language="en",
)
NEWS = "Inspector Runa Halvorsen counted 77 cracks in the cables of the Ostervale bridge."

CASES = {
    "a name and a number are news": (NEWS, NEWS),
    "the same in other words is none": (
        "Cracks were found in the cables of the bridge at Ostervale, inspectors say.",
        "",
    ),
    "another event is none of this": ("Runa Halvorsen won the marathon of Quillmere in 2 hours and 31 minutes.", ""),
    "a name at the start proves nothing": (
        "Cables with cracks closed the Ostervale bridge. Engineers inspect the cracks.",
        "",
    ),
    "what is too long is left out": (f"{NEWS[:-1]}, {'and the bridge stays closed ' * 12}they said.", ""),
    "a line with an address is an advertisement": (f"{NEWS[:-1]}: see https://x.example/ for the cracks.", ""),
    "the shorter of two that say the same": (
        f"{NEWS[:-1]}, which is more than anybody at the Ostervale bridge had thought. {NEWS}",
        NEWS,
    ),
}


def story(text: str, language: str = "en") -> Story:
    other = Article(key="other", source="courier", url="", headline="Cracks in bridge", body=text, language=language)
    return Story(key="lead", lead=LEAD, related=(other,))


@pytest.mark.parametrize(("text", "adds"), CASES.values(), ids=CASES)
def test_a_line_is_new_and_about_the_same_event(text: str, adds: str) -> None:
    assert added(story(text), 40) == (adds, "courier" if adds else "")


def test_a_paper_adds_nothing_to_its_own_report() -> None:
    told = story(NEWS)
    own = replace(told, related=(replace(told.related[0], source="gazette", owner=""),))
    assert added(own, 40) == ("", "")
    of_one_owner = replace(
        told, lead=replace(LEAD, owner="presshouse"), related=(replace(told.related[0], owner="presshouse"),)
    )
    assert added(of_one_owner, 40) == ("", "")


def test_what_is_shown_already_is_not_said_twice() -> None:
    assert added(story(NEWS), 40, shown=[f"{NEWS} It was old."]) == ("", "")


def test_a_german_noun_is_no_name_and_a_number_is_news_in_any_language() -> None:
    lead = Article(key="a", source="a", url="", headline="Brücke von Ostervale gesperrt", dek="Die Brücke hat Risse.")
    plain = "Die Brücke von Ostervale bleibt wegen der Risse im Tragwerk gesperrt."
    counted = "Die Brücke von Ostervale hat 771 Risse, sagen die Prüfer."
    other = Article(key="b", source="b", url="", headline="Brücke gesperrt", body=f"{plain} {counted}", language="de")
    assert added(Story(key="a", lead=lead, related=(other,)), 40) == (counted, "b")


def test_a_story_of_one_report_has_nothing_added() -> None:
    assert added(Story(key="lead", lead=LEAD), 40) == ("", "")
