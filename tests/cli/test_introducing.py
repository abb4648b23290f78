"""A source that the config gives no title is called what it calls itself, for readers and editors alike."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.collect.feedserver import FeedServer
from tests.newsroom import EVENTS, NOW, Newsroom, feed

LOOPBACK = '\n[collect]\nallow_hosts = ["127.0.0.1"]\nhost_gap = 0.0\nfull_texts_of_stubs = 0'


def titled(title: str, *headlines: str) -> str:
    """Return a feed of that title; its articles are those of the feed ``aje``."""
    told = feed("aje", [(each, NOW - timedelta(hours=1)) for each in headlines or EVENTS])
    return told.replace("<title>aje</title>", f"<title>{title}</title>", 1)


@pytest.fixture
def room(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Newsroom:
    """Return a newsletter without sources, with a reader."""
    room = Newsroom(tmp_path / "news", capsys)
    room.folder.mkdir()
    room.add("ada@reader.example.org")
    return room


def told(room: Newsroom) -> str:
    """Return the text of the edition that is sent."""
    assert room.digest("send", "--yes").code == 0
    (mail,) = room.mails()
    return mail.read_text(encoding="utf-8")


def titles(room: Newsroom) -> list[str]:
    """Return what the sources are called."""
    return [each["title"] for each in room.digest("sources", "--json", now=None).values]


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Al Jazeera", "Al Jazeera"),
        ("Al Jazeera - Top Stories", "Al Jazeera"),
        ("&lt;b&gt;Al&lt;/b&gt; Jaz\u202eeera", "Al Jazeera"),
        ("RSS", "aje"),
        ("", "aje"),
        (f"Al Jazeera {'and more ' * 30}", f"Al Jazeera{' and more' * 7} and…"),
    ],
)
def test_a_feed_is_called_what_it_calls_itself(room: Newsroom, title: str, shown: str) -> None:
    room.source("aje", titled(title))
    room.digest("collect")
    assert titles(room) == [shown]


def test_readers_see_the_name_of_a_feed_that_has_not_changed_since(room: Newsroom) -> None:
    room.source("aje", titled("Al Jazeera - Top Stories"))
    room.digest("collect")
    again = room.digest("collect", "--json")
    assert [each["status"] for each in again.values] == ["unchanged"]
    mail = told(room)
    assert "Al Jazeera" in mail
    assert "aje\n" not in mail


def test_readers_see_the_name_of_a_feed_that_is_not_due_or_does_not_answer_any_more(room: Newsroom) -> None:
    room.site += LOOPBACK
    with FeedServer() as server:
        url = server.answers("/feed", titled("Al Jazeera").encode())
        room.sources["aje"] = f'url = "{url}"\n'
        assert [each["status"] for each in room.digest("collect", "--json").values] == ["new"]
        assert [each["status"] for each in room.digest("collect", "--json").values] == ["not due"]
        (preview,) = room.digest("preview", "--json").values
        assert "Al Jazeera" in Path(preview["html"]).read_text(encoding="utf-8")
        server.answers("/feed", status=500)
        asked = [room.digest("collect", "--force", "--json").values[0]["status"] for _ in range(2)]
        assert asked == ["unchanged", "failed"]
    assert titles(room) == ["Al Jazeera"]
    assert room.digest("send", "--yes").code == 3  # its only source failed
    assert room.digest("edition", "approve", "daily/2026-03-04").code == 0
    assert "Al Jazeera" in told(room)


def test_another_address_is_another_source_and_says_itself_what_it_is_called(room: Newsroom) -> None:
    room.site += LOOPBACK
    with FeedServer() as server:
        room.sources["aje"] = f'url = "{server.answers("/one", titled("Al Jazeera").encode())}"\n'
        room.digest("collect")
        room.sources["aje"] = f'url = "{server.answers("/two", titled("The Tarn").encode())}"\n'
        room.digest("collect")
    assert titles(room) == ["The Tarn"]


@pytest.mark.parametrize("title", ["The Channel", "aje"])
def test_what_the_config_says_wins_also_where_it_is_the_slug(room: Newsroom, title: str) -> None:
    room.source("aje", titled("Al Jazeera"), more=f'title = "{title}"')
    mail = told(room)
    assert titles(room) == [title]
    assert "Al Jazeera" not in mail


def test_an_edition_that_is_composed_anew_keeps_the_names(room: Newsroom) -> None:
    room.source("aje", titled("Al Jazeera"))
    assert room.digest("edition", "compose", "--now", NOW.isoformat()).code in (0, 3)
    assert room.digest("edition", "drop", "daily/2026-03-04", "4").code in (0, 3)
    assert "Al Jazeera" in told(room)


def test_one_source_is_shown_by_name(room: Newsroom) -> None:
    room.source("aje", titled("Al Jazeera"))
    room.digest("collect")
    assert "aje (Al Jazeera)" in room.digest("sources", "show", "aje", now=None).out
    assert "Al Jazeera" in room.digest("sources", now=None).out
