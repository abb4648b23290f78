"""digest send: once, to everybody, and what it says when it cannot."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from digest.cli.root import run
from tests.newsroom import EVENTS, NOW, Newsroom, feed


def test_an_edition_reaches_every_reader_once(newsroom: Newsroom) -> None:
    newsroom.add("ada@reader.example.org", "ben@reader.example.org")
    ran = newsroom.digest("send", "--yes", "--json")
    assert ran.code == 0, ran.err
    (report,) = ran.values
    assert (report["planned"], report["sent"], report["edition"]) == (2, 2, "daily/2026-03-04")
    recipients = {message_from_bytes(file.read_bytes(), policy=policy.default)["To"] for file in newsroom.mails()}
    assert recipients == {"ada@reader.example.org", "ben@reader.example.org"}
    assert len(newsroom.journal) == 2
    assert set(newsroom.journal[0]) == {"time", "edition", "recipient", "file"}


def test_a_second_run_sends_only_to_those_not_planned_before(newsroom: Newsroom) -> None:
    newsroom.add("ada@reader.example.org")
    newsroom.digest("send", "--yes")
    before = newsroom.journal
    again = newsroom.digest("send", "--yes")
    assert again.code == 0
    assert newsroom.journal == before
    newsroom.add("late@reader.example.org")
    newsroom.digest("send", "--yes")
    assert newsroom.journal[:1] == before
    assert len(newsroom.journal) == 2


def test_the_lead_is_the_story_that_two_sources_tell(newsroom: Newsroom) -> None:
    newsroom.add("ada@reader.example.org")
    newsroom.digest("send", "--yes")
    text = (
        message_from_bytes(newsroom.mails()[0].read_bytes(), policy=policy.default).get_body(("plain",)).get_content()
    )  # type: ignore[union-attr]
    lead, related = text.index("Ferry"), text.index("Ferry", text.index("Ferry") + 5)
    assert lead < related < text.index(EVENTS[1])


def test_a_dry_run_changes_nothing_at_all(newsroom: Newsroom) -> None:
    newsroom.add("ada@reader.example.org")
    before = newsroom.everything()
    ran = newsroom.digest("send", "--dry-run", "--json")
    assert ran.code == 0, ran.err
    assert ran.values[0]["recipients"] == 1
    assert newsroom.everything() == before
    assert newsroom.digest("send", "--yes").code == 0
    assert len(newsroom.journal) == 1


def test_a_dry_run_says_who_is_left_out_of_a_second_send(newsroom: Newsroom) -> None:
    newsroom.add("ada@reader.example.org")
    newsroom.digest("send", "--yes")
    newsroom.add("bob@reader.example.org")
    (rehearsed,) = newsroom.digest("send", "--dry-run", "--json").values
    assert (rehearsed["recipients"], rehearsed["planned_before"]) == (2, 1)
    assert "left out    the 1 it was planned for before" in newsroom.digest("send", "--dry-run").out


def test_a_dry_run_before_anything_else_does_not_even_make_the_store(newsroom: Newsroom) -> None:
    newsroom.comes_with_store = False
    newsroom.write_config()
    before = newsroom.everything()
    ran = newsroom.digest("send", "--dry-run")
    assert ran.code == 1
    assert "digest subscribers add daily" in ran.err
    assert newsroom.everything() == before


def test_without_yes_and_without_a_terminal_nothing_is_sent(newsroom: Newsroom) -> None:
    newsroom.add("ada@reader.example.org")
    ran = newsroom.digest("send")
    assert ran.code == 2
    assert "--yes" in ran.err
    assert newsroom.journal == []


def test_no_article_means_no_mail_and_no_edition(newsroom: Newsroom) -> None:
    newsroom.add("ada@reader.example.org")
    newsroom.report("herald", "Old news", at=NOW - timedelta(days=9))
    newsroom.report("courier", "Older news", at=NOW - timedelta(days=12))
    ran = newsroom.digest("send", "--yes")
    assert ran.code == 1
    assert "nothing to send" in ran.err
    assert newsroom.mails() == []
    assert newsroom.digest("edition", "list").out.startswith("no edition yet")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty", b"", "empty"),
        ("web", b"<!doctype html><html><head><title>502 Bad Gateway</title></head><body>Sorry</body></html>", "HTML"),
        ("torn", b"<rss version='2.0'><channel>", ""),
        ("noise", bytes(range(256)) * 40, ""),
    ],
)
def test_a_source_that_fails_is_named_and_costs_only_itself(
    newsroom: Newsroom, name: str, content: bytes, said: str
) -> None:
    newsroom.add("ada@reader.example.org")
    newsroom.source(name, content)
    ran = newsroom.digest("send", "--yes")
    assert ran.code == 0, ran.err
    assert f"{name}: " in ran.err
    assert said.lower() in ran.err.lower()
    assert len(newsroom.journal) == 1


def test_a_missing_file_is_named_and_costs_only_itself(newsroom: Newsroom) -> None:
    newsroom.add("ada@reader.example.org")
    newsroom.sources["gone"] = 'path = "nowhere.xml"'
    ran = newsroom.digest("send", "--yes")
    assert ran.code == 0, ran.err
    assert "gone: " in ran.err
    assert "nowhere.xml" in ran.err


def test_undated_articles_count_from_when_they_were_first_seen(newsroom: Newsroom) -> None:
    newsroom.add("ada@reader.example.org")
    newsroom.sources.clear()
    newsroom.source("crier", feed("crier", [("Lost: one grey cat", None)]))
    assert newsroom.digest("send", "--yes").code == 0
    later = newsroom.digest("send", "--yes", now=NOW + timedelta(days=3))
    assert later.code == 1
    assert "nothing to send" in later.err


def test_an_unknown_list_is_answered_with_the_lists_there_are(newsroom: Newsroom) -> None:
    newsroom.add("ada@reader.example.org")
    ran = newsroom.digest("send", "--list", "weekly", "--yes")
    assert ran.code == 2
    assert 'no list "weekly"; there are: daily (1 confirmed)' in ran.err


def test_an_empty_list_is_named_with_how_to_add_someone(newsroom: Newsroom) -> None:
    ran = newsroom.digest("send", "--yes")
    assert ran.code == 1
    assert '"daily" has no confirmed subscriber' in ran.err
    assert newsroom.digest("edition", "list").out.startswith("no edition yet")


def test_a_held_edition_says_why_and_goes_once_approved(newsroom: Newsroom) -> None:
    newsroom.add("ada@reader.example.org")
    newsroom.newsletter += "\nmin_stories = 40"
    held = newsroom.digest("send", "--yes")
    assert held.code == 3
    assert "daily/2026-03-04 is held: " in held.err
    assert newsroom.journal == []
    assert newsroom.digest("edition", "approve", "daily/2026-03-04").code == 0
    assert newsroom.digest("send", "--yes").code == 0
    assert len(newsroom.journal) == 1


def test_an_edition_that_needs_approval_waits_for_it(newsroom: Newsroom) -> None:
    newsroom.add("ada@reader.example.org")
    newsroom.newsletter += '\napproval = "required"'
    waiting = newsroom.digest("send", "--yes")
    assert waiting.code == 3
    assert "waits for approval" in waiting.err
    newsroom.digest("edition", "approve", "daily/2026-03-04")
    assert newsroom.digest("send", "--edition", "daily/2026-03-04", "--yes").code == 0
    assert len(newsroom.journal) == 1


def test_a_template_fault_names_file_line_and_variable(newsroom: Newsroom) -> None:
    newsroom.add("ada@reader.example.org")
    own = newsroom.folder / "templates" / "email" / "morning"
    own.mkdir(parents=True)
    (own / "subject.txt").write_text("fine\n{{ headlin }}\n", encoding="utf-8")
    ran = newsroom.digest("send", "--yes")
    assert ran.code == 1
    assert "subject.txt:2: " in ran.err
    assert "headlin" in ran.err
    assert newsroom.journal == []
    (own / "subject.txt").unlink()
    assert newsroom.digest("send", "--yes").code == 0


def test_a_test_mail_goes_to_one_address_and_is_not_remembered(newsroom: Newsroom) -> None:
    newsroom.add("ada@reader.example.org")
    ran = newsroom.digest("send", "--test", "me@desk.example.org")
    assert ran.code == 0, ran.err
    (mail,) = (newsroom.folder / "out").glob("test/**/*.eml")
    message = message_from_bytes(mail.read_bytes(), policy=policy.default)
    assert message["To"] == "me@desk.example.org"
    assert message["Subject"].startswith("[Test] ")
    assert newsroom.digest("edition", "list").out.startswith("no edition yet")
    assert newsroom.digest("send", "--yes").code == 0
    assert len(newsroom.mails()) == 1


def test_a_missing_key_names_the_setting_and_marks_nothing(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SENDGRID_API_KEY", raising=False)
    newsroom.add("ada@reader.example.org")
    newsroom.provider = 'kind = "sendgrid"'
    newsroom.site += '\nunsubscribe_mailbox = "leave@daily.example"'
    ran = newsroom.digest("send", "--yes")
    assert ran.code == 1
    assert "SENDGRID_API_KEY" in ran.err
    newsroom.provider = 'kind = "outbox"'
    assert newsroom.digest("send", "--yes").code == 0
    assert len(newsroom.journal) == 1


def test_no_real_provider_is_used_while_readers_could_not_leave(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENDGRID_API_KEY", "SG.invented")
    newsroom.add("ada@reader.example.org")
    newsroom.provider = 'kind = "sendgrid"\napi = "http://127.0.0.1:9"'
    ran = newsroom.digest("send", "--yes")
    assert ran.code == 1
    assert "readers could not unsubscribe" in ran.err
    assert "base_url" in ran.err
    assert "unsubscribe_mailbox" in ran.err


def test_a_story_sent_yesterday_does_not_come_back_without_news(newsroom: Newsroom) -> None:
    newsroom.add("ada@reader.example.org")
    newsroom.digest("send", "--yes")
    tomorrow = NOW + timedelta(days=1)
    newsroom.report(
        "herald", EVENTS[0], "Lighthouse keeper retires after forty years", at=tomorrow - timedelta(hours=2)
    )
    newsroom.report("courier", "Ferry aground in fog off Port Ellery, all safe", at=tomorrow - timedelta(hours=2))
    newsroom.newsletter += "\nmin_stories = 1"
    ran = newsroom.digest("send", "--yes", now=tomorrow)
    shown = newsroom.digest("edition", "show", "daily/2026-03-05").out
    assert "Lighthouse keeper" in shown
    assert "Ferry" not in shown
    assert ran.code in (0, 3)


def test_faults_in_the_config_come_before_any_work(newsroom: Newsroom, capsys: pytest.CaptureFixture[str]) -> None:
    newsroom.comes_with_store = False
    file = newsroom.write_config()
    file.write_text(file.read_text() + "\n[serve]\nprot = 1\n")
    capsys.readouterr()
    assert run(["--config", str(file), "send", "--yes"]) == 78
    assert 'unknown key "prot"; did you mean "port"?' in capsys.readouterr().err
    assert not (newsroom.folder / "var").exists()


def test_an_edition_that_does_not_exist_is_said_so(newsroom: Newsroom) -> None:
    ran = newsroom.digest("send", "--edition", "daily/2020-01-01", "--yes")
    assert ran.code == 2
    assert "daily/2020-01-01" in ran.err
    assert "Traceback" not in ran.err


def test_a_person_s_data_tells_what_was_sent_to_them(newsroom: Newsroom) -> None:
    newsroom.add("ada@reader.example.org")
    newsroom.digest("send", "--yes")
    (data,) = newsroom.digest("subscribers", "export", "--subject", "ada@reader.example.org").values
    assert [(each["edition"], each["what"], each["told"]) for each in data["deliveries"]] == [
        ("daily/2026-03-04", "sent", [])
    ]
