"""News sitemaps."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from digest.collect.registry import Body, Reading
from digest.collect.sitemap import read_source
from digest.errors import FeedError
from digest.model import Introduction, Source, SourceState
from digest.pipeline.introducing import introduced

NOW = datetime(2026, 3, 4, 6, 30, tzinfo=UTC)
NEWS = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
        xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
  <url><loc>https://a.example/older</loc>
    <news:news><news:publication><news:name>The A</news:name><news:language>en</news:language></news:publication>
      <news:publication_date>2026-03-03T08:00:00+01:00</news:publication_date>
      <news:title>Older &amp; wiser</news:title></news:news></url>
  <url><loc>https://a.example/newer</loc><lastmod>2026-03-04T05:30:00Z</lastmod>
    <image:image><image:loc>https://a.example/newer.jpg</image:loc></image:image>
    <news:news><news:publication><news:name>The A</news:name><news:language>nb</news:language></news:publication>
      <news:publication_date>2026-03-04</news:publication_date>
      <news:title>
        Newer
      </news:title></news:news></url>
  <url><loc>https://a.example/about</loc></url>
  <url><loc>javascript:alert(1)</loc><news:news><news:title>No address</news:title></news:news></url>
</urlset>"""


def read(raw: bytes) -> Reading:
    return read_source(Source(slug="a", title="A", kind="sitemap", weight=0.5), Body(raw=raw), NOW)


def test_articles_come_newest_first_with_what_the_sitemap_says() -> None:
    reading = read(NEWS.encode())

    newer, older = reading.articles
    assert (newer.headline, newer.url, newer.language) == ("Newer", "https://a.example/newer", "nb")
    assert newer.published_at == datetime(2026, 3, 4, tzinfo=UTC)
    assert newer.updated_at == datetime(2026, 3, 4, 5, 30, tzinfo=UTC)
    assert newer.image is not None
    assert newer.image.url == "https://a.example/newer.jpg"
    assert (older.headline, older.published_at) == ("Older & wiser", datetime(2026, 3, 3, 7, 0, tzinfo=UTC))
    assert (older.source, older.weight, older.first_seen) == ("a", 0.5, NOW)
    assert reading.notes == ("left out 2 addresses without headline",)


def test_the_publications_name_is_taken_where_the_configuration_gives_none() -> None:
    unnamed, named = (Source(slug="a", title=title, kind="sitemap") for title in ("a", "Ours"))

    said = [
        read_source(source, Body(raw=NEWS.encode()), NOW).introduction or Introduction() for source in (unnamed, named)
    ]

    states = [SourceState("a", introduction=each) for each in said]
    assert [introduced(*each).title for each in zip((unnamed, named), states, strict=True)] == ["The A", "Ours"]


def test_a_compressed_sitemap_is_read_the_same() -> None:
    assert read(gzip.compress(NEWS.encode())).articles == read(NEWS.encode()).articles


def test_a_sitemap_cut_short_keeps_its_whole_entries() -> None:
    cut = NEWS[: NEWS.index("Newer") + 3]

    assert [article.headline for article in read(cut.encode()).articles][:1] == ["Older & wiser"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "no sitemap"),
        ("<html><body><p>Not found</p></body></html>", "no sitemap"),
        ("<urlset><url><loc>https://a.example/x</loc></url></urlset>", "1 addresses without headlines"),
        (
            "<sitemapindex><sitemap><loc>https://a.example/old.xml</loc></sitemap></sitemapindex>",
            "an index of 1 sitemaps, read from a file; name one of them, such as https://a.example/old.xml",
        ),
    ],
)
def test_what_is_no_news_sitemap_is_named_for_what_it_is(body: str, reason: str) -> None:
    with pytest.raises(FeedError, match=reason):
        read(body.encode())


def test_entities_are_not_expanded() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>' + NEWS[NEWS.index("<urlset") :].replace(
        "Newer", "&b;"
    )

    assert all("haha" not in article.headline for article in read(bomb.encode()).articles)


def test_a_compressed_bomb_is_refused() -> None:
    with pytest.raises(FeedError, match="larger than"):
        read(gzip.compress(b" " * 60_000_000))


def index(*sitemaps: tuple[str, str]) -> bytes:
    """Return an index of sitemaps, each an address and when it changed."""
    items = "".join(
        f"<sitemap><loc>{loc}</loc>{f'<lastmod>{changed}</lastmod>' if changed else ''}</sitemap>"
        for loc, changed in sitemaps
    )
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{items}</sitemapindex>'.encode()


@pytest.mark.parametrize(
    ("sitemaps", "parts"),
    [
        ([("old", "2026-01-01"), ("new", "2026-03-04"), ("none", "")], ["new", "old", "none"]),
        ([("posts", "2026-03-04"), ("news-1", "2026-03-01"), ("news-2", "2026-03-03")], ["news-2", "news-1"]),
        ([(f"s{n}", f"2026-03-0{n}") for n in range(1, 8)], ["s7", "s6", "s5", "s4"]),
        ([("a", ""), ("a", ""), ("b", "")], ["a", "b"]),
    ],
    ids=["the newest first", "news before all others", "no more than a few", "each once"],
)
def test_an_index_gives_the_sitemaps_that_may_hold_news(sitemaps: list[tuple[str, str]], parts: list[str]) -> None:
    raw = index(*((f"https://www.a.example/{name}.xml", changed) for name, changed in sitemaps))

    reading = read_source(Source(slug="a", title="A"), Body(raw=raw, url="https://a.example/sitemap.xml"), NOW)

    assert reading.articles == ()
    assert [part.removeprefix("https://www.a.example/").removesuffix(".xml") for part in reading.parts] == parts


def test_an_index_leads_to_no_other_site() -> None:
    raw = index(("https://b.example/news.xml", ""), ("https://a.example/news.xml", ""), ("file:///etc/passwd", ""))
    body = Body(raw=raw, url="https://a.example/sitemap.xml")

    reading = read_source(Source(slug="a", title="A"), body, NOW)

    assert reading.parts == ("https://a.example/news.xml",)
    assert reading.notes == ("left out 2 sitemaps of other sites",)
    with pytest.raises(FeedError, match="all on other sites"):
        read_source(Source(slug="a", title="A"), replace(body, url="https://c.example/sitemap.xml"), NOW)
