"""Every source gives an outcome, whatever happens to it, and nothing raises."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from digest.collect.gather import gather
from digest.collect.limits import Limits
from digest.model import Outcome, Source, SourceState
from tests.collect.feedserver import FeedServer
from tests.collect.test_feed import ATOM_10, RSS_20

NOW = datetime(2026, 3, 4, 13, 0, tzinfo=UTC)
LIMITS = Limits(host_gap=0, allow_hosts=("127.0.0.1",), connect_timeout=60, total_timeout=60)


@pytest.fixture
def server() -> Iterator[FeedServer]:
    """A server on loopback."""
    with FeedServer() as server:
        yield server


def source(url: str = "", slug: str = "harbour", **facts) -> Source:
    """Return a source."""
    return Source(slug=slug, title="Harbour Post", url=url, **facts)


def check(*sources: Source, state: SourceState | None = None, now: datetime = NOW, **options) -> list[Outcome]:
    """Ask sources, the first of them remembered as ``state``."""
    states = {state.slug: state} if state else {}
    return list(gather(sources, states, now, LIMITS, **options))


def test_a_local_file_gives_its_articles_with_what_the_source_adds(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_bytes(RSS_20)
    facts = {"path": str(tmp_path / "feed.xml"), "owner": "harbour-group", "weight": 2.0, "section": "Sea"}
    outcome = check(source(**facts))[0]
    article = outcome.articles[0]
    assert (outcome.status, outcome.error, outcome.size) == ("new", "", len(RSS_20))
    assert (article.key, article.source, article.owner, article.weight) == ("", "harbour", "harbour-group", 2.0)
    assert (article.section, article.language, article.position, article.first_seen) == ("Sea", "en-gb", 0, NOW)
    assert article.url == "https://harbour.example/ferry"
    assert outcome.state.next_check_at is None


def test_a_local_file_that_has_not_changed_is_read_again_only_where_the_config_has(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_bytes(RSS_20)
    path = str(tmp_path / "feed.xml")
    state = check(source(path=path))[0].state
    assert check(source(path=path), state=state)[0].status == "unchanged"
    again = check(source(path=path, section="Sea"), state=state)[0]
    assert (again.status, again.articles[0].section) == ("new", "Sea")
    (tmp_path / "feed.xml").write_bytes(ATOM_10)
    assert check(source(path=path), state=state)[0].status == "new"


def test_a_changed_setting_asks_for_the_whole_body_again(server: FeedServer) -> None:
    url = server.answers("/feed", RSS_20, ETag='"1"')
    state = check(source(url))[0].state
    assert check(source(url, weight=2.0), state=state)[0].articles[0].weight == 2.0
    assert "If-None-Match" not in server.asked[1].headers


def test_an_owner_is_the_source_itself_where_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_bytes(ATOM_10)
    assert check(source(path=str(tmp_path / "feed.xml")))[0].articles[0].owner == "harbour"


def test_an_entry_without_a_headline_is_named_by_its_opening_and_an_empty_one_left_out(tmp_path: Path) -> None:
    text = "The ferry that ran aground on Tuesday has been pulled free by two tugs and a great many hopeful onlookers."
    raw = f"<rss><channel><item><description>{text}</description></item><item><guid>1</guid></item></channel></rss>"
    (tmp_path / "feed.xml").write_text(raw)
    outcome = check(source(path=str(tmp_path / "feed.xml")))[0]
    assert [article.headline for article in outcome.articles] == [
        "The ferry that ran aground on Tuesday has been pulled free by two tugs and a great many hopeful…"
    ]
    assert "left out: 1" in outcome.notes[0]


def test_what_fails_is_reported_by_name_and_costs_nobody_else_anything(server: FeedServer, tmp_path: Path) -> None:
    (tmp_path / "page.xml").write_text("<html><title>Sorry</title></html>")
    outcomes = check(
        source(server.answers("/feed", RSS_20)),
        source(server.answers("/html", b"<html><title>Oops</title></html>"), "html"),
        source(server.url("/none"), "none"),
        source(server.answers("/wall", b"<title>Just a moment...</title>", status=403), "wall"),
        source(server.answers("/gone", status=410), "gone"),
        source(server.answers("/empty"), "empty"),
        source("http://10.0.0.1/feed", "private"),
        source(path=str(tmp_path / "page.xml"), slug="file"),
        source(path=str(tmp_path / "missing.xml"), slug="missing"),
    )
    errors = {outcome.source.slug: outcome.error for outcome in outcomes}
    assert [outcome.status for outcome in outcomes] == ["new"] + ["failed"] * 8
    assert errors["html"] == f"{server.url('/html')}: an HTML page 'Oops', not a feed"
    assert errors["none"] == f"{server.url('/none')}: not found (404)"
    assert "answers 403 with a challenge page 'Just a moment...'" in errors["wall"]
    assert "gone for good (410)" in errors["gone"]
    assert errors["empty"].endswith("an empty body, not a feed")
    assert "add it to allow_hosts" in errors["private"]
    assert errors["file"].endswith("page.xml: an HTML page 'Sorry', not a feed")
    assert "missing.xml: cannot be read" in errors["missing"]
    assert all(outcome.state.error == outcome.error for outcome in outcomes)


def test_outcomes_come_in_the_order_of_the_sources_and_are_told_as_they_come(server: FeedServer) -> None:
    told: list[str] = []
    sources = [source(server.answers(f"/{name}", RSS_20), name) for name in "abc"]
    outcomes = check(*sources, on_outcome=lambda outcome: told.append(outcome.source.slug))
    assert [outcome.source.slug for outcome in outcomes] == ["a", "b", "c"]
    assert sorted(told) == ["a", "b", "c"]


def test_the_next_request_asks_only_for_what_is_new(server: FeedServer) -> None:
    url = server.answers("/feed", RSS_20, ETag='W/"x y"', Last_Modified="Wed, 04 Mar 2026 11:00:00 GMT")
    server.answers("/feed", status=304)
    first = check(source(url))[0]
    second = check(source(url), state=first.state, force=True)[0]
    assert (second.status, second.articles) == ("unchanged", ())
    assert server.asked[1].headers["If-None-Match"] == 'W/"x y"'
    assert server.asked[1].headers["If-Modified-Since"] == "Wed, 04 Mar 2026 11:00:00 GMT"
    assert (second.state.etag, second.state.body_hash) == ('W/"x y"', first.state.body_hash)


def test_the_same_body_again_is_unchanged_without_any_mark(server: FeedServer) -> None:
    url = server.answers("/feed", RSS_20)
    first = check(source(url))[0]
    later = NOW + timedelta(hours=2)
    assert check(source(url), state=first.state, now=later)[0].status == "unchanged"
    assert check(source(url), state=first.state, now=later)[0].state.changed_at == NOW


def test_a_source_is_left_alone_until_the_time_its_feed_asks_for(server: FeedServer) -> None:
    url = server.answers("/feed", RSS_20)
    state = check(source(url))[0].state
    assert state.next_check_at == NOW + timedelta(minutes=45)
    assert check(source(url), state=state, now=NOW + timedelta(minutes=44))[0].status == "not due"
    assert len(server.asked) == 1
    assert check(source(url), state=state, now=NOW + timedelta(minutes=45))[0].status == "unchanged"


def test_a_gone_source_is_not_asked_again_until_its_address_changes(server: FeedServer) -> None:
    gone = check(source(server.answers("/feed", status=410)))[0].state
    again = check(source(server.url("/feed")), state=gone, now=NOW + timedelta(days=30))[0]
    assert (again.status, len(server.asked)) == ("not due", 1)
    assert "gone for good" in again.error
    assert check(source(server.answers("/new", RSS_20)), state=gone)[0].status == "new"


def test_retry_after_holds_every_source_of_the_host(server: FeedServer) -> None:
    sources = [source(server.answers(f"/{name}", status=429, Retry_After="600"), name) for name in "abc"]
    outcomes = check(*sources)
    assert [outcome.status for outcome in outcomes] == ["failed", "not due", "not due"]
    assert len(server.asked) == 1
    assert all(outcome.state.next_check_at >= NOW + timedelta(seconds=590) for outcome in outcomes)
    assert outcomes[0].error.endswith("asked too often (429)")


def test_after_three_sightings_of_a_move_the_new_address_is_asked(server: FeedServer) -> None:
    new = server.answers("/new", RSS_20)
    url = server.answers("/old", status=301, Location="/new")
    state = None
    for _ in range(3):
        state = check(source(url), state=state, force=True)[0].state
    assert (state.moved_to, state.moved_seen) == (new, 3)
    check(source(url), state=state, force=True)
    assert server.paths() == ["/old", "/new"] * 3 + ["/new"]


def test_a_changed_address_forgets_the_marks_of_the_old_one(server: FeedServer) -> None:
    state = replace(check(source(server.answers("/feed", RSS_20, ETag='"1"')))[0].state)
    check(source(server.answers("/other", RSS_20)), state=state)
    assert "If-None-Match" not in server.asked[1].headers


def test_an_unknown_kind_is_a_failure_in_words(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"x")
    outcome = check(source(path=str(tmp_path / "x"), kind="telegraph"))[0]
    assert "no reader for kind 'telegraph'" in outcome.error
