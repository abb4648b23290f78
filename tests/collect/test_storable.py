"""What nothing can keep never leaves collecting, whichever source it came from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from digest.collect.gather import gather
from digest.collect.limits import Limits
from digest.collect.storable import storable
from digest.model import Article, Headline, Outcome, Picture, Source
from tests.collect.feedserver import FeedServer
from tests.collect.test_feed import RSS_20

NOW = datetime(2026, 3, 4, 13, 0, tzinfo=UTC)
LIMITS = Limits(host_gap=0, allow_hosts=("127.0.0.1",), connect_timeout=60, total_timeout=60)
HALF = json.loads('"\\ud83d"')
ANY = st.text(st.characters() | st.sampled_from([HALF, "\x00", "\ufffe"]), max_size=20)


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with FeedServer() as server:
        yield server


def check(*sources: Source) -> tuple[Outcome, ...]:
    return gather(sources, {}, NOW, LIMITS)


@given(headline=ANY, dek=ANY, beside=ANY)
def test_any_article_can_be_kept_afterwards(headline: str, dek: str, beside: str) -> None:
    article = storable(Article("", "s", "", headline, dek, image=Picture(beside), related=(Headline(beside, ""),)))
    kept = TypeAdapter(Article).dump_json(article)
    assert TypeAdapter(Article).validate_json(kept) == article
    assert "\\u0000" not in kept.decode()
    assert storable(article) is article


def test_a_day_beyond_all_zones_is_none() -> None:
    first = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14)))
    assert storable(Article("", "s", "", "h", published_at=first, updated_at=NOW)) == Article(
        "", "s", "", "h", updated_at=NOW
    )


def test_a_server_whose_headers_are_no_text_costs_nobody_anything(server: FeedServer) -> None:
    url = server.answers("/feed", RSS_20, ETag='"\xff"', Last_Modified="\xff")
    (outcome,) = check(Source(slug="s", title="S", url=url))
    assert outcome.status == "new"
    assert outcome.state is not None
    assert (outcome.state.etag, outcome.state.last_modified) == ("", "")


def test_a_redirect_to_what_is_no_address_is_told_as_such(server: FeedServer) -> None:
    url = server.answers("/feed", b"", 302, Location="http://[/")
    (outcome,) = check(Source(slug="s", title="S", url=url))
    assert "redirected to what is no address: http://[/" in outcome.error


def test_a_page_whose_data_hold_half_a_character_is_read_without_it(tmp_path: Path) -> None:
    data = '{"@type":"NewsArticle","headline":"Half \\ud83d\\u0000 a sign in town","author":{"name":"Ada \\udc00Holm"}}'
    text = "<p>The town met in the hall and talked of the harbour until it was dark.</p>" * 20
    (tmp_path / "page.html").write_text(
        f'<html><head><script type="application/ld+json">{data}</script></head><body><article>{text}</article></body></html>'
    )
    (outcome,) = check(Source(slug="s", title="S", kind="page", path=str(tmp_path / "page.html")))
    assert outcome.status == "new", outcome.error
    TypeAdapter(Outcome).dump_json(outcome)
