"""An index of sitemaps is followed to those that hold the news, politely and safely."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from digest.collect.gather import gather
from digest.collect.limits import Limits
from digest.model import Outcome, Source, SourcePart, SourceState
from digest.store import values
from tests.collect.feedserver import FeedServer

NOW = datetime(2026, 3, 4, 13, 0, tzinfo=UTC)
LIMITS = Limits(host_gap=0, allow_hosts=("127.0.0.1",), connect_timeout=60, total_timeout=60)


@pytest.fixture
def server() -> Iterator[FeedServer]:
    """A server on loopback."""
    with FeedServer() as server:
        yield server


def index(*addresses: str) -> bytes:
    return f"<sitemapindex>{''.join(f'<sitemap><loc>{a}</loc></sitemap>' for a in addresses)}</sitemapindex>".encode()


def news(*articles: tuple[str, str]) -> bytes:
    """Return a news sitemap of articles, each its name and its day."""
    return (
        "<urlset>"
        + "".join(
            f"<url><loc>https://a.example/{name}</loc><news><publication><name>The Lamp</name></publication>"
            f"<publication_date>{day}</publication_date><title>Story {name}</title></news></url>"
            for name, day in articles
        )
        + "</urlset>"
    ).encode()


def check(url: str, state: SourceState | None = None, limits: Limits = LIMITS) -> Outcome:
    source = Source(slug="lamp", title="lamp", kind="sitemap", url=url, full_text=False)
    return gather([source], {"lamp": state} if state else {}, NOW, limits, force=True)[0]


def headlines(outcome: Outcome) -> list[str]:
    return [article.headline for article in outcome.articles]


def test_the_news_of_all_parts_comes_newest_first_and_each_once(server: FeedServer) -> None:
    one = server.answers("/news-1.xml", news(("a", "2026-03-01"), ("b", "2026-03-03")))
    two = server.answers("/news-2.xml", news(("c", "2026-03-02"), ("a", "2026-03-01")))

    outcome = check(server.answers("/sitemap.xml", index(one, two)))

    assert (outcome.status, headlines(outcome)) == ("new", ["Story b", "Story c", "Story a"])
    assert outcome.state is not None
    assert outcome.state.introduction.title == "The Lamp"
    assert server.paths() == ["/sitemap.xml", "/news-1.xml", "/news-2.xml"]


def test_parts_are_asked_only_for_what_is_new_even_where_the_index_is_the_same(server: FeedServer) -> None:
    one = server.answers("/one.xml", news(("a", "2026-03-01")), ETag='"1"')
    two = server.answers("/two.xml", news(("b", "2026-03-02")), Last_Modified="Wed, 04 Mar 2026 10:00:00 GMT")
    url = server.answers("/sitemap.xml", index(one, two), ETag='"i"')
    for path in ("/sitemap.xml", "/one.xml", "/two.xml"):
        server.answers(path, status=304)
    server.answers("/two.xml", news(("c", "2026-03-03")))
    first = check(url)

    unchanged = check(url, values.load(SourceState, values.dump(first.state)))

    later = check(url, unchanged.state)

    asked = [each.headers for each in server.asked[3:6]]
    assert headlines(first) == ["Story b", "Story a"]
    assert (unchanged.status, unchanged.articles) == ("unchanged", ())
    assert [headers.get("If-None-Match") for headers in asked] == ['"i"', '"1"', None]
    assert asked[2]["If-Modified-Since"] == "Wed, 04 Mar 2026 10:00:00 GMT"
    assert (later.status, headlines(later)) == ("new", ["Story c"])


def test_a_part_that_fails_costs_the_others_nothing_and_is_asked_for_again(server: FeedServer) -> None:
    bad = server.answers("/bad.xml", b"<urlset><url><loc>https://a.example/x</loc></url></urlset>")
    away = server.answers("/away.xml", status=503)
    nested = server.answers("/nested.xml", index(bad))
    good = server.answers("/good.xml", news(("a", "2026-03-01")), ETag='"1"')
    url = server.answers("/sitemap.xml", index(bad, away, nested, good), ETag='"i"')
    server.answers("/sitemap.xml", status=304)
    server.answers("/good.xml", status=304)
    server.answers("/away.xml", news(("b", "2026-03-02")))

    outcome = check(url)

    assert (outcome.status, headlines(outcome)) == ("new", ["Story a"])
    assert [note.partition(server.url(""))[2].partition(": ")[2] for note in outcome.notes] == [
        "a sitemap of 1 addresses without headlines; give the address of the site's news sitemap, or of its feed",
        "the server answers 503",
        "an index within an index; name one of its sitemaps",
    ]
    assert headlines(check(url, outcome.state)) == ["Story b"]


def test_where_every_part_fails_the_source_has_failed(server: FeedServer) -> None:
    url = server.answers("/sitemap.xml", index(server.url("/none.xml")))

    outcome = check(url)

    assert outcome.status == "failed"
    assert f"none of its 1 sitemaps could be read; {server.url('/none.xml')}: the server answers 404" in outcome.error
    assert outcome.state is not None
    assert outcome.state.failures == 1


def test_a_private_address_is_refused_on_the_way_to_a_part_too(server: FeedServer) -> None:
    redirect = server.answers("/part.xml", status=302, Location="http://10.0.0.1/news.xml")
    own = server.answers("/own.xml", news(("a", "2026-03-01")))
    url = server.answers("/sitemap.xml", index(redirect, "http://10.0.0.1/news.xml", own))

    outcome = check(url)

    assert headlines(outcome) == ["Story a"]
    assert outcome.notes[0] == "left out 1 sitemaps of other sites"
    assert "10.0.0.1" in outcome.notes[1]
    assert "add it to allow_hosts" in outcome.notes[1]


def test_what_was_an_index_may_become_a_sitemap(server: FeedServer) -> None:
    url = server.answers("/sitemap.xml", index(server.answers("/one.xml", news(("a", "2026-03-01")))))
    server.answers("/sitemap.xml", news(("b", "2026-03-02")))

    outcome = check(url, check(url).state)

    assert headlines(outcome) == ["Story b"]
    assert outcome.state is not None
    assert outcome.state.parts == ()


def test_a_changed_setting_asks_for_whole_parts_again(server: FeedServer) -> None:
    one = server.answers("/one.xml", news(("a", "2026-03-01")), ETag='"1"')
    state = check(server.answers("/sitemap.xml", index(one))).state
    assert state is not None
    assert [part.etag for part in state.parts] == ['"1"']

    again = check(server.url("/sitemap.xml"), replace(state, read_as="another section"))

    assert headlines(again) == ["Story a"]
    assert "If-None-Match" not in server.asked[-1].headers


def test_an_index_in_a_file_names_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "sitemap.xml").write_bytes(index("https://a.example/news.xml"))
    source = Source(slug="lamp", title="lamp", kind="sitemap", path=str(tmp_path / "sitemap.xml"))

    outcome = gather([source], {}, NOW, LIMITS)[0]

    assert "name one of them, such as https://a.example/news.xml" in outcome.error


def test_what_an_older_version_remembered_is_read() -> None:
    assert values.load(SourceState, '{"slug": "lamp", "etag": "x"}').parts == ()
    assert (
        values.load(SourceState, values.dump(SourceState("lamp", parts=(SourcePart("u", "e"),)))).parts[0].etag == "e"
    )
