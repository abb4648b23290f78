"""The command line through each real provider, and what can be done with a send that has begun."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from tests.newsroom import NOW, Newsroom
from tests.send.fake_sendgrid import FakeSendgrid
from tests.send.smtp_sink import SmtpSink

NAME = "daily/2026-03-04"


@pytest.fixture
def sendgrid() -> Iterator[FakeSendgrid]:
    api = FakeSendgrid()
    yield api
    api.close()


@pytest.fixture
def through_sendgrid(newsroom: Newsroom, sendgrid: FakeSendgrid, monkeypatch: pytest.MonkeyPatch) -> Newsroom:
    monkeypatch.setenv("SENDGRID_API_KEY", "SG.right")
    newsroom.provider = f'kind = "sendgrid"\napi = "{sendgrid.address}"\ntimeout = 2'
    newsroom.site += '\nunsubscribe_mailbox = "leave@daily.example"'
    newsroom.add("ada@reader.example.org", "ben@reader.example.org")
    return newsroom


def test_an_edition_goes_out_through_sendgrid(through_sendgrid: Newsroom, sendgrid: FakeSendgrid) -> None:
    ran = through_sendgrid.digest("send", "--yes", "--json")
    assert ran.code == 0, ran.err
    (taken,) = sendgrid.taken
    assert len(set(taken.recipients)) == 2
    assert "ada@reader.example.org" not in str(taken.recipients)
    assert [part["type"] for part in taken.body["content"]] == ["text/plain", "text/html"]
    assert through_sendgrid.digest("send", "--yes").code == 0
    assert len(sendgrid.taken) == 1


def test_a_refused_key_says_so_and_marks_nothing(
    through_sendgrid: Newsroom, sendgrid: FakeSendgrid, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENDGRID_API_KEY", "SG.wrong")
    ran = through_sendgrid.digest("send", "--yes")
    assert ran.code == 1
    assert "SENDGRID_API_KEY" in ran.err
    assert "SG.wrong" not in ran.err
    assert sendgrid.taken == []
    monkeypatch.setenv("SENDGRID_API_KEY", "SG.right")
    assert through_sendgrid.digest("send", "--yes").code == 0
    assert sum(sendgrid.mails.values()) == 2


def test_what_may_have_arrived_is_reported_and_not_sent_again(
    through_sendgrid: Newsroom, sendgrid: FakeSendgrid
) -> None:
    sendgrid.order("500")
    first = through_sendgrid.digest("send", "--yes", "--json")
    assert first.code == 1
    assert first.values[0]["uncertain"] == 2
    again = through_sendgrid.digest("resume", NAME, "--json")
    assert again.values[0]["uncertain"] == 2
    assert sendgrid.taken == []
    careful = through_sendgrid.digest("resend", NAME, "--missed", "--yes", "--json")
    assert careful.values[0]["uncertain"] == 2
    told = through_sendgrid.digest("resend", NAME, "--missed", "--accept-duplicates", "--yes", "--json")
    assert "2 recipients may get it twice" in told.err
    assert told.values[0]["sent"] == 2
    assert sum(sendgrid.mails.values()) == 2


def test_a_correction_reaches_exactly_those_who_got_it(through_sendgrid: Newsroom, sendgrid: FakeSendgrid) -> None:
    through_sendgrid.digest("send", "--yes")
    through_sendgrid.add("late@reader.example.org")
    ran = through_sendgrid.digest("correct", NAME, "--message", "It was Tuesday, not Monday.", "--yes", "--json")
    assert ran.code == 0, ran.err
    assert ran.values[0]["sent"] == 2
    first, correction = sendgrid.taken
    assert sorted(first.recipients) == sorted(correction.recipients)
    assert correction.body["subject"].startswith("Correction: ")
    assert "It was Tuesday, not Monday." in correction.body["content"][0]["value"]


def test_a_cancelled_edition_stays_cancelled(through_sendgrid: Newsroom, sendgrid: FakeSendgrid) -> None:
    sendgrid.order("500")
    through_sendgrid.digest("send", "--yes")
    state = through_sendgrid.digest("report", NAME, "--json").values[0]["state"]
    ran = through_sendgrid.digest("cancel", NAME, "--yes")
    if state == "sent":
        assert ran.code == 1
        assert "nothing is left to cancel" in ran.err
    else:
        assert through_sendgrid.digest("send", "--yes").code == 3
    assert sendgrid.taken == []


def test_an_edition_goes_out_through_a_mail_server(newsroom: Newsroom) -> None:
    with closing(SmtpSink()) as sink:
        newsroom.provider = f'kind = "smtp"\nhost = "127.0.0.1"\nport = {sink.port}\nsecurity = "none"'
        newsroom.site += '\nunsubscribe_mailbox = "leave@daily.example"'
        newsroom.add("ada@reader.example.org")
        ran = newsroom.digest("send", "--yes", "--json")
    assert ran.code == 0, ran.err
    ((recipient, content),) = sink.mails
    assert recipient == "ada@reader.example.org"
    message = message_from_bytes(content, policy=policy.default)
    assert message["To"] == "ada@reader.example.org"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_an_address_that_a_mail_server_says_does_not_exist_is_suppressed_as_by_a_bounce(newsroom: Newsroom) -> None:
    with closing(SmtpSink(extensions=("8BITMIME",))) as sink:
        newsroom.provider = f'kind = "smtp"\nhost = "127.0.0.1"\nport = {sink.port}\nsecurity = "none"\nconnections = 1'
        newsroom.site += '\nunsubscribe_mailbox = "leave@daily.example"'
        newsroom.add("ada@reader.example.org", "ben@reader.example.org", "cy@reader.example.org")
        sink.order("RCPT", "550 5.1.1 no such user", "552 5.2.2 full")
        ran = newsroom.digest("send", "--yes", "--json")
        told = [newsroom.digest("subscribers", "find", f"{name}@reader.example.org").out for name in ("ada", "ben")]
        report = newsroom.digest("report", NAME).out
        later = NOW + timedelta(days=1)
        newsroom.report("herald", "Minister resigns over the bridge inquiry", at=later - timedelta(hours=1))
        assert newsroom.digest("send", "--yes", now=later).code == 0
    assert (ran.values[0]["sent"], ran.values[0]["rejected"]) == (1, 2)
    assert "no such user" in report
    assert ["hard bounce" in each for each in told] == [True, False]
    with closing(sqlite3.connect(newsroom.folder / "var" / "digest.db")) as store:
        acts = store.execute("SELECT how, source, detail FROM roster_audit WHERE what = 'suppressed'").fetchall()
    assert acts == [("provider", NAME, "hard bounce")]
    assert [recipient[:2] for recipient, _ in sink.mails] == ["cy", "be", "cy"]


def test_a_mail_server_that_is_not_there_is_named(newsroom: Newsroom) -> None:
    newsroom.provider = 'kind = "smtp"\nhost = "127.0.0.1"\nport = 9\nsecurity = "none"'
    newsroom.site += '\nunsubscribe_mailbox = "leave@daily.example"'
    newsroom.add("ada@reader.example.org")
    ran = newsroom.digest("send", "--yes")
    assert ran.code == 1
    assert "127.0.0.1" in ran.err
    assert "9" in ran.err


@pytest.mark.parametrize(
    "words",
    [
        ("resume", NAME),
        ("pause", NAME),
        ("report", NAME),
        ("cancel", NAME, "--yes"),
        ("edition", "show", NAME),
        ("report", "2026-03-04"),
    ],
)
def test_an_edition_that_does_not_exist_is_named(newsroom: Newsroom, words: tuple[str, ...]) -> None:
    ran = newsroom.digest(*words)
    assert (ran.code, ran.out) == (2, "")
    assert "2026-03-04" in ran.err
    assert "fault in digest" not in ran.err


def test_the_report_names_who_missed_it_and_what_became_of_corrections(
    through_sendgrid: Newsroom, sendgrid: FakeSendgrid
) -> None:
    sendgrid.order("500")
    through_sendgrid.digest("send", "--yes")
    missed = through_sendgrid.digest("report", NAME, "--missed", "--json").values
    assert [each["place"] for each in missed] == ["uncertain", "uncertain"]
    assert {each["address"] for each in missed} == {"ada@reader.example.org", "ben@reader.example.org"}
    assert "uncertain\tada@reader.example.org" in through_sendgrid.digest("report", NAME, "--missed").out
    nobody = through_sendgrid.digest("resend", NAME, "--missed", "--yes")
    assert "nobody is known to have missed it" in nobody.err
    through_sendgrid.digest("resend", NAME, "--missed", "--accept-duplicates", "--yes")
    through_sendgrid.digest("correct", NAME, "--message", "It was Tuesday.", "--yes")
    (report,) = through_sendgrid.digest("report", NAME, "--json").values
    assert [(each["planned"], each["sent"]) for each in report["corrections"]] == [(2, 2)]
    assert "correction  1" in through_sendgrid.digest("report", NAME).out
