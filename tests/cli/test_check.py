"""digest check: each fault there can be, and its mend."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult

from digest.bootstrap import build
from digest.config import read_config
from digest.model import Article, Outcome, Source
from digest.pipeline.checking import check_dates, check_domain
from digest.pipeline.sender_domain import asking
from tests.newsroom import NOW, Newsroom, Ran
from tests.pipeline.name_server import NameServer
from tests.send.fake_sendgrid import FakeSendgrid
from tests.send.mail_server import mail_server

SMTP = 'kind = "smtp"\nhost = "127.0.0.1"\nsecurity = "none"\nport = '
MAILBOX = '\nunsubscribe_mailbox = "leave@daily.example"'


def faults(ran: Ran) -> dict[str, str]:
    """Return what is a fault, by its part."""
    return {each["part"]: each["what"] for each in ran.values if each["finding"] == "fault"}


def template(file: str, text: str) -> Callable[[Newsroom], None]:
    """Return what writes a template of the newsletter's own."""

    def write(room: Newsroom) -> None:
        place = room.folder / "templates" / file
        place.parent.mkdir(parents=True)
        place.write_text(text, encoding="utf-8")

    return write


def no_sources(room: Newsroom) -> None:
    room.sources.clear()


def dead_sources(room: Newsroom) -> None:
    room.sources = {"dead": 'url = "http://127.0.0.1:9/feed"\n'}


def no_newsletter(room: Newsroom) -> None:
    room.newsletter = 'slug = "daily"\n[collect]\nhost_gap = 0'
    config = room.write_config
    room.write_config = lambda: without_newsletter(config())  # type: ignore[method-assign]


def without_newsletter(file: Path) -> Path:
    file.write_text(file.read_text().replace('[[newsletters]]\nslug = "daily"', ""))
    return file


def settings(provider: str, site: str = "") -> Callable[[Newsroom], None]:
    """Return what sets another provider and more of the site."""

    def change(room: Newsroom) -> None:
        room.provider, room.site = provider, room.site + site

    return change


FAULTS = {
    "no source": (no_sources, "sources", "add [[sources]]"),
    "sources that are all dead": (dead_sources, "sources", "no edition"),
    "no newsletter": (no_newsletter, "newsletters", "add [[newsletters]]"),
    "a variable that is none": (
        template("email/morning/subject.txt", "{{ editoin.id }}"),
        "template morning",
        "subject.txt:1: ",
    ),
    "a template that is none": (template("email/morning/body.html", "{% if %}"), "template morning", "body.html:1: "),
    "a faulty short mail": (template("notices/alarm.html", "{{ whi }}"), "template notices", "alarm.html:1: "),
    "nowhere to leave": (settings(SMTP + "9"), "links", "unsubscribe_mailbox"),
    "links without TLS": (settings(SMTP + "9", '\nbase_url = "http://n.example"'), "links", "is not https"),
    "links to nowhere": (settings(SMTP + "9", '\nbase_url = "https://127.0.0.1:9"'), "links", "does not answer"),
    "the samples' sender": (settings(SMTP + "9", MAILBOX), "sender", "set sender under [site]"),
    "no mail server": (settings(SMTP + "9", MAILBOX), "provider", "[provider] host or port"),
    "no key": (settings('kind = "sendgrid"', MAILBOX), "provider", "SENDGRID_API_KEY is not set"),
    "no room for mails": (settings('folder = "/proc/none"'), "provider", "choose another folder"),
}


@pytest.mark.parametrize(("break_it", "part", "mend"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_found_with_its_mend(
    newsroom: Newsroom, break_it: Callable[[Newsroom], None], part: str, mend: str
) -> None:
    break_it(newsroom)
    ran = newsroom.digest("check", "--json")
    assert ran.code == 1
    assert mend in faults(ran)[part]


@pytest.fixture
def closed_door() -> Iterator[int]:
    """Run a mail server that lets nobody in; return its port."""
    asks = {"authenticator": lambda *_: AuthResult(success=False, handled=False), "auth_require_tls": False}
    with mail_server(object(), **asks) as port:
        yield port


def test_a_login_that_is_refused_names_the_settings_and_not_the_password(
    newsroom: Newsroom, closed_door: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BROADSHEET_SMTP_PASSWORD", "hunter2")
    newsroom.provider, newsroom.site = f'{SMTP}{closed_door}\nusername = "me"', newsroom.site + MAILBOX
    found = faults(newsroom.digest("check", "--json"))["provider"]
    assert "BROADSHEET_SMTP_PASSWORD" in found
    assert "hunter2" not in found


def test_a_key_without_the_right_to_send_is_found(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(FakeSendgrid(scopes=("mail.read",))) as api:
        monkeypatch.setenv("SENDGRID_API_KEY", "SG.right")
        newsroom.provider = f'kind = "sendgrid"\napi = "{api.address}"'
        newsroom.site += MAILBOX
        assert "mail.send" in faults(newsroom.digest("check", "--json"))["provider"]


def test_offline_nothing_outside_is_asked(newsroom: Newsroom) -> None:
    newsroom.provider, newsroom.site = SMTP + "9", newsroom.site + MAILBOX
    newsroom.sources["far"] = 'url = "https://far.example/feed"\n'
    ran = newsroom.digest("check", "--offline", "--json")
    assert ran.code == 0
    assert {"provider", "links", "SPF", "source far"}.isdisjoint(each["part"] for each in ran.values)


def test_a_store_of_a_newer_version_is_a_fault_and_an_older_one_is_not(newsroom: Newsroom) -> None:
    newsroom.add("ann@example.org")
    database = newsroom.folder / "var" / "digest.db"

    def be_at(revision: str) -> None:
        with closing(sqlite3.connect(database)) as connection:
            connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
            connection.commit()

    be_at("9999")
    assert "install that one" in faults(newsroom.digest("check", "--json"))["store"]
    ran = newsroom.digest("subscribers", "list")
    assert ran.code == 1
    assert "newer version" in ran.err
    be_at("0001")
    ran = newsroom.digest("check", "--json")
    assert ran.code == 0
    assert "backup first" in next(each["what"] for each in ran.values if each["part"] == "store")


def test_keys_that_do_not_read_name_their_file(newsroom: Newsroom) -> None:
    newsroom.add("ann@example.org")
    (newsroom.folder / "var" / "link-keys").write_text("torn")
    ran = newsroom.digest("check")
    assert ran.code == 1
    assert "link-keys" in ran.err
    assert "backup" in ran.err


def test_the_sender_s_domain_is_asked_where_mails_really_leave(newsroom: Newsroom) -> None:
    server = NameServer({"paper.net": ("v=spf1 +all",), "_dmarc.paper.net": ("v=DMARC1; p=none",)})
    newsroom.site = 'sender = "news@paper.net"'
    newsroom.provider = f'{SMTP}9\ndkim_domain = "paper.net"\ndkim_selector = "tea"'
    app = build(read_config(newsroom.write_config()), now=NOW)
    try:
        found = {each.part: each for each in check_domain(app, asking("127.0.0.1", server.port))}
        outbox = list(check_domain(replace(app, provider_kind="outbox"), asking("127.0.0.1", server.port)))
    finally:
        app.store.close()
        server.close()
    assert {part: each.is_fault for part, each in found.items()} == {"SPF": True, "DKIM": True, "DMARC": False}
    assert "tea._domainkey.paper.net" in found["DKIM"].what
    assert outbox == []


def told(slug: str, hours: float) -> Outcome:
    """Return a source whose only news is so many hours ahead."""
    at = NOW + timedelta(hours=hours)
    return Outcome(Source(slug, slug), "new", (Article(slug, slug, "", "x", published_at=at),))


def test_a_clock_that_is_behind_everybody_s_news_is_doubted() -> None:
    (found,) = check_dates([told("a", 5), told("b", 6), told("c", 4), told("d", -1)], NOW)
    assert (found.part, found.is_fault) == ("clock", True)
    assert "3 of 4" in found.what
    assert "dated 4 hours" in found.what


def test_a_few_sources_with_news_from_the_future_prove_nothing() -> None:
    assert list(check_dates([told("a", 5), told("b", 6), *(told(f"x{n}", -1) for n in range(9))], NOW)) == []
    assert list(check_dates([told("a", 1), told("b", 1), told("c", 1)], NOW)) == []
