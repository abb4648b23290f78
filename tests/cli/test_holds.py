"""An edition that a person should look at waits, says why, and goes when it is approved."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.newsroom import EVENTS, NOW, Newsroom, feed

NAME = "daily/2026-03-04"
OTHERS = (
    "Lighthouse of Gannet Rock gets its lamp back",
    "Teachers of Quillmere end their strike",
    "Otters return to the Tarn after forty years",
    "Old tram is found under Harrow Street",
)


def held(room: Newsroom, why: str) -> None:
    """See that a send waits, that nobody got a mail, that everybody is told why, and that an approval lets it go."""
    ran = room.digest("send", "--yes")
    assert ran.code == 3, ran.err
    assert why in ran.err
    before = len(room.journal)
    assert why in room.digest("edition", "show", room.digest("edition", "list", "--json").values[0]["edition"]).out
    assert room.digest("send", "--yes").code == 3
    assert len(room.journal) == before


@pytest.fixture
def room(newsroom: Newsroom) -> Newsroom:
    newsroom.add("ada@reader.example.org")
    return newsroom


def test_too_few_stories(room: Newsroom) -> None:
    room.newsletter += "\nmin_stories = 9"
    held(room, "stories, at least 9 wanted")
    assert room.digest("edition", "approve", NAME).code == 0
    assert room.digest("send", "--yes").code == 0
    assert len(room.journal) == 1


def test_half_the_sources_dead(room: Newsroom) -> None:
    room.source("gone", "<html><body>Not today</body></html>")
    room.source("empty", "")
    held(room, "2 of 4 sources failed: empty, gone")


def test_a_correction_does_not_make_dead_sources_alive(room: Newsroom) -> None:
    room.source("gone", "<html><body>Not today</body></html>")
    room.source("empty", "")
    held(room, "2 of 4 sources failed")
    pinned = room.digest("edition", "pin", NAME, "2")
    assert pinned.out.startswith(f"{NAME}: held (2 of 4 sources failed")


def test_a_source_found_dead_a_minute_ago_is_dead_still(room: Newsroom) -> None:
    room.source("gone", "<html><body>Not today</body></html>")
    room.source("empty", "")
    assert room.digest("collect", now=NOW - timedelta(minutes=1)).code in (0, 1)
    held(room, "2 of 4 sources failed")


def test_a_hold_of_an_editor_outlives_a_correction(room: Newsroom) -> None:
    room.newsletter += '\napproval = "required"'
    assert room.digest("send", "--yes").code == 3
    room.digest("edition", "hold", NAME, "the lead is being checked")
    assert "held (the lead is being checked)" in room.digest("edition", "pin", NAME, "2").out
    assert room.digest("edition", "list", "--json").values[0]["state"] == "held"


def test_a_hold_says_what_a_person_said_and_what_was_found(room: Newsroom) -> None:
    room.newsletter += "\nmin_stories = 9"
    held(room, "at least 9 wanted")
    assert room.digest("edition", "hold", NAME, "the lead is being checked").code == 0
    held(room, "the lead is being checked; only 4 stories, at least 9 wanted")
    (row,) = room.digest("edition", "list", "--json").values
    assert row["why"] == "the lead is being checked; only 4 stories, at least 9 wanted"
    room.newsletter = room.newsletter.replace("min_stories = 9", "min_stories = 1")
    assert room.digest("edition", "recompose", NAME).out.startswith(f"{NAME}: held (the lead is being checked)\n")


def test_an_approval_that_a_correction_took_back_is_no_reason_to_hold(room: Newsroom) -> None:
    room.newsletter += "\nmin_stories = 9"
    held(room, "at least 9 wanted")
    assert room.digest("edition", "approve", NAME).code == 0
    assert room.digest("edition", "show", NAME).out.splitlines()[0].startswith(f"{NAME}: approved (approved by ")
    assert room.digest("edition", "pin", NAME, "2").code == 0
    ran = room.digest("send", "--yes")
    assert f"{NAME} is held: only 4 stories, at least 9 wanted\n" in ran.err


def test_one_story_and_many_dead_sources_are_counted_in_words(room: Newsroom) -> None:
    del room.sources["courier"]
    room.report("herald", EVENTS[0])
    for paper in "abcdefg":
        room.source(f"gone-{paper}", "<html><body>Not today</body></html>")
    room.newsletter += "\nmin_stories = 2"
    held(
        room,
        "only 1 story, at least 2 wanted; 7 of 8 sources failed: gone-a, gone-b, gone-c, gone-d, gone-e and 2 more",
    )


def test_the_same_as_yesterday(room: Newsroom) -> None:
    assert room.digest("send", "--yes").code == 0
    tomorrow = NOW + timedelta(days=1)
    news = [
        f"{headline}: Inspector Runa Halvorsen counts {number} witnesses, Mayor Tessaly Brandreth resigns"
        for headline, number in zip(EVENTS, (771, 882, 993, 664), strict=True)
    ]
    room.source("herald", feed("herald", [(each, tomorrow - timedelta(hours=1)) for each in news]))
    ran = room.digest("send", "--yes", now=tomorrow)
    assert ran.code == 3, ran.err
    assert "stories are updates of stories sent before" in ran.err
    assert "Update: " in room.digest("edition", "show", "daily/2026-03-05").out


def test_a_lead_far_weaker_than_usual(room: Newsroom) -> None:
    retold = ("All safe as ferry sits on rocks off Port Ellery", "Old market hall is kept, council decides", "Rare comet: where in the northern islands to look tonight")  # fmt: skip
    for day, (event, again) in enumerate(zip(EVENTS, retold, strict=False)):
        then = NOW + timedelta(days=day)
        for paper, headline in (("herald", event), ("courier", again)):
            room.source(paper, feed(paper, [(headline, then - timedelta(minutes=30))]))
        ran = room.digest("send", "--yes", now=then)
        assert ran.code == 0, ran.err
    last = NOW + timedelta(days=3)
    del room.sources["courier"]
    room.source("herald", feed("herald", [(OTHERS[0], last - timedelta(hours=20))]))
    ran = room.digest("send", "--yes", now=last)
    assert ran.code == 3, ran.err
    assert "the lead story's score of" in ran.err
    assert "is usual" in ran.err


def test_a_day_of_one_source_gives_an_edition(room: Newsroom) -> None:
    del room.sources["courier"]
    room.report("herald", *EVENTS, *OTHERS)
    room.newsletter += "\nstories = 4\nbrief = 2"
    assert room.digest("send", "--yes").code == 0
    stories = room.digest("edition", "show", NAME, "--json").values
    assert len(stories) == 6
    text = room.mails()[0].read_text("utf-8")
    assert "In brief" in text


def test_nothing_is_padded(room: Newsroom) -> None:
    del room.sources["courier"]
    room.report("herald", *EVENTS[:2])
    room.newsletter += "\nstories = 20"
    assert room.digest("send", "--yes").code == 0
    assert len(room.digest("edition", "show", NAME, "--json").values) == 2
