"""Commands that look and change nothing: check, sources, schedule, inspect, preview."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from digest.bootstrap import build
from digest.cli.root import run
from digest.config import read_config
from tests.newsroom import EVENTS, NOW, Newsroom, feed


def test_check_finds_what_would_fail_and_says_the_mend(newsroom: Newsroom) -> None:
    newsroom.comes_with_store = False
    newsroom.newsletter += '\ntemplate = "mornin"'
    newsroom.source("torn", b"<!doctype html><title>Oops</title>")
    ran = newsroom.digest("check", "--json")
    found = {each["part"]: each for each in ran.values}
    assert ran.code == 1
    assert found["source torn"]["finding"] == "warning"
    assert found["template mornin"]["finding"] == "fault"
    assert "there are: " in found["template mornin"]["what"]
    assert "digest subscribers add daily" in found["newsletter daily"]["what"]
    assert not (newsroom.folder / "var").exists()


def test_check_is_content_with_what_works(newsroom: Newsroom) -> None:
    newsroom.add("ada@reader.example.org")
    ran = newsroom.digest("check")
    assert ran.code == 0, ran.out
    assert "0 faults, 0 warnings" in ran.out


def test_check_goes_on_where_a_list_is_named_that_the_next_start_makes(newsroom: Newsroom) -> None:
    newsroom.add("ada@reader.example.org")
    newsroom.newsletter += '\nlists = ["daily", "members"]'
    ran = newsroom.digest("check")
    assert ran.code == 0, ran.out
    assert "1 gets mail on daily, members" in ran.out
    assert "0 faults" in ran.out


def test_where_no_article_is_new_enough_it_says_which_days_are_meant(newsroom: Newsroom) -> None:
    newsroom.digest("collect")
    later = NOW + timedelta(days=3)
    ran = newsroom.digest("group", now=later)
    assert "no article dated from 2026-03-06 06:30 to 2026-03-07 06:30 UTC is stored" in ran.err
    assert "nothing to send: no article dated from 2026-03-06 06:30" in newsroom.digest("preview", now=later).err


def test_sources_shows_the_last_check(newsroom: Newsroom) -> None:
    newsroom.source("torn", b"")
    newsroom.digest("collect")
    rows = {row["source"]: row for row in newsroom.digest("sources", "--json").values}
    assert rows["herald"]["checked_at"] == "2026-03-04 06:30"
    assert rows["herald"]["error"] == ""
    assert rows["torn"]["failures"] == 1
    assert rows["torn"]["error"]


def test_a_file_is_named_as_the_config_names_it(newsroom: Newsroom) -> None:
    newsroom.source("torn", "<html><title>Hello</title></html>")
    newsroom.sources["gone"] = 'path = "there/gone.xml"\n'
    newsroom.sources["pages"] = 'kind = "folder"\npath = "torn.xml"\n'
    newsroom.sources["afar"] = f'path = "{newsroom.folder}/afar.xml"\n'
    collected, checked = newsroom.digest("collect"), newsroom.digest("check")
    for out in (collected.out, checked.out):
        assert " torn.xml: an HTML page 'Hello'" in out
        assert " there/gone.xml: cannot be read: No such file" in out
        assert " torn.xml: folder not read: torn.xml is no folder" in out
        assert f" {newsroom.folder}/afar.xml: cannot be read" in out
    assert "torn.xml\n" in newsroom.digest("sources", "show", "torn", now=None).out
    assert str(newsroom.folder) not in newsroom.digest("sources", "show", "torn", now=None).out


def test_collecting_twice_finds_nothing_new(newsroom: Newsroom) -> None:
    assert "6 new articles" in newsroom.digest("collect").out
    assert "0 new articles" in newsroom.digest("collect", "--force").out


def test_collecting_from_nothing_but_broken_sources_fails(newsroom: Newsroom) -> None:
    newsroom.sources.clear()
    newsroom.source("torn", b"")
    ran = newsroom.digest("collect")
    assert ran.code == 1
    assert "torn" in ran.out


def test_the_schedule_lists_the_next_runs_in_local_time_and_utc(newsroom: Newsroom) -> None:
    newsroom.newsletter += '\nsend_at = "07:00"\ntimezone = "Asia/Tokyo"\ndays = ["mon"]'
    rows = newsroom.digest("schedule", "--count", "2", "--json").values
    assert [(row["local"], row["utc"]) for row in rows] == [
        ("2026-03-09 07:00", "2026-03-08 22:00"),
        ("2026-03-16 07:00", "2026-03-15 22:00"),
    ]


def test_the_schedule_tells_the_waves_of_a_newsletter_that_goes_in_its_readers_time(newsroom: Newsroom) -> None:
    newsroom.newsletter += '\nsend_at = "07:00"\ntimezone = "Europe/Berlin"\nreaders_time = true'
    newsroom.add("ann@example.org")
    newsroom.digest("subscribers", "add", "daily", "kei@example.org", "--field", "timezone=Asia/Tokyo")
    newsroom.digest("subscribers", "add", "daily", "luc@example.org", "--field", "timezone=Europe/Paris")
    rows = newsroom.digest("schedule", "--count", "2", "--json").values
    assert [(row["utc"], row["zones"], row["date"]) for row in rows] == [
        ("2026-03-04 22:00", ["Asia/Tokyo"], "2026-03-05"),
        ("2026-03-05 06:00", ["Europe/Berlin", "Europe/Paris"], "2026-03-05"),
    ]
    assert "Europe/Berlin, Europe/Paris" in newsroom.digest("schedule", "--count", "2").out


def test_the_schedule_tells_what_was_missed_and_what_becomes_of_it(newsroom: Newsroom) -> None:
    newsroom.newsletter += '\nsend_at = "04:30"\nlate_hours = 3'
    app = build(read_config(newsroom.write_config()), now=NOW)
    app.store.meta.set("last run of daily", (NOW - timedelta(days=1)).isoformat())
    app.store.close()
    first, second = newsroom.digest("schedule", "--count", "1", "--json").values
    assert (first["local"], first["missed"], first["action"]) == ("2026-03-04 04:30", True, "send")
    assert (second["local"], second["missed"]) == ("2026-03-05 04:30", False)
    assert "will be sent: 2.0 hours late" in newsroom.digest("schedule").out
    newsroom.newsletter = newsroom.newsletter.replace("late_hours = 3", "late_hours = 1")
    assert "will be skipped" in newsroom.digest("schedule").out


def test_a_preview_of_an_edition_that_has_gone_says_so_in_a_line(newsroom: Newsroom) -> None:
    newsroom.add("ada@reader.example.org")
    before = newsroom.digest("preview")
    assert "sent" not in before.out + before.err
    assert newsroom.digest("preview", "--json").values[0]["state"] is None
    newsroom.digest("send", "--yes")
    after = newsroom.digest("preview")
    (line,) = after.err.splitlines()
    assert line == "daily/2026-03-04 was sent already: these are its stories, in the templates as they are now"
    assert newsroom.digest("preview", "--json").values[0]["state"] == "sent"


def test_preview_writes_files_and_keeps_no_edition(newsroom: Newsroom) -> None:
    (written,) = newsroom.digest("preview", "--json").values
    assert EVENTS[0].split()[0] in Path(written["html"]).read_text()
    assert EVENTS[0] in " ".join(Path(written["text"]).read_text().split())
    assert b"\r\nFrom: The Daily <news@daily.example>\r\n" in Path(written["eml"]).read_bytes()
    least = len(Path(written["html"]).read_bytes())
    assert least <= written["bytes"] <= least + 4000  # with the longest links that a reader may have
    page = (Path(written["html"]).parent / "index.html").read_text()
    assert page.count("<iframe") == 4
    assert "List-Unsubscribe: " in page
    assert newsroom.digest("edition", "list").out.startswith("no edition yet")


def test_inspect_feed_prints_what_was_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = tmp_path / "good.xml", tmp_path / "bad.xml"
    good.write_text(feed("herald", [(EVENTS[0], NOW)]))
    bad.write_text("<!doctype html><title>Oops</title>")
    assert run(["inspect", "feed", str(good), str(bad), "nowhere.xml", "--json"]) == 1
    read, page, missing = map(json.loads, capsys.readouterr().out.splitlines())
    assert set(read) == {"file", "title", "link", "entries", "error"}
    (entry,) = read["entries"]
    assert set(entry) == {"id", "headline", "url", "published_at", "updated_at", "dek", "body", "byline"}
    assert (entry["headline"], entry["published_at"]) == (EVENTS[0], "2026-03-04T06:30:00Z")
    assert "HTML" in page["error"]
    assert "cannot be read" in missing["error"]


def test_inspect_page_prints_what_was_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        "<html><head><title>Ferry aground | The Herald</title><meta property='og:site_name' content='The Herald'></head>"
        "<body><article><h1>Ferry aground</h1><p class='byline'>By Ada Quill</p>"
        + "".join(
            f"<p>The ferry ran aground in thick fog near the pier, part {n} of the long account.</p>" for n in range(6)
        )
        + "</article></body></html>"
    )
    manifest = tmp_path / "pages.jsonl"
    manifest.write_text(json.dumps({"file": str(page), "url": "https://herald.example/ferry"}) + "\n")
    assert run(["inspect", "page", "--manifest", str(manifest), "--json"]) == 0
    (read,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert set(read) == {
        "file",
        "url",
        "headline",
        "byline",
        "published_at",
        "image_url",
        "site",
        "body",
        "related",
        "error",
    }
    assert read["headline"] == "Ferry aground"
    assert read["byline"] == ["Ada Quill"]
    assert "thick fog" in read["body"]


def test_inspecting_a_page_shows_people_what_is_read_from_it(capsys: pytest.CaptureFixture[str]) -> None:
    samples = Path(__file__).parents[2] / "samples"
    assert run(["inspect", "page", str(samples / "the-lantern.html"), "nowhere.html"]) == 1
    read, refused = capsys.readouterr().out.split("nowhere.html")
    assert "the-lantern.html: Harbour Board Was Warned Twice" in read
    assert "byline     Rosalind Achterberg" in read
    assert refused.startswith(": cannot be read")


def test_no_two_new_lists_of_a_newsletter_are_called_the_same(newsroom: Newsroom) -> None:
    newsroom.newsletter += '\nlists = ["founding-members", "daily"]'
    titles = {each["slug"]: each["title"] for each in newsroom.digest("subscribers", "list", "--json").values}
    assert titles == {"daily": "The Daily", "founding-members": "The Daily: founding members"}
