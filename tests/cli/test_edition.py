"""digest edition …: an editor's hand on an edition before it goes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.newsroom import EVENTS, NOW, Newsroom

NAME = "daily/2026-03-04"


def waiting(newsroom: Newsroom) -> None:
    """Bring an edition to where it waits for approval."""
    newsroom.add("ada@reader.example.org")
    newsroom.newsletter += '\napproval = "required"\nmin_stories = 1'
    assert newsroom.digest("send", "--yes").code == 3


def headlines(newsroom: Newsroom) -> list[str]:
    return [story["headline"] for story in newsroom.digest("edition", "show", NAME, "--json").values]


def number_of(newsroom: Newsroom, word: str) -> str:
    return str(next(rank for rank, headline in enumerate(headlines(newsroom), 1) if word in headline))


def test_composing_says_that_an_edition_waits_for_a_yes_where_its_newsletter_does(newsroom: Newsroom) -> None:
    newsroom.newsletter += "\nmin_stories = 1"
    compose = ("edition", "compose", "--now", NOW.isoformat())
    assert "send it: digest send" in newsroom.digest(*compose).err
    newsroom.newsletter += '\napproval = "required"'
    assert f"let it go: digest edition approve {NAME}" in newsroom.digest(*compose).err


def test_a_pinned_story_leads_until_it_is_undone(newsroom: Newsroom) -> None:
    waiting(newsroom)
    before = headlines(newsroom)
    assert "Ferry" in before[0]
    assert newsroom.digest("edition", "pin", NAME, number_of(newsroom, "Bakers")).code == 0
    assert "Bakers" in headlines(newsroom)[0]
    undone = newsroom.digest("edition", "undo", NAME)
    assert undone.out.startswith("undone: pin")
    assert headlines(newsroom) == before


def test_an_edition_is_composed_for_correction_and_goes_as_corrected(newsroom: Newsroom) -> None:
    newsroom.add("ada@reader.example.org")
    composed = newsroom.digest("edition", "compose", "--now", NOW.isoformat())
    assert composed.code == 0
    assert composed.out.startswith(f"{NAME}: composed")
    assert newsroom.mails() == []
    bakers = number_of(newsroom, "Bakers")
    assert newsroom.digest("edition", "pin", NAME, bakers).code == 0
    again = newsroom.digest("edition", "compose", "--now", NOW.isoformat())
    assert "corrections, to be taken back" in again.out
    assert newsroom.digest("edition", "show").out == again.out
    assert newsroom.digest("send", "--yes").code == 0
    (mail,) = newsroom.mails()
    assert "\nSubject: Bakers" in mail.read_text()


def test_where_there_is_no_edition_show_says_how_one_is_made(newsroom: Newsroom) -> None:
    ran = newsroom.digest("edition", "show")
    assert (ran.code, ran.out) == (2, "")
    assert "digest edition compose" in ran.err


def test_a_newsletter_without_sources_says_so(newsroom: Newsroom) -> None:
    newsroom.sources.clear()
    ran = newsroom.digest("edition", "compose", "--now", NOW.isoformat())
    assert ran.code == 1
    assert "there are no sources yet; add one with" in ran.err


def test_a_dropped_story_is_not_sent(newsroom: Newsroom) -> None:
    waiting(newsroom)
    newsroom.digest("edition", "drop", NAME, number_of(newsroom, "Bakers"))
    assert not any("Bakers" in headline for headline in headlines(newsroom))
    newsroom.digest("edition", "approve", NAME)
    assert newsroom.digest("send", "--yes").code == 0
    assert b"Bakers" not in newsroom.mails()[0].read_bytes()


def test_a_new_headline_is_what_readers_see(newsroom: Newsroom) -> None:
    waiting(newsroom)
    newsroom.digest("edition", "retitle", NAME, "1", "All safe after ferry grounding")
    newsroom.digest("edition", "approve", NAME)
    assert newsroom.digest("send", "--yes").code == 0
    assert b"All safe after ferry grounding" in newsroom.mails()[0].read_bytes()


def test_stories_are_merged_and_split(newsroom: Newsroom) -> None:
    waiting(newsroom)
    count = len(headlines(newsroom))
    merged = newsroom.digest("edition", "merge", NAME, number_of(newsroom, "Bakers"), number_of(newsroom, "market"))
    assert merged.code == 0, merged.err
    assert len(headlines(newsroom)) == count - 1
    newsroom.digest("edition", "undo", NAME)
    assert newsroom.digest("edition", "split", NAME, "1.1", "1").code == 0
    assert len(headlines(newsroom)) == count + 1


def test_a_correction_to_what_does_not_exist_says_how_to_name_it(newsroom: Newsroom) -> None:
    waiting(newsroom)
    ran = newsroom.digest("edition", "pin", NAME, "77")
    assert ran.code == 2
    assert f"digest edition show {NAME}" in ran.err


def test_a_sent_edition_cannot_be_changed(newsroom: Newsroom) -> None:
    newsroom.add("ada@reader.example.org")
    newsroom.digest("send", "--yes")
    ran = newsroom.digest("edition", "drop", NAME, "1")
    assert ran.code == 1
    assert "only an edition not yet frozen can be changed" in ran.err


def test_a_hold_stops_the_send_and_says_why(newsroom: Newsroom) -> None:
    waiting(newsroom)
    newsroom.digest("edition", "approve", NAME)
    newsroom.digest("edition", "hold", NAME, "the lead is being checked")
    ran = newsroom.digest("send", "--yes")
    assert ran.code == 3
    assert "the lead is being checked" in ran.err


def test_editions_are_listed_with_their_lead(newsroom: Newsroom) -> None:
    waiting(newsroom)
    (row,) = newsroom.digest("edition", "list", "--json").values
    assert row["edition"] == NAME
    assert row["state"] == "composed"
    assert row["lead"].startswith("Ferry")
    assert EVENTS[1] in newsroom.digest("edition", "show", NAME).out


def test_an_edition_with_a_time_of_its_own_waits_for_it(newsroom: Newsroom) -> None:
    waiting(newsroom)
    assert newsroom.digest("edition", "approve", NAME).code == 0
    soon = f"{datetime.now(UTC) + timedelta(hours=2):%Y-%m-%dT%H:%MZ}"
    ran = newsroom.digest("edition", "schedule", NAME, soon)
    assert (ran.code, ran.out) == (0, f"{NAME} goes at {soon[:10]} {soon[11:16]} UTC\n")
    sent = newsroom.digest("send", "--yes")
    assert sent.code == 3
    assert f"digest edition schedule {NAME} --off" in sent.err
    assert newsroom.digest("edition", "schedule", NAME, "--off").code == 0
    assert newsroom.digest("send", "--yes").code == 0
    late = newsroom.digest("edition", "schedule", NAME, soon)
    assert (late.code, "is sent" in late.err) == (1, True)


def test_a_time_in_the_past_or_in_no_words_known_is_refused(newsroom: Newsroom) -> None:
    waiting(newsroom)
    assert "is past" in newsroom.digest("edition", "schedule", NAME, "09:30").err
    assert newsroom.digest("edition", "schedule", NAME, "soon").code == 2
    assert newsroom.digest("edition", "schedule", NAME).code == 2


def test_a_skipped_edition_can_be_reopened(newsroom: Newsroom) -> None:
    waiting(newsroom)
    newsroom.digest("edition", "skip", NAME)
    assert newsroom.digest("send", "--yes").code == 3
    assert newsroom.digest("edition", "reopen", NAME).out == f"{NAME} is composed\n"
    newsroom.digest("edition", "approve", NAME)
    assert newsroom.digest("send", "--yes").code == 0
