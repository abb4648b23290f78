"""The pages, asked over HTTP without a server: archive, edition, health, and the reader's way out."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from html import unescape
from urllib.parse import urlsplit

import pytest
from PIL import Image

from digest.bootstrap import build
from digest.collect.feed import read_feed
from digest.config import read_config
from digest.web.app import make_app
from tests.newsroom import NOW, Newsroom, feed
from tests.subscribers.browser import Browser


@pytest.fixture
def pages(newsroom: Newsroom) -> Iterator[Browser]:
    newsroom.add("ada@reader.example.org")
    newsroom.source("hostile", feed("hostile", [('<script>alert(1)</script> & "quotes" \'\u202e', NOW)]))
    assert newsroom.digest("send", "--yes").code == 0
    app = build(read_config(newsroom.write_config()), now=datetime.now(UTC))
    yield Browser(make_app(app))
    app.store.close()


def way_out(newsroom: Newsroom) -> str:
    mail = message_from_bytes(newsroom.mails()[0].read_bytes(), policy=policy.default)
    return urlsplit(str(mail["List-Unsubscribe"]).strip("<>")).path


def test_the_archive_lists_sent_editions_and_shows_each(pages: Browser) -> None:
    index = pages.get("/")
    assert index.status == 200
    (link,) = re.findall(r'href="(/editions/[^"]+)"', index.text)
    edition = pages.get(link)
    assert edition.status == 200
    assert "Ferry" in edition.text
    assert "%%" not in edition.text
    assert "ada@reader.example.org" not in edition.text
    assert "/u/" not in edition.text


def test_feed_text_cannot_run_on_a_page(pages: Browser) -> None:
    for address in ("/", "/editions/daily/2026-03-04"):
        answer = pages.get(address)
        assert "<script" not in answer.text.lower()
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy


def test_search_engines_list_editions_only_where_the_config_lets_them(newsroom: Newsroom, pages: Browser) -> None:
    for address in ("/", "/editions/daily/2026-03-04"):
        assert 'content="noindex"' in pages.get(address).text
    newsroom.site += "\nindexed = true"
    app = build(read_config(newsroom.write_config()), now=datetime.now(UTC))
    for address in ("/", "/editions/daily/2026-03-04"):
        answer = Browser(make_app(app)).get(address)
        assert "noindex" not in answer.text
        assert "x-robots-tag" not in answer.headers
    app.store.close()


def test_an_edition_not_yet_sent_is_not_shown(newsroom: Newsroom, pages: Browser) -> None:
    newsroom.newsletter = (
        newsroom.newsletter.replace("daily", "other", 1) + '\napproval = "required"\nlists = ["daily"]'
    )
    assert newsroom.digest("send", "--yes").code == 3
    assert pages.get("/editions/other/2026-03-04").status == 404
    assert "other" not in pages.get("/").text


def test_the_archive_is_searched_by_the_words_of_its_headlines(pages: Browser) -> None:
    assert "/editions/daily/2026-03-04" in pages.get("/", query="q=FERRY+fog").text
    nothing = pages.get("/", query="q=%3Cscript%3Ezebra")
    assert "/editions/daily/2026-03-04" not in nothing.text
    assert "&lt;script&gt;zebra" in nothing.text


def test_past_editions_come_as_a_feed_that_we_can_read_ourselves(pages: Browser) -> None:
    answer = pages.get("/editions.atom")
    feed = read_feed(answer.body)
    (entry,) = feed.entries
    assert entry.headline.startswith("The Daily: Ferry")
    assert entry.url == "http://127.0.0.1:8000/editions/daily/2026-03-04"
    assert feed.notes == ()


def test_a_shared_edition_has_a_picture(pages: Browser) -> None:
    answer = pages.get("/editions/daily/2026-03-04/card.png")
    assert answer.headers["content-type"] == "image/png"
    with Image.open(io.BytesIO(answer.body)) as picture:
        assert picture.size == (1200, 630)
        assert len(picture.getcolors(100_000) or []) > 10
    assert pages.get("/editions/daily/1999-01-01/card.png").status == 404


@pytest.mark.parametrize(
    "address", ["/editions/daily/1999-01-01", "/editions/x/y", "/editions/daily/2026-03-04/zz", "/nowhere"]
)
def test_what_does_not_exist_is_not_found(pages: Browser, address: str) -> None:
    assert pages.get(address).status == 404


def test_signs_of_life(newsroom: Newsroom, pages: Browser) -> None:
    assert pages.get("/healthz").text == "ok"
    assert pages.get("/readyz").status == 200
    first = pages.get("/.well-known/broadsheet").text
    assert re.fullmatch(r"[0-9a-f]{32}", first)
    assert pages.get("/.well-known/broadsheet").text == first


def test_looking_at_the_unsubscribe_link_changes_nothing_and_posting_it_does(
    newsroom: Newsroom, pages: Browser
) -> None:
    link = way_out(newsroom)
    shown = pages.get(link)
    assert shown.status == 200
    assert "form" in shown.text
    assert newsroom.digest("send", "--dry-run", "--json").values[0]["recipients"] == 1
    posted = pages.post(link, {"List-Unsubscribe": "One-Click"})
    assert posted.status == 200
    ran = newsroom.digest("send", "--dry-run")
    assert "no confirmed subscriber" in ran.err


def test_a_forged_link_does_nothing(newsroom: Newsroom, pages: Browser) -> None:
    link = way_out(newsroom)
    forged = link[:-3] + ("aaa" if not link.endswith("aaa") else "bbb")
    assert pages.post(forged, {"List-Unsubscribe": "One-Click"}).status in (400, 403, 404, 410)
    assert newsroom.digest("send", "--dry-run", "--json").values[0]["recipients"] == 1


def test_a_reader_joins_by_a_confirmation_mail(newsroom: Newsroom, pages: Browser) -> None:
    newsroom.newsletter = 'slug = "club"\ntitle = "The Club"\nopt_in = "double"'
    added = newsroom.digest("subscribers", "add", "club", "new@reader.example.org")
    assert added.code == 0, added.err
    from digest.pipeline.notifying import send_notices

    app = build(read_config(newsroom.write_config()), now=datetime.now(UTC))
    assert send_notices(app) == 1
    assert send_notices(app) == 0
    (file,) = (newsroom.folder / "out").glob("notices/**/*.eml")
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert mail["To"] == "new@reader.example.org"
    html = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    link = urlsplit(unescape(re.findall(r'href="([^"]+)"', html)[0])).path
    reader = Browser(make_app(app))
    assert reader.get(link).status == 200
    assert "no confirmed subscriber" in newsroom.digest("send", "--dry-run").err
    assert reader.post(link).status == 200
    app.store.close()
    assert newsroom.digest("send", "--dry-run", "--json").values[0]["recipients"] == 1


def archived(newsroom: Newsroom, editions: int, *, more: str = "") -> Browser:
    """Return a browser on an archive of many editions."""
    newsroom.newsletter += more
    app = build(read_config(newsroom.write_config()), now=datetime.now(UTC))
    (sent,) = app.store.published.page(limit=1)
    kept = app.store.editions.get(sent.id)
    for number in range(1, editions):
        older = replace(kept.edition, date=kept.edition.date - timedelta(days=number))
        app.store.editions.save(older, kept.state)
    app.store.close()
    return Browser(make_app(app))


def test_a_big_archive_is_leafed_through(newsroom: Newsroom, pages: Browser) -> None:
    browser = archived(newsroom, 120)
    seen, address = [], "/?q=ferry"
    for _ in range(3):
        page = browser.get("/", query=address.partition("?")[2]).text
        seen += re.findall(r'href="(/editions/daily/[^"]+)"', page)
        older = re.findall(r'rel="next" href="([^"]+)"', page)
        address = unescape(older[0]) if older else ""
    assert len(seen) == len(set(seen)) == 120
    assert seen == sorted(seen, reverse=True)
    assert not address
    assert 'rel="prev" href="/?q=ferry&amp;page=2"' in page
    for odd in (
        "page=0",
        "page=-1",
        "page=x",
        "page=²",
        "page=99999999999999999999",
        f"page={'9' * 5000}",
        "page=3&q=%00",
    ):
        assert browser.get("/", query=odd).status == 200


@pytest.mark.parametrize(("code", "words"), [("de", "Schlagzeilen durchsuchen"), ("ar", "ابحث في العناوين")])
def test_the_archive_speaks_the_newsletters_language(newsroom: Newsroom, pages: Browser, code: str, words: str) -> None:
    page = archived(newsroom, 1, more=f'\nlanguage = "{code}"').get("/").text
    assert f'<html lang="{code}" dir="{"rtl" if code == "ar" else "ltr"}">' in page
    assert words in page
    assert "Search" not in page


def test_a_page_that_is_not_there_leads_to_those_that_are(pages: Browser) -> None:
    answer = pages.get("/editions/daily/1999-01-01")
    assert answer.status == 404
    assert "There is no such edition." in answer.text
    assert "/editions/daily/2026-03-04" in answer.text
    lost = pages.get("/nowhere", headers={"Accept": "text/html,*/*;q=0.8"})
    assert lost.status == 404
    assert "There is nothing at this address." in lost.text
    assert "/editions/daily/2026-03-04" in lost.text
    assert pages.get("/nowhere").text == "Not Found", "programs get a line"


def test_readers_pages_have_an_icon(newsroom: Newsroom, pages: Browser) -> None:
    assert pages.get("/favicon.ico").headers["location"] == "/icon.svg"
    assert pages.get("/icon.svg").headers["content-type"] == "image/svg+xml"
    for address in ("/", "/editions/daily/2026-03-04", way_out(newsroom)):
        assert 'rel="icon" href="/icon.svg"' in pages.get(address).text


def test_a_short_mail_with_a_faulty_template_waits_and_goes_when_it_is_mended(newsroom: Newsroom) -> None:
    newsroom.newsletter = 'slug = "club"\ntitle = "The Club"\nopt_in = "double"'
    own = newsroom.folder / "templates" / "notices" / "confirm.html"
    own.parent.mkdir(parents=True)
    own.write_text("{{ lisst }}", encoding="utf-8")
    newsroom.digest("subscribers", "add", "club", "new@reader.example.org")
    from digest.pipeline.notifying import send_notices

    app = build(read_config(newsroom.write_config()), now=datetime.now(UTC))
    assert send_notices(app) == 0
    own.write_text("{{ list }}: {{ slot.confirm_url }}", encoding="utf-8")
    assert send_notices(app) == 1
    app.store.close()
