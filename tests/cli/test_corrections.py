"""An editor's corrections outlive a new collection, and can be taken back one by one."""

from __future__ import annotations

import os
import re
from datetime import timedelta

import pytest

from tests.newsroom import EVENTS, NOW, Newsroom, feed

NAME = "daily/2026-03-04"
LATE = "Otters return to the Tarn after forty years"


@pytest.fixture
def room(newsroom: Newsroom) -> Newsroom:
    newsroom.add("ada@reader.example.org")
    newsroom.newsletter += '\napproval = "required"'
    assert newsroom.digest("send", "--yes").code == 3
    return newsroom


def titles(room: Newsroom) -> list[str]:
    return [story["headline"] for story in room.digest("edition", "show", NAME, "--json").values]


def number(room: Newsroom, word: str) -> str:
    return str(next(rank for rank, title in enumerate(titles(room), 1) if word in title))


def correct(room: Newsroom, *words: str) -> None:
    ran = room.digest("edition", *words)
    assert ran.code == 0, ran.err


def collect_again(room: Newsroom) -> None:
    """Let new reports come in before the edition is composed anew."""
    room.source("post", feed("post", [(LATE, NOW - timedelta(minutes=10)), (EVENTS[0], NOW - timedelta(minutes=5))]))
    assert room.digest("collect").code == 0
    correct(room, "recompose", NAME)
    assert LATE in titles(room)


def test_a_pin_outlives_a_new_collection(room: Newsroom) -> None:
    correct(room, "pin", NAME, number(room, "Bakers"))
    collect_again(room)
    assert "Bakers" in titles(room)[0]


def test_a_second_pin_goes_before_the_first(room: Newsroom) -> None:
    correct(room, "pin", NAME, number(room, "Bakers"))
    correct(room, "pin", NAME, number(room, "market"))
    assert ["market" in titles(room)[0], "Bakers" in titles(room)[1]] == [True, True]


def test_a_drop_outlives_a_new_collection(room: Newsroom) -> None:
    correct(room, "drop", NAME, number(room, "Bakers"))
    collect_again(room)
    assert not any("Bakers" in title for title in titles(room))


def test_a_merge_and_a_split_outlive_a_new_collection(room: Newsroom) -> None:
    correct(room, "merge", NAME, number(room, "Bakers"), number(room, "market"))
    correct(room, "split", NAME, "1.1", "1")
    before = titles(room)
    collect_again(room)
    assert len(titles(room)) == len(before) + 1
    assert sum("Bakers" in title or "market" in title for title in titles(room)) == 1


def test_one_article_alone_is_split_from_its_story_unless_it_leads_it(room: Newsroom) -> None:
    before = titles(room)
    correct(room, "merge", NAME, number(room, "Bakers"), number(room, "market"))
    merged = next(rank for rank, title in enumerate(titles(room), 1) if "Bakers" in title or "market" in title)
    correct(room, "split", NAME, f"{merged}.1")
    assert sorted(titles(room)) == sorted(before)
    ran = room.digest("edition", "split", NAME, "1")
    assert ran.code == 2
    assert "to split takes two articles, and 1 leads its own story" in ran.err
    assert "there is no correction 99 to undo" in room.digest("edition", "undo", NAME, "99").err


def test_a_headline_and_an_order_outlive_a_new_collection(room: Newsroom) -> None:
    bakers, market = number(room, "Bakers"), number(room, "market")
    correct(room, "order", NAME, market, bakers)
    correct(room, "retitle", NAME, number(room, "Bakers"), "The best bread of all")
    collect_again(room)
    assert "market" in titles(room)[0]
    assert titles(room)[1] == "The best bread of all"


def test_what_is_dropped_and_pinned_afterwards_is_there(room: Newsroom) -> None:
    bakers = next(s["lead"] for s in room.digest("edition", "show", NAME, "--json").values if "Bakers" in s["headline"])
    correct(room, "drop", NAME, number(room, "Bakers"))
    correct(room, "undo", NAME)
    correct(room, "pin", NAME, bakers)
    assert "Bakers" in titles(room)[0]


def test_nothing_to_take_back_is_said_so(room: Newsroom) -> None:
    ran = room.digest("edition", "undo", NAME)
    assert ran.code == 2
    assert "there is no correction to undo" in ran.err


def test_dropping_everything_is_refused_before_it_is_kept(room: Newsroom) -> None:
    keys = [key for s in room.digest("edition", "show", NAME, "--json").values for key in (s["lead"], *s["related"])]
    ran = room.digest("edition", "drop", NAME, *keys)
    assert ran.code == 1
    assert "all" in ran.err
    assert "dropped by an editor" in ran.err
    assert room.digest("edition", "show", NAME).code == 0


def test_a_headline_of_nothing_is_refused(room: Newsroom) -> None:
    ran = room.digest("edition", "retitle", NAME, "1", "   ")
    assert ran.code == 2
    assert "headline" in ran.err


def test_approval_lets_it_go_and_a_correction_takes_it_back(room: Newsroom) -> None:
    correct(room, "approve", NAME)
    correct(room, "pin", NAME, "2")
    ran = room.digest("send", "--yes")
    assert ran.code == 3
    correct(room, "approve", NAME)
    assert room.digest("send", "--yes").code == 0
    assert len(room.mails()) == 1


def test_a_story_is_dropped_whole_by_its_number_and_one_report_by_its_own(room: Newsroom) -> None:
    ferry = number(room, "Ferry")
    correct(room, "drop", NAME, f"{ferry}.1")
    assert any("Ferry" in title for title in titles(room))
    correct(room, "undo", NAME)
    correct(room, "drop", NAME, ferry)
    assert not any("Ferry" in title for title in titles(room))


def test_each_correction_is_listed_with_its_number_and_taken_back_by_it(room: Newsroom) -> None:
    before = titles(room)
    correct(room, "retitle", NAME, "1", "All safe")
    correct(room, "pin", NAME, number(room, "Bakers"))
    shown = room.digest("edition", "show", NAME).out
    first = next(line for line in shown.splitlines() if 'retitle "All safe"' in line)
    assert " UTC)" in first
    correct(room, "undo", NAME, first.split()[0])
    assert "All safe" not in titles(room)
    assert "Bakers" in titles(room)[0]
    correct(room, "undo", NAME)
    assert titles(room) == before


def test_what_stands_under_a_story_in_another_language_can_be_split_off(newsroom: Newsroom) -> None:
    newsroom.add("ada@reader.example.org")
    newsroom.newsletter += '\napproval = "required"'
    english = "Ferry Ingrid Solberg aground off Port Ellery with 212 on board"
    german = "Fähre Ingrid Solberg mit 212 Menschen vor Port Ellery auf Grund"
    newsroom.source("herald", feed("herald", [(english, NOW)]))
    newsroom.source("bote", feed("bote", [(german, NOW)], words="Alle sind in Sicherheit"), more='language = "de"')
    del newsroom.sources["courier"]
    assert newsroom.digest("send", "--yes").code == 3
    assert titles(newsroom) == [english]
    shown = newsroom.digest("edition", "show", NAME).out
    assert f"1.1  ~ {german}  (bote)" in shown
    correct(newsroom, "split", NAME, "1", "1.1")
    assert sorted(titles(newsroom)) == sorted([english, german])


def test_a_later_headline_stands_whichever_report_of_the_story_it_was_given_to(room: Newsroom) -> None:
    ferry = number(room, "Ferry")
    correct(room, "retitle", NAME, ferry, "First words")
    correct(room, "pin", NAME, f"{number(room, 'First words')}.1")
    correct(room, "retitle", NAME, "1", "Second words")
    assert titles(room)[0] == "Second words"
    correct(room, "undo", NAME)
    assert titles(room)[0] == "First words"


def brief_of_three(newsroom: Newsroom) -> None:
    """Compose an edition of a story and one in brief, of which the edition shows one report of three."""
    floods = [
        "Storm floods 120 homes in Brackwater",
        "Brackwater storm: 120 homes flooded, mayor says",
        "River floods 120 Brackwater homes after storm",
    ]
    newsroom.newsletter += '\napproval = "required"\nmin_stories = 1\nstories = 1'
    newsroom.sources.clear()
    ferries = [EVENTS[0], "Ferry aground near Port Ellery: fog blamed", "Fog puts Port Ellery ferry aground on rocks"]
    for paper, headline in enumerate((*ferries, *floods)):
        at = NOW - timedelta(hours=1 if headline in ferries else 20)
        newsroom.source(f"paper{paper}", feed(f"paper{paper}", [(headline, at)], words=f"As paper {paper} saw it"))
    newsroom.add("ada@reader.example.org")
    assert newsroom.digest("send", "--yes").code == 3


def test_a_story_in_brief_is_dropped_with_the_reports_that_are_not_shown(newsroom: Newsroom) -> None:
    brief_of_three(newsroom)
    grouped = newsroom.digest("group", "--json").values
    assert [len(story["related"]) for story in grouped] == [2, 2]
    (_, flood) = newsroom.digest("edition", "show", NAME, "--json").values
    assert flood["related"] == [], "a line in brief shows one report"
    correct(newsroom, "drop", NAME, "2")
    assert len(titles(newsroom)) == 1
    correct(newsroom, "undo", NAME)
    correct(newsroom, "drop", NAME, flood["lead"])
    assert len(titles(newsroom)) == 1


@pytest.mark.parametrize("what", ["merge", "split"])
def test_one_article_alone_is_neither_merged_nor_split(room: Newsroom, what: str) -> None:
    ran = room.digest("edition", what, NAME, "1", "1")
    assert (ran.code, ran.out) == (2, "")
    assert f"to {what} takes two articles, and 1 and 1 are one" in ran.err
    assert "corrections" not in room.digest("edition", "show", NAME).out


def test_a_headline_loses_what_cannot_be_seen_and_is_not_too_long(room: Newsroom) -> None:
    correct(room, "retitle", NAME, "1", "All\u202e safe\x1b  now")
    assert titles(room)[0] == "All safe now"
    ran = room.digest("edition", "retitle", NAME, "1", "long " * 50)
    assert ran.code == 2
    assert "at most 200 characters, this one 249" in ran.err


def test_corrections_name_articles_by_their_headlines_those_that_were_dropped_too(room: Newsroom) -> None:
    bakers = number(room, "Bakers")
    headline = titles(room)[int(bakers) - 1]
    correct(room, "drop", NAME, bakers)
    correct(room, "retitle", NAME, "1", "All safe")
    shown = room.digest("edition", "show", NAME).out
    assert f"drop {headline}  (" in shown
    assert re.search(r'retitle "All safe" for Ferry [^(]*\(', shown)
    assert f"digest edition undo {NAME} NUMBER" in shown


def test_an_edition_is_shown_with_scores_and_what_stands_in_brief(newsroom: Newsroom) -> None:
    brief_of_three(newsroom)
    shown = newsroom.digest("edition", "show", NAME).out
    scores = [story["score"] for story in newsroom.digest("edition", "show", NAME, "--json").values]
    assert re.search(rf"^ +1  .*erry .*, score {scores[0]:.2f}\)$", shown, re.MULTILINE)
    assert re.search(rf"^ +2  Storm .*, in brief, score {scores[1]:.2f}\)$", shown, re.MULTILINE)


def test_a_person_without_a_name_on_this_machine_may_correct(room: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "getuid", lambda: 2_000_000_011)
    correct(room, "pin", NAME, "2")
    assert "(user 2000000011, " in room.digest("edition", "show", NAME).out


def test_recompose_takes_in_what_came_since_on_the_editions_own_day(room: Newsroom) -> None:
    later = NOW + timedelta(minutes=30)
    room.source("post", feed("post", [(LATE, NOW + timedelta(minutes=10))]))
    assert room.digest("collect", now=later).code == 0
    correct(room, "recompose", NAME)
    assert LATE not in titles(room), "by the real clock it is another day"
    correct(room, "recompose", NAME, "--now", later.isoformat())
    assert LATE in titles(room)
    ran = room.digest("edition", "recompose", NAME, "--now", (NOW + timedelta(days=2)).isoformat())
    assert ran.code == 2
    assert "another day" in ran.err


def test_what_was_approved_and_is_corrected_does_not_keep_its_approvals_words(room: Newsroom) -> None:
    correct(room, "approve", NAME)
    correct(room, "pin", NAME, "2")
    assert room.digest("edition", "show", NAME).out.startswith(f"{NAME}: composed\n")
    (row,) = room.digest("edition", "list", "--json").values
    assert (row["state"], row["why"]) == ("composed", "")


def test_a_skipped_edition_says_how_it_is_reopened(room: Newsroom) -> None:
    correct(room, "skip", NAME)
    ran = room.digest("edition", "pin", NAME, "2")
    assert ran.code == 1
    assert f"digest edition reopen {NAME}" in ran.err
