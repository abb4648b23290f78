"""digest report: sums that balance, of the edition that is named or of the newest that was sent."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from digest.cli.report import print_report
from digest.model import EditionState
from digest.pipeline.accounting import SendReport
from tests.newsroom import NOW, Newsroom

TODAY, TOMORROW = "daily/2026-03-04", "daily/2026-03-05"


def test_the_report_balances_and_lists_who_missed_it(newsroom: Newsroom) -> None:
    newsroom.add("ada@reader.example.org", "ben@reader.example.org")
    newsroom.digest("send", "--yes")
    (report,) = newsroom.digest("report", "daily/2026-03-04", "--json").values
    places = ("sent", "rejected", "suppressed", "uncertain", "cancelled", "unsent")
    assert report["planned"] == sum(report[place] for place in places) == 2
    assert newsroom.digest("report", "daily/2026-03-04", "--missed").out == ""
    people = newsroom.digest("report", "daily/2026-03-04")
    assert "planned" in people.out
    assert Path(newsroom.folder, "var", "digest.db").stat().st_mode & 0o077 == 0


def test_without_a_name_it_is_of_the_newest_edition_sent_and_says_which(newsroom: Newsroom) -> None:
    newsroom.add("ada@reader.example.org")
    newsroom.digest("send", "--yes")
    tomorrow = NOW + timedelta(days=1)
    newsroom.newsletter += "\nmin_stories = 1"
    newsroom.report("herald", "Lighthouse keeper retires after forty years", at=tomorrow - timedelta(hours=2))
    composed = newsroom.digest("edition", "compose", "--now", tomorrow.isoformat())
    assert TOMORROW in composed.out
    ran = newsroom.digest("report")
    assert (ran.code, ran.err) == (0, f"the newest edition sent: {TODAY}\n")
    assert ran.out == newsroom.digest("report", TODAY).out
    newsroom.digest("send", "--yes", now=tomorrow)
    assert newsroom.digest("report", "--json", "--newsletter", "daily").values[0]["edition"] == TOMORROW
    assert TOMORROW in newsroom.digest("report", "--missed").err


def test_no_resend_is_promised_for_a_corrections_uncertain(capsys: pytest.CaptureFixture[str]) -> None:
    edition = SendReport(TODAY, EditionState.SENT, planned=2, sent=1, uncertain=1)
    correction = SendReport(TODAY, EditionState.SENT, planned=1, uncertain=1)
    assert print_report(edition, False, [correction]) == 1
    told, _, corrected = capsys.readouterr().out.partition("correction")
    assert "--accept-duplicates" in told
    assert "may have it; never sent again" in corrected
    assert "resend" not in corrected


def test_where_nothing_was_sent_there_is_nothing_to_report(newsroom: Newsroom) -> None:
    ran = newsroom.digest("report")
    assert (ran.code, ran.out) == (2, "")
    assert "no edition of daily was sent yet; digest edition list shows those there are" in ran.err


def test_of_several_newsletters_one_is_named_and_never_beside_an_edition(newsroom: Newsroom) -> None:
    newsroom.newsletter += '\n[[newsletters]]\nslug = "weekly"'
    assert "which newsletter? name one of: daily, weekly" in newsroom.digest("report").err
    assert "no edition of weekly was sent yet" in newsroom.digest("report", "--newsletter", "weekly").err
    assert "not both" in newsroom.digest("report", TODAY, "--newsletter", "daily").err
