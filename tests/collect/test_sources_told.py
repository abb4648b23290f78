"""What the command line tells of sources: after collecting, and later."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from digest.cli.show import until
from tests.collect.feedserver import FeedServer
from tests.newsroom import NOW, Newsroom


def lines(text: str, start: str) -> list[str]:
    """The lines of a table that begin with a source's slug."""
    return [line for line in text.splitlines() if line.startswith(start)]


def test_the_table_at_the_end_tells_what_is_new_of_each_source(newsroom: Newsroom) -> None:
    newsroom.source("torn", "<html><title>Hello</title></html>")
    table = newsroom.digest("collect").out
    assert lines(table, "herald")[0].split() == ["herald", "new", "4", "4", "always"]
    assert "an HTML page 'Hello'" in lines(table, "torn")[0]
    newsroom.report("herald", "Ferry pulled free at high tide", "Council votes to keep the old market hall")
    again = newsroom.digest("collect").out
    assert lines(again, "courier")[0].split() == ["courier", "unchanged", "always"]
    assert lines(again, "herald")[0].split()[:4] == ["herald", "new", "2", "1"]


def test_a_sources_health_is_shown_day_by_day(newsroom: Newsroom) -> None:
    today = datetime.now(UTC)
    newsroom.source("torn", "nothing", suffix="xml")
    newsroom.digest("collect", now=today - timedelta(days=1))
    newsroom.digest("collect", now=today)
    table = newsroom.digest("sources", now=None).out
    assert "............+=" in lines(table, "herald")[0]
    assert "............xx" in lines(table, "torn")[0]
    assert "2 times in a row" in lines(table, "torn")[0]
    (herald, *_) = newsroom.digest("sources", "--json", now=None).values
    assert [day["new"] for day in herald["days"]][-2:] == [4, 0]


def test_one_source_is_shown_with_its_last_checks(newsroom: Newsroom) -> None:
    newsroom.digest("collect")
    shown = newsroom.digest("sources", "show", "herald", now=None).out
    assert "herald.xml" in shown
    assert lines(shown, f"{NOW:%Y-%m-%d %H:%M}")[0].split()[2:5] == ["new", "4", "4"]
    (check,) = newsroom.digest("sources", "show", "herald", "--json", now=None).values
    assert (check["status"], check["new"]) == ("new", 4)


def test_a_source_that_is_not_there_is_answered_with_those_that_are(newsroom: Newsroom) -> None:
    ran = newsroom.digest("sources", "show", "harold", now=None)
    assert ran.code == 2
    assert "herald, courier" in ran.err


def test_without_sources_the_way_to_one_is_told(newsroom: Newsroom) -> None:
    newsroom.sources.clear()
    assert "digest sources add" in newsroom.digest("sources", now=None).out
    assert "digest sources add" in newsroom.digest("collect").out


@pytest.mark.parametrize(
    ("minutes", "told"), [(-5, "now"), (0, "now"), (25, "in 25 min"), (180, "in 3 h"), (3 * 1440, "in 3 days")]
)
def test_a_time_to_come_is_told_as_people_do(minutes: int, told: str) -> None:
    assert until(NOW + timedelta(minutes=minutes), NOW) == told


def test_a_page_that_lists_articles_is_added_as_such(newsroom: Newsroom) -> None:
    cards = "".join(
        f"<li><h3><a href='/{n}'>The harbour on day {n} of the fair</a></h3><p>What was told that day.</p></li>"
        for n in range(6)
    )
    page = f"<html><head><title>The Tarn</title><meta property='og:site_name' content='The Tarn'></head><body><ul>{cards}</ul></body></html>"
    newsroom.site += '\n[collect]\nallow_hosts = ["127.0.0.1"]\nhost_gap = 0.0'
    with FeedServer() as server:
        url = server.answers("/front", page.encode())
        assert "--kind page" in newsroom.digest("sources", "add", url, "--yes", now=None).err
        ran = newsroom.digest("sources", "add", "--kind", "page", url, "--yes", now=None)
    assert "The Tarn, 6 articles" in ran.out
    assert 'kind = "page"' in (newsroom.folder / "config.toml").read_text()


def test_an_index_of_sitemaps_is_added_by_what_its_newest_one_holds(newsroom: Newsroom) -> None:
    newsroom.site += '\n[collect]\nallow_hosts = ["127.0.0.1"]\nhost_gap = 0.0'
    news = (
        "<urlset><url><loc>https://tarn.example/a</loc><news><publication><name>The Tarn</name></publication>"
        "<title>The harbour on the first day of the fair</title></news></url></urlset>"
    )
    with FeedServer() as server:
        part = server.answers("/news.xml", news.encode())
        index = f"<sitemapindex><sitemap><loc>{part}</loc></sitemap></sitemapindex>"
        url = server.answers("/sitemap.xml", index.encode())
        ran = newsroom.digest("sources", "add", "--kind", "sitemap", url, "--yes", now=None)
    assert "The Tarn, 1 article" in ran.out
    assert f'url = "{url}"' in (newsroom.folder / "config.toml").read_text()


def test_a_check_of_the_config_fetches_no_articles_page(newsroom: Newsroom) -> None:
    newsroom.site += '\n[collect]\nallow_hosts = ["127.0.0.1"]\nhost_gap = 0.0'
    with FeedServer() as server:
        item = f"<item><title>Ferry aground</title><link>{server.url('/a')}</link></item>"
        url = server.answers("/feed", f"<rss><channel>{item}</channel></rss>".encode())
        newsroom.sources["tarn"] = f'url = "{url}"\n'
        newsroom.digest("check")
        assert "/feed" in server.paths()
        assert "/a" not in server.paths()
        newsroom.digest("collect")
        assert "/a" in server.paths()
