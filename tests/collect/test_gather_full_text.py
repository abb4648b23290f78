"""Where a source asks for full texts, its articles' pages are read, as far as the site allows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from digest.collect.gather import gather
from digest.collect.limits import Limits
from digest.model import Article, Outcome, Source, SourceState
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
    assert "robots.txt keeps programs from its pages" in outcome.notes[0]


def test_rules_that_cannot_be_had_forbid_everything(server: FeedServer) -> None:
    server.answers("/robots.txt", status=503)
    server.answers("/a", PAGE)
    assert check(feed(server, "/a")).articles[0].body == ""


def test_a_page_that_cannot_be_read_leaves_the_article_as_the_feed_gives_it(server: FeedServer) -> None:
    outcome = check(feed(server, "/gone"))
    assert (outcome.status, outcome.articles[0].dek) == ("new", "A beginning.")
    assert "full text not read" in outcome.notes[0]
    assert "404" in outcome.notes[0]


def automatic(url: str, state: SourceState | None = None) -> Outcome:
    """Ask a source that nobody configured for full texts."""
    source = Source(slug="tarn", title="Tarn", url=url)
    return gather([source], {"tarn": state} if state else {}, NOW, LIMITS, force=True)[0]


def test_a_source_of_stubs_is_completed_by_itself(server: FeedServer) -> None:
    server.answers("/a", PAGE)
    article = automatic(feed(server, "/a")).articles[0]
    assert SENTENCES[-1] in article.body
    assert article.byline == "Ada Quill"


def test_no_more_pages_of_a_source_of_stubs_are_fetched_than_the_limit_says(server: FeedServer) -> None:
    for path in ("/a", "/b"):
        server.answers(path, PAGE)
    source = Source(slug="tarn", title="Tarn", url=feed(server, "/a", "/b"))
    limits = replace(LIMITS, full_texts_of_stubs=1)
    assert [bool(each.body) for each in gather([source], {}, NOW, limits)[0].articles] == [True, False]


def test_all_sources_together_keep_to_a_limit(server: FeedServer) -> None:
    sources = []
    for slug in ("one", "two", "three"):
        server.answers(f"/{slug}", PAGE)
        item = f"<item><title>Boats of Lower Tarn</title><link>{server.url(f'/{slug}')}</link></item>"
        url = server.answers(f"/feed-{slug}", f"<rss><channel>{item}</channel></rss>".encode())
        sources.append(Source(slug=slug, title=slug, url=url))
    outcomes = gather(sources, {}, NOW, replace(LIMITS, full_texts_in_all=2))
    assert sum(bool(outcome.articles[0].body) for outcome in outcomes) == 2


def test_a_page_is_asked_for_once_however_little_it_gave(server: FeedServer) -> None:
    server.answers("/a", b"<html><body><h1>Boats /a</h1><p>Boats of Lower Tarn, for subscribers.</p></body></html>")
    url = [feed(server, "/a"), feed(server, "/a", "/b")][0]
    first = automatic(url)
    second = automatic(url, first.state)
    assert server.paths().count("/a") == 1
    assert len(second.state.pages_tried) == 2


def test_a_page_that_did_not_answer_is_asked_for_again(server: FeedServer) -> None:
    server.answers("/a", status=503)
    server.answers("/a", PAGE)
    url = [feed(server, "/a"), feed(server, "/a", "/b")][0]
    first = automatic(url)
    assert first.state.pages_tried == ()
    assert automatic(url, first.state).articles[0].body


def test_a_site_with_a_bad_day_is_left_alone(server: FeedServer) -> None:
    for path in ("/a", "/b", "/c"):
        server.answers(path, status=500)
    url = feed(server, "/a", "/b", "/c")
    source = Source(slug="tarn", title="Tarn", url=url, full_text=True)
    outcome = gather([source], {}, NOW, replace(LIMITS, full_texts=9))[0]
    assert server.paths().count("/c") == 0
    assert (outcome.status, len(outcome.notes)) == ("new", 2)


def test_a_page_elsewhere_is_not_fetched_by_itself(server: FeedServer) -> None:
    link = "http://localhost" + server.url("/a").removeprefix("http://127.0.0.1")
    item = f"<item><title>Boats</title><link>{link}</link></item>"
    url = server.answers("/feed", f"<rss><channel>{item}</channel></rss>".encode())
    limits = replace(LIMITS, allow_hosts=("127.0.0.1", "localhost"))
    outcome = gather([Source(slug="tarn", title="Tarn", url=url)], {}, NOW, limits)[0]
    assert server.paths() == ["/feed"]
    assert outcome.articles[0].url == link


@pytest.mark.parametrize(
    ("setting", "text", "age"),
    [
        (False, "A beginning.", 1),
        ("auto", "One more of the many words that tell what happened in the harbour of Lower Tarn today. " * 4, 1),
        ("auto", "A beginning.", 72),
    ],
    ids=["where it is switched off", "where the dek tells what happened", "of old news"],
)
def test_no_page_is_fetched(server: FeedServer, setting: bool | str, text: str, age: int) -> None:
    when = format_datetime(NOW - timedelta(hours=age))
    item = f"<item><title>Boats</title><link>{server.url('/a')}</link><description>{text}</description><pubDate>{when}</pubDate></item>"
    url = server.answers("/feed", f"<rss><channel>{item}</channel></rss>".encode())
    gather([Source(slug="tarn", title="Tarn", url=url, full_text=setting)], {}, NOW, LIMITS)
    assert server.paths() == ["/feed"]


def test_a_page_that_tells_of_something_else_is_left_out(server: FeedServer) -> None:
    server.answers("/a", PAGE.replace(b"Tarn", b"Quay").replace(b"boats", b"sheep").replace(b"Boats", b"Sheep"))
    item = f"<item><title>Parliament votes on pensions</title><link>{server.url('/a')}</link></item>"
    url = server.answers("/feed", f"<rss><channel>{item}</channel></rss>".encode())
    outcome = gather([Source(slug="tarn", title="Tarn", url=url)], {}, NOW, LIMITS)[0]
    assert outcome.articles[0].body == ""
    assert "something else" in outcome.notes[0]


def test_what_a_front_page_lists_is_completed_too(server: FeedServer) -> None:
    cards = []
    for number in range(6):
        server.answers(f"/{number}", PAGE)
        cards.append(
            f"<li><h3><a href='/{number}'>Boats of Lower Tarn, part {number}</a></h3><p>Ada Quill counts on.</p></li>"
        )
    page = f"<html><head><title>The Tarn</title></head><body><ul>{''.join(cards)}</ul></body></html>"
    url = server.answers("/front", page.encode())
    outcome = gather([Source(slug="tarn", title="Tarn", url=url, kind="page")], {}, NOW, LIMITS)[0]
    assert len(outcome.articles) == 6
    assert sum(bool(article.body) for article in outcome.articles) == LIMITS.full_texts_of_stubs


def test_the_address_a_page_states_is_what_its_article_is_known_by(server: FeedServer) -> None:
    stated = server.url("/boats")
    server.answers("/a", PAGE.replace(b"<head>", f"<head><link rel='canonical' href='{stated}'>".encode()))
    article = check(feed(server, "/a")).articles[0]
    assert (article.url, article.canonical) == (server.url("/a"), stated)
    stored = {article.url: replace(article, canonical="", body="")}
    assert check(feed(server, "/a", "/b"), remembered=lambda _: stored).articles[0].canonical == ""


def test_a_busy_host_is_not_asked_for_more_pages(server: FeedServer) -> None:
    server.answers("/a", status=429, Retry_After="600")
    server.answers("/b", PAGE)
    check(feed(server, "/a", "/b"))
    assert "/b" not in server.paths()


def test_a_page_that_two_feeds_name_is_fetched_once(server: FeedServer) -> None:
    server.answers("/a", PAGE)
    item = f"<item><title>Boats of Lower Tarn</title><link>{server.url('/a')}</link></item>"
    urls = [server.answers(f"/{name}", f"<rss><channel>{item}</channel></rss>".encode()) for name in ("one", "two")]
    sources = [Source(slug=url[-3:], title="Tarn", url=url) for url in urls]
    outcomes = gather(sources, {}, NOW, LIMITS)
    assert [bool(outcome.articles[0].body) for outcome in outcomes] == [True, True]
    assert server.paths().count("/a") == 1
