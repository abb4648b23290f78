"""Feeds of every format give the same values."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from digest.collect.feed import as_json, read_feed, read_feed_file
from digest.errors import FeedError
from digest.model import Picture

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)

RSS_20 = b"""<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>Harbour Post</title><link>https://harbour.example/</link><description>All of the coast</description>
<language>en-gb</language><ttl>45</ttl><image><url>/logo.png</url><title>x</title></image>
<item><title>Ferry runs aground &amp;amp; floats free</title><link>https://harbour.example/ferry</link>
<guid isPermaLink="false">hp-1</guid><pubDate>Wed, 04 Mar 2026 12:00:00 GMT</pubDate><dc:creator>Ada Quill</dc:creator>
<category>Coast</category><description>&lt;p&gt;Nobody was &lt;b&gt;hurt&lt;/b&gt;.&lt;/p&gt;</description>
<content:encoded><![CDATA[<p>Nobody was hurt.</p><p>The tide did it.</p><img src="/a.jpg" width="600" alt="A ferry">]]></content:encoded>
</item></channel></rss>"""

RSS_10 = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://harbour.example/"><title>Harbour Post</title><link>https://harbour.example/</link></channel>
<item rdf:about="https://harbour.example/ferry"><title>Ferry runs aground &amp; floats free</title>
<link>https://harbour.example/ferry</link><description>Nobody was hurt.</description>
<dc:date>2026-03-04T13:00:00+01:00</dc:date><dc:creator>Ada Quill</dc:creator></item></rdf:RDF>"""

ATOM_10 = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en-gb"><title>Harbour Post</title>
<link rel="self" href="https://harbour.example/atom"/><link href="https://harbour.example/"/>
<entry><title type="html">Ferry runs aground &amp;amp; floats free</title><id>tag:harbour.example,2026:1</id>
<link rel="enclosure" type="image/png" href="https://harbour.example/b.png"/>
<link rel="alternate" type="text/html" href="https://harbour.example/ferry"/>
<published>2026-03-04T12:00:00Z</published><updated>2026-03-04T12:30:00Z</updated>
<author><name>Ada Quill</name></author><category term="coast" label="Coast"/>
<summary>Nobody was hurt.</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Nobody was hurt.</p><p>The tide did it.</p></div></content>
</entry></feed>"""

ATOM_03 = b"""<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>Harbour Post</title>
<link rel="alternate" type="text/html" href="https://harbour.example/"/>
<entry><title mode="base64">RmVycnkgcnVucyBhZ3JvdW5kICZhbXA7IGZsb2F0cyBmcmVl</title><id>tag:harbour.example,2026:1</id>
<link rel="alternate" href="https://harbour.example/ferry"/><issued>2026-03-04T12:00:00Z</issued>
<author><name>Ada Quill</name></author><summary>Nobody was hurt.</summary></entry></feed>"""

JSON_11 = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1", "title": "Harbour Post", "home_page_url": "https://harbour.example/",
        "items": [
            {
                "id": "hp-1", "url": "https://harbour.example/ferry", "title": "Ferry runs aground & floats free",
                "summary": "Nobody was hurt.", "content_html": "<p>Nobody was hurt.</p><p>The tide did it.</p>",
                "date_published": "2026-03-04T12:00:00Z", "authors": [{"name": "Ada Quill"}], "tags": ["Coast"],
                "image": "/b.png",
            }
        ],
    }
).encode()  # fmt: skip

FORMATS = {"RSS 2.0": RSS_20, "RSS 1.0": RSS_10, "Atom 1.0": ATOM_10, "Atom 0.3": ATOM_03, "JSON Feed 1.1": JSON_11}


@pytest.mark.parametrize("raw", FORMATS.values(), ids=FORMATS)
def test_every_format_says_the_same_about_an_entry(raw: bytes) -> None:
    feed = read_feed(raw)
    entry = feed.entries[0]
    assert (feed.title, feed.link, feed.notes) == ("Harbour Post", "https://harbour.example/", ())
    assert entry.headline == "Ferry runs aground & floats free"
    assert entry.url == "https://harbour.example/ferry"
    assert entry.published_at == NOON
    assert entry.dek == "Nobody was hurt."
    assert entry.byline == "Ada Quill"


@pytest.mark.parametrize("name", ["RSS 2.0", "Atom 1.0", "JSON Feed 1.1"])
def test_content_becomes_paragraphs_of_plain_text(name: str) -> None:
    entry = read_feed(FORMATS[name]).entries[0]
    assert entry.body == "Nobody was hurt.\n\nThe tide did it."
    assert entry.section in ("Coast", "coast")


def test_rss_tells_its_guid_language_logo_and_time_to_live() -> None:
    feed = read_feed(RSS_20)
    assert feed.entries[0].guid == "hp-1"
    assert (feed.language, feed.ttl_minutes, feed.tagline) == ("en-gb", 45, "All of the coast")
    assert feed.logo == "https://harbour.example/logo.png"


def test_atom_tells_when_an_entry_was_updated() -> None:
    assert read_feed(ATOM_10).entries[0].updated_at == datetime(2026, 3, 4, 12, 30, tzinfo=UTC)
    assert read_feed(ATOM_10).language == "en-gb"


def test_pictures_come_from_enclosures_from_media_and_from_the_text() -> None:
    assert read_feed(ATOM_10).entries[0].image == Picture("https://harbour.example/b.png")
    assert read_feed(JSON_11).entries[0].image == Picture("https://harbour.example/b.png")
    assert read_feed(RSS_20).entries[0].image == Picture("https://harbour.example/a.jpg", "A ferry", 600, None)


def rss(item: str, channel: str = "", attributes: str = "") -> bytes:
    """Return an RSS feed with one item in it."""
    return (
        f'<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom"'
        f' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"{attributes}>'
        f"<channel>{channel}<item>{item}</item></channel></rss>"
    ).encode()


def test_the_widest_picture_is_taken_and_a_counting_pixel_never() -> None:
    media = (
        '<media:content url="https://a.example/s.jpg" medium="image" width="100"/><media:group>'
        '<media:content url="https://a.example/l.jpg" type="image/jpeg" width="900" height="600"/></media:group>'
        '<media:content url="https://a.example/film.mp4" type="video/mp4" width="1920"/>'
    )
    assert read_feed(rss(media)).entries[0].image == Picture("https://a.example/l.jpg", "", 900, 600)
    pixel = '<description>&lt;img src="https://a.example/t.gif" width="1" height="1"&gt;</description>'
    assert read_feed(rss(pixel)).entries[0].image is None


def test_relative_addresses_are_resolved_against_base_then_link_then_the_feeds_own() -> None:
    item = "<link>news/1</link>"
    based = rss(item, "<link>https://a.example/x/</link>", ' xml:base="https://b.example/y/"')
    assert read_feed(based).entries[0].url == "https://b.example/y/news/1"
    assert read_feed(rss(item, "<link>https://a.example/x/</link>")).entries[0].url == "https://a.example/x/news/1"
    assert read_feed(rss(item), url="https://c.example/feed/rss.xml").entries[0].url == "https://c.example/feed/news/1"
    assert read_feed(rss(item)).entries[0].url == "news/1"


@pytest.mark.parametrize(
    ("item", "url"),
    [
        ("<guid>https://a.example/1</guid>", "https://a.example/1"),
        ('<guid isPermaLink="false">https://a.example/1</guid>', ""),
        (
            '<atom:link rel="self" href="https://a.example/feed"/><atom:link href="https://a.example/2"/>',
            "https://a.example/2",
        ),
        ("<link>\n https://a.example/3 \n</link>", "https://a.example/3"),
        ("<link></link><guid>not-an-address</guid>", ""),
        ("<link>https://a.example/?a=1&amp;amp;b=2</link>", "https://a.example/?a=1&b=2"),
    ],
)
def test_an_items_address_is_found_where_rss_allows_it(item: str, url: str) -> None:
    assert read_feed(rss(item)).entries[0].url == url


@pytest.mark.parametrize(
    ("author", "byline"),
    [
        ("<author>ada@a.example (Ada Quill)</author>", "Ada Quill"),
        ("<author>Ada Quill &lt;ada@a.example&gt;</author>", "Ada Quill"),
        ("<author>ada@a.example</author>", ""),
        ("<dc:creator>By Ada Quill</dc:creator>", "Ada Quill"),
        ("<dc:creator>Ada Quill</dc:creator><dc:creator>Ben Ink</dc:creator>", "Ada Quill, Ben Ink"),
        ("<dc:creator>Byron Vale</dc:creator><author>desk@a.example</author>", "Byron Vale"),
        ("<atom:author><atom:name>Ada Quill</atom:name></atom:author>", "Ada Quill"),
        ("<itunes:author>Ada Quill</itunes:author>", "Ada Quill"),
    ],
)
def test_a_byline_is_names_without_addresses(author: str, byline: str) -> None:
    assert read_feed(rss(author)).entries[0].byline == byline


def test_an_atom_entry_without_an_author_has_the_feeds() -> None:
    raw = ATOM_10.replace(b"<author><name>Ada Quill</name></author>", b"").replace(
        b"<entry>", b"<author><name>The desk</name></author><entry>"
    )
    assert read_feed(raw).entries[0].byline == "The desk"


def test_an_atom_entry_alone_is_a_feed_of_one() -> None:
    entry = ATOM_10[ATOM_10.index(b"<entry>") : ATOM_10.index(b"</feed>")]
    feed = read_feed(entry.replace(b"<entry>", b'<entry xmlns="http://www.w3.org/2005/Atom">'))
    assert [each.headline for each in feed.entries] == ["Ferry runs aground & floats free"]


def test_a_feed_without_entries_is_a_feed() -> None:
    assert read_feed(b'<rss version="2.0"><channel><title>Quiet</title></channel></rss>').entries == ()


def test_json_feed_keeps_no_half_of_a_character_wherever_it_stands() -> None:
    raw = b'{"title":"\\ud83d","items":[{"id":"\\ud83d","title":"One \\udc00","tags":["\\ud83d sea"],"url":"https://a.example/\\ud83d"}]}'
    (entry,) = read_feed(raw).entries
    assert "sea" in entry.section
    "".join(value for value in entry if isinstance(value, str)).encode()


def test_json_feed_takes_what_is_missing_as_missing() -> None:
    feed = read_feed(
        b'{"items": [{"id": 7, "content_text": "One.\\n\\nTwo."}, "nonsense", {}]}', url="https://a.example/f"
    )
    assert [(entry.guid, entry.body) for entry in feed.entries] == [("7", "One.\n\nTwo."), ("", "")]
    assert feed.notes


def test_the_json_of_a_feed_names_every_field_and_utc() -> None:
    entry = as_json(read_feed(ATOM_10))["entries"][0]
    assert entry == {
        "id": "tag:harbour.example,2026:1",
        "headline": "Ferry runs aground & floats free",
        "url": "https://harbour.example/ferry",
        "published_at": "2026-03-04T12:00:00Z",
        "updated_at": "2026-03-04T12:30:00Z",
        "dek": "Nobody was hurt.",
        "body": "Nobody was hurt.\n\nThe tide did it.",
        "byline": "Ada Quill",
    }


def test_a_local_file_is_read_and_a_missing_one_named(tmp_path) -> None:
    (tmp_path / "a.xml").write_bytes(RSS_20)
    assert read_feed_file(tmp_path / "a.xml").title == "Harbour Post"
    with pytest.raises(FeedError, match=r"none\.xml cannot be read"):
        read_feed_file(tmp_path / "none.xml")
