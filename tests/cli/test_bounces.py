"""digest bounces: a report of a mail server, from a pipe."""

from __future__ import annotations

import io
import mailbox
import sys
from types import SimpleNamespace

import pytest

from digest.cli.bounces import TRY_AGAIN
from tests.newsroom import Newsroom

REPORT = """\
From: MAILER-DAEMON@mx.example.org
To: news@daily.example
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary="b"
MIME-Version: 1.0

--b
Content-Type: text/plain

Sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; ada@reader.example.org
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user
--b
Content-Type: text/rfc822-headers

{headers}
--b--
"""


def test_a_hard_bounce_from_a_pipe_suppresses_its_address(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    newsroom.add("ada@reader.example.org", "ben@reader.example.org")
    newsroom.digest("send", "--yes")
    mail = next(file.read_bytes() for file in newsroom.mails() if b"To: ada@" in file.read_bytes())
    headers = mail.partition(b"\r\n\r\n")[0].decode().replace("\r\n", "\n")
    raw = REPORT.format(headers=headers).replace("\n", "\r\n").encode()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
    ran = newsroom.digest("bounces", "--json")
    assert ran.code == 0, ran.err
    assert ran.values == [{"events": 1, "new": 1, "known": 0, "strange": 0, "suppressed": 1}]
    assert newsroom.digest("send", "--dry-run", "--json").values[0]["recipients"] == 1


def test_a_report_that_cannot_be_kept_now_is_left_to_the_mail_server(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom.add("ada@reader.example.org")
    newsroom.digest("send", "--yes")
    headers = newsroom.mails()[0].read_text().partition("\n\n")[0]

    def hand_over() -> tuple[int, str]:
        raw = REPORT.format(headers=headers).encode()
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
        ran = newsroom.digest("bounces")
        return ran.code, ran.out + ran.err

    store = newsroom.folder / "var" / "digest.db"
    away = store.rename(store.with_name("away.db"))
    store.mkdir()
    assert hand_over()[0] == TRY_AGAIN == 75  # EX_TEMPFAIL
    store.rmdir()
    away.rename(store)
    assert hand_over() == (0, "1 report: 1 new, 0 known already; 1 address suppressed\n")


def test_a_mail_that_is_no_report_changes_nothing(newsroom: Newsroom) -> None:
    file = newsroom.folder / "hello.eml"
    file.write_bytes(b"Subject: hello\r\n\r\nhow are you\r\n")
    ran = newsroom.digest("bounces", str(file), "--json")
    assert ran.values[0]["events"] == 0


def test_a_missing_file_is_named(newsroom: Newsroom) -> None:
    ran = newsroom.digest("bounces", "nowhere.eml")
    assert ran.code == 2
    assert "nowhere.eml" in ran.err


def bounce_of(address: str) -> bytes:
    return REPORT.format(headers="").replace("ada@reader.example.org", address).encode()


def test_the_bounces_of_a_maildir_are_taken_in_and_a_second_reading_changes_nothing(newsroom: Newsroom) -> None:
    newsroom.add("ada@reader.example.org", "ben@reader.example.org", "cyd@reader.example.org")
    newsroom.digest("send", "--yes")
    box = mailbox.Maildir(newsroom.folder / "Maildir")
    headers = b"".join(file.read_bytes() for file in newsroom.mails()[:1]).partition(b"\r\n\r\n")[0].decode()
    for name in ("ada", "ben"):
        raw = REPORT.format(headers=headers.replace("\r\n", "\n")).replace("ada@", f"{name}@")
        box.add(raw.encode())
    box.add(b"Subject: hello\n\nhow are you\n")
    first = newsroom.digest("bounces", str(newsroom.folder / "Maildir"), "--json")
    assert first.values == [{"events": 2, "new": 2, "known": 0, "strange": 0, "suppressed": 2}]
    again = newsroom.digest("bounces", str(newsroom.folder / "Maildir"), "--json")
    assert again.values == [{"events": 2, "new": 0, "known": 2, "strange": 0, "suppressed": 0}]
    assert len(box) == 3


def test_the_bounces_of_an_mbox_are_taken_in(newsroom: Newsroom) -> None:
    box = mailbox.mbox(newsroom.folder / "bounces.mbox")
    for name in ("ada", "ben"):
        box.add(bounce_of(f"{name}@reader.example.org"))
    box.close()
    ran = newsroom.digest("bounces", str(newsroom.folder / "bounces.mbox"), "--json")
    assert ran.values[0]["events"] == 2


def test_a_mailbox_that_is_not_there_is_named(newsroom: Newsroom) -> None:
    ran = newsroom.digest("bounces", "nowhere.mbox")
    assert ran.code == 2
    assert "nowhere.mbox: cannot be read" in ran.err
