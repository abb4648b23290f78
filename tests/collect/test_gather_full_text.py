"""Where a source asks for full texts, its articles' pages are read, as far as the site allows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from digest.collect.gather import gather
from digest.collect.limits import Limits
from digest.model import Article, Outcome, Source
from tests.collect.feedserver import FeedServer

NOW = datetime(2026, 3, 4, 13, 0, tzinfo=UTC)
LIMITS = Limits(host_gap=0, allow_hosts=("127.0.0.1",), full_texts=2)
SENTENCES = [
    f"On day {number} the harbour master of Lower Tarn counted {number + 40} boats and wrote down what each had caught."
    for number in range(12)
]
PAGE = (
    "<html><head><title>Boats of Lower Tarn</title></head><body><article><h1>Boats of Lower Tarn</h1>"
    f"<p>By Ada Quill</p>{''.join(f'<p>{sentence}</p>' for sentence in SENTENCES)}</article></body></html>"
).encode()


@pytest.fixture
def server() -> Iterator[FeedServer]:
    """A server on loopback."""
    with FeedServer() as server:
        yield server


def feed(server: FeedServer, *paths: str, text: str = "A beginning.") -> str:
    """Let the server give a feed of articles at these paths, and return its address."""
    items = "".join(
        f"<item><title>Boats {path}</title><link>{server.url(path)}</link><description>{text}</description></item>"
        for path in paths
    )
    return server.answers("/feed", f"<rss><channel>{items}</channel></rss>".encode())


def check(url: str, **options) -> Outcome:
    """Ask the source at ``url``."""
    return gather([Source(slug="tarn", title="Tarn", url=url, full_text=True)], {}, NOW, LIMITS, **options)[0]


def test_an_articles_text_comes_from_its_page(server: FeedServer) -> None:
    server.answers("/a", PAGE)
    article = check(feed(server, "/a")).articles[0]
    assert SENTENCES[0] in article.body
    assert SENTENCES[-1] in article.body
    assert (article.headline, article.dek) == ("Boats /a", "A beginning.")


def test_no_more_pages_are_fetched_than_the_limit_says(server: FeedServer) -> None:
    for path in ("/a", "/b", "/c"):
        server.answers(path, PAGE)
    articles = check(feed(server, "/a", "/b", "/c")).articles
    assert [bool(article.body) for article in articles] == [True, True, False]


def test_what_was_read_before_is_not_fetched_again(server: FeedServer) -> None:
    server.answers("/a", PAGE)
    url = feed(server, "/a")
    before = check(url).articles[0]
    asked = len(server.asked)

    def remembered(source: Source) -> dict[str, Article]:
        return {before.url: replace(before, body=before.body + "\n\nAs it was kept.")}

    article = check(url, remembered=remembered).articles[0]
    assert article.body.endswith("As it was kept.")
    assert len(server.asked) == asked + 1


def test_a_text_that_the_feed_gives_whole_is_not_fetched(server: FeedServer) -> None:
    body = f"<content:encoded>{'word ' * 200}</content:encoded>"
    item = f"<item><title>Whole</title><link>{server.url('/a')}</link>{body}</item>"
    check(server.answers("/feed", f"<rss><channel>{item}</channel></rss>".encode()))
    assert server.paths() == ["/feed"]


def test_robots_txt_is_asked_once_and_obeyed(server: FeedServer) -> None:
    server.answers("/robots.txt", b"User-agent: *\nDisallow: /a\n")
    server.answers("/a", PAGE)
    server.answers("/b", PAGE)
    outcome = check(feed(server, "/a", "/b"))
    assert [bool(article.body) for article in outcome.articles] == [False, True]
    assert server.paths().count("/robots.txt") == 1
    assert "/a" not in server.paths()
    assert "robots.txt keeps its pages" in outcome.notes[0]


def test_rules_that_cannot_be_had_forbid_everything(server: FeedServer) -> None:
    server.answers("/robots.txt", status=503)
    server.answers("/a", PAGE)
    assert check(feed(server, "/a")).articles[0].body == ""


def test_a_page_that_cannot_be_read_leaves_the_article_as_the_feed_gives_it(server: FeedServer) -> None:
    outcome = check(feed(server, "/gone"))
    assert (outcome.status, outcome.articles[0].dek) == ("new", "A beginning.")
    assert "full text not read" in outcome.notes[0]
    assert "404" in outcome.notes[0]
