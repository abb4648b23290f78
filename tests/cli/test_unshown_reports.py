"""Reports that an edition has no room for, or that say the same as one it has, are named and corrected like the others."""

from __future__ import annotations

import re

import pytest

from tests.newsroom import EVENTS, Newsroom

NAME = "daily/2026-03-04"


@pytest.fixture
def room(newsroom: Newsroom) -> Newsroom:
    """A newsletter of whose first story every other source says the same in other words."""
    for number, slug in enumerate(("post", "mirror", "globe", "bugle")):
        newsroom.report(slug, f"{EVENTS[0]}, report {number}", EVENTS[number % len(EVENTS)])
    newsroom.newsletter += "\nlead_related = 1\nrelated = 1\nmin_stories = 1"
    assert newsroom.digest("collect").code == 0
    ran = newsroom.digest("edition", "compose", "--now", "2026-03-04T06:30:00Z", now=None)
    assert ran.code == 0, ran.err
    return newsroom


def unshown(text: str) -> dict[str, str]:
    """Return the reports that are not shown, by their numbers."""
    return dict(re.findall(r"^ *([\d.]+)  \+ (.+)$", text, re.MULTILINE))


def test_every_report_is_in_one_place_and_those_not_shown_stand_behind(room: Newsroom) -> None:
    short, long = (room.digest("edition", "show", NAME, *more) for more in ((), ("--all",)))
    hidden = unshown(long.out)
    assert hidden
    assert not unshown(short.out)
    assert [line for line in long.out.splitlines() if "  + " not in line] == short.out.splitlines()
    stories = room.digest("edition", "show", NAME, "--all", "--json").values
    keys = [key for each in stories for key in (each["lead"], *each["related"], *each["unshown"])]
    assert len(keys) == len(set(keys))
    assert sum(len(each["unshown"]) for each in stories) == len(hidden)
    assert "unshown" not in room.digest("edition", "show", NAME, "--json").values[0]


def test_one_that_is_not_shown_is_split_off_by_its_number_and_by_its_key(room: Newsroom) -> None:
    before = room.digest("edition", "show", NAME, "--json").values
    number = next(iter(unshown(room.digest("edition", "show", NAME, "--all").out)))
    ran = room.digest("edition", "split", NAME, number)
    assert ran.code == 0, ran.err
    after = room.digest("edition", "show", NAME, "--json").values
    assert len(after) == len(before) + 1
    assert room.digest("edition", "undo", NAME).code == 0
    story = room.digest("edition", "show", NAME, "--all", "--json").values[0]
    assert room.digest("edition", "split", NAME, story["unshown"][0], "1").code == 0
    leads = [each["lead"] for each in room.digest("edition", "show", NAME, "--json").values]
    assert story["unshown"][0] in leads


def test_one_that_is_not_shown_is_dropped_and_its_story_stays(room: Newsroom) -> None:
    before = room.digest("edition", "show", NAME, "--all", "--json").values
    gone = before[0]["unshown"][0]
    assert room.digest("edition", "drop", NAME, gone).code == 0
    after = room.digest("edition", "show", NAME, "--all", "--json").values
    assert len(after) == len(before)
    assert gone not in after[0]["unshown"]


@pytest.mark.parametrize("name", ["99", "1.99", "1.x", "x", "9" * 5000, "1." + "9" * 5000, "²", "-1", ""])
def test_what_names_no_report_is_told_in_one_line(room: Newsroom, name: str) -> None:
    ran = room.digest("edition", "drop", NAME, "--", name)
    assert ran.code == 2
    assert "has no article" in ran.err
    assert len(ran.err) < 300
