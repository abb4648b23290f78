"""What other collections of feeds hold: each case small, with the reading that a person would give it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from digest.collect.dates import read_date
from digest.collect.feed import Entry, read_feed

SPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"'
)


def item(inside: str) -> Entry:
    """The entry of an RSS feed with this one item."""
    raw = (
        f"<rss version='2.0' {SPACES}><channel><link>https://tarn.example/</link><item>{inside}</item></channel></rss>"
    )
    return read_feed(raw.encode()).entries[0]


def entry(inside: str, head: str = "") -> Entry:
    """The entry of an Atom feed with this one entry."""
    raw = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>The Tarn</title>{head}<entry>{inside}</entry></feed>'
    return read_feed(raw.encode()).entries[0]


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("Using the &lt;table&gt; element", "Using the <table> element"),
        ("Using the &amp;lt;table&amp;gt; element", "Using the <table> element"),
        ("A &lt;em&gt;late&lt;/em&gt; ferry", "A late ferry"),
        ("Ferry &lt;br&gt; aground", "Ferry aground"),
        ("I &lt;3 the Tarn", "I <3 the Tarn"),
        ("<![CDATA[Boats & Co &amp; sons]]>", "Boats & Co & sons"),
        ("<![CDATA[It&#8217;s &ldquo;late&rdquo;&hellip;]]>", "It’s “late”…"),
        ("&lt;![CDATA[Ferry late]]&gt;", "Ferry late"),
    ],
)
def test_a_headline_loses_its_markup_and_keeps_its_words(title: str, headline: str) -> None:
    assert item(f"<title>{title}</title>").headline == headline


def test_a_text_that_says_it_has_no_markup_is_taken_at_its_word() -> None:
    assert entry("<title>Fast &lt;S&gt; boats</title>").headline == "Fast <S> boats"
    assert entry("<title>A &lt;b&gt;late&lt;/b&gt; ferry</title>").headline == "A late ferry"
    assert entry('<title type="text">Using the &lt;b&gt; element</title>').headline == "Using the <b> element"
    assert entry('<title type="text">A &lt;b&gt;late&lt;/b&gt; ferry</title>').headline == "A late ferry"


@pytest.mark.parametrize(
    ("inside", "byline"),
    [
        ("<dc:creator>Ada Quill</dc:creator><dc:creator>Bo Lee</dc:creator>", "Ada Quill, Bo Lee"),
        ("<author>ada@tarn.example (Ada Quill), bo@tarn.example (Bo Lee)</author>", "Ada Quill, Bo Lee"),
        ("<author>Ada Quill &lt;ada@tarn.example&gt;</author>", "Ada Quill"),
        ("<dc:creator></dc:creator><author>Bo Lee</author>", "Bo Lee"),
        ("<author>ada@tarn.example</author>", ""),
        ("<atom:author><atom:name>Ada Quill</atom:name></atom:author>", "Ada Quill"),
    ],
)
def test_who_signs_is_named(inside: str, byline: str) -> None:
    assert item(inside).byline == byline


@pytest.mark.parametrize(
    ("inside", "picture"),
    [
        ('<description>&lt;img src="/i/1.jpg"&gt;</description>', "https://tarn.example/i/1.jpg"),
        ('<description>&lt;IMG SRC="/i/2.jpg"&gt;</description>', "https://tarn.example/i/2.jpg"),
        ('<description>&lt;img src="data:image/gif;base64,R0" data-src="/3.jpg"&gt;</description>', "https://tarn.example/3.jpg"),
        ('<description>&lt;img srcset="/4s.jpg 400w, /4l.jpg 1200w"&gt;</description>', "https://tarn.example/4l.jpg"),
        ('<description>&lt;img src="/p.gif" width=1 height=1&gt;&lt;img src="/5.jpg"&gt;</description>', "https://tarn.example/5.jpg"),
        ('<media:content url="/f.mp4" type="video/mp4"><media:thumbnail url="/6.jpg"/></media:content>', "https://tarn.example/6.jpg"),
        ('<media:group><media:content url="/s.jpg" width="90"/><media:content url="/7.jpg" width="900"/></media:group>', "https://tarn.example/7.jpg"),
        ('<media:thumbnail url="//tarn.example/8.jpg"/>', "https://tarn.example/8.jpg"),
        ('<media:thumbnail url="  "/><media:thumbnail url=" /9.jpg "/>', "https://tarn.example/9.jpg"),
        ('<enclosure url="/sound.mp3" type="audio/mpeg"/>', None),
    ],
    ids=["relative", "in capitals", "loaded late", "in sizes", "after a pixel", "of a film", "in a group", "thumbnail", "after an empty one", "none"],
)  # fmt: skip
def test_the_picture_is_found(inside: str, picture: str | None) -> None:
    image = item(inside).image
    assert (image.url if image else None) == picture


@pytest.mark.parametrize("space", ["", ' xmlns="https://tarn.example/pie#"'], ids=["none", "of its own"])
def test_a_feed_whose_namespace_nobody_knows_is_read_by_its_names(space: str) -> None:
    atom = (
        f"<feed{space}><title>The Tarn</title><subtitle>Boats</subtitle><entry><id>t:1</id><title>Late</title>"
        "<link href='https://tarn.example/1'/><updated>2026-03-03T06:05:00Z</updated><summary>Fog.</summary>"
        "<author><name>Ada Quill</name></author></entry></feed>"
    )
    found = read_feed(atom.encode())
    assert (found.title, found.tagline) == ("The Tarn", "Boats")
    at = datetime(2026, 3, 3, 6, 5, tzinfo=UTC)
    assert found.entries == (Entry("t:1", "Late", "https://tarn.example/1", at, at, "Fog.", byline="Ada Quill"),)
    rss = f"<rss{space}><channel><title>The Tarn</title><item><title>Late</title></item></channel></rss>"
    assert read_feed(rss.encode()).entries == (Entry(headline="Late"),)
    rdf = f"<rdf{space}><channel><title>The Tarn</title></channel><item><title>Late</title></item></rdf>"
    assert read_feed(rdf.encode()).entries == (Entry(headline="Late"),)


@pytest.mark.parametrize("name", ["body", "fullitem", "content"])
def test_the_whole_text_is_found_under_its_rarer_names(name: str) -> None:
    assert item(f"<description>Fog.</description><{name}>&lt;p&gt;Fog again.&lt;/p&gt;</{name}>").body == "Fog again."


def test_a_programme_without_title_and_description_has_those_of_its_directory() -> None:
    spoken = item(
        '<itunes:title xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">Late</itunes:title>'
        '<itunes:subtitle xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">Fog.</itunes:subtitle>'
    )
    assert (spoken.headline, spoken.dek) == ("Late", "Fog.")


def test_an_item_with_a_summary_alone_has_it_as_its_dek() -> None:
    assert item("<summary>Fog.</summary>").dek == "Fog."
    assert item("<summary>Fog.</summary><description>Thick fog.</description>").dek == "Thick fog."


def test_a_channel_definition_says_in_attributes_what_others_say_in_elements() -> None:
    raw = (
        b"<CHANNEL HREF='https://tarn.example/'><TITLE>The Tarn</TITLE><ABSTRACT>Boats</ABSTRACT>"
        b"<ITEM HREF='https://tarn.example/1' LASTMOD='2026-03-03T07:05:00+01:00'><TITLE>Late</TITLE>"
        b"<ABSTRACT>Fog.</ABSTRACT></ITEM></CHANNEL>"
    )
    found = read_feed(raw)
    assert (found.title, found.link, found.tagline) == ("The Tarn", "https://tarn.example/", "Boats")
    at = datetime(2026, 3, 3, 6, 5, tzinfo=UTC)
    assert found.entries == (Entry("", "Late", "https://tarn.example/1", at, at, "Fog."),)


@pytest.mark.parametrize("encoding", ["cp037", "cp875", "cp1140"])
def test_what_was_written_on_a_mainframe_is_read(encoding: str) -> None:
    raw = f"<?xml version='1.0' encoding='{encoding}'?><rss><channel><item><title>Late!</title></item></channel></rss>"
    found = read_feed(raw.encode(encoding))
    assert [each.headline for each in found.entries] == ["Late!"]


@pytest.mark.parametrize("filler", ["", "x" * 5000], ids=["near the beginning", "far from it"])
def test_spaces_between_the_elements_of_a_text_are_kept(filler: str) -> None:
    inside = '<div xmlns="http://www.w3.org/1999/xhtml"><b>Fog</b> <i>at</i>\n<i>sea</i></div>'
    assert entry(f'<content type="xhtml">{inside}</content>', f"<rights>{filler}</rights>").body == "Fog at sea"
    assert (
        item(f"<copyright>{filler}</copyright><description> <b>Fog</b> <i>at</i>\n<i>sea</i></description>").dek
        == "Fog at sea"
    )


def test_addresses_start_from_the_feeds_own_where_nothing_else_is_known() -> None:
    own = '<link rel="self" href="https://tarn.example/news/feed.xml"/>'
    assert entry('<link href="boats"/>', own).url == "https://tarn.example/news/boats"
    registered = "http://www.iana.org/assignments/relation/alternate"
    assert entry(f'<link rel="{registered}" href="https://tarn.example/a"/>').url == "https://tarn.example/a"


def test_an_item_with_nothing_but_an_update_is_dated_by_it() -> None:
    changed = item("<atom:updated>2026-03-03T06:05:00Z</atom:updated>")
    assert changed.published_at == changed.updated_at == datetime(2026, 3, 3, 6, 5, tzinfo=UTC)


def test_letters_of_another_script_are_recognised_among_names_of_elements() -> None:
    raw = "<?xml version='1.0' encoding='utf-8'?><rss><channel><item><title>Паром сел на мель в тумане у порта</title></item></channel></rss>"
    assert read_feed(raw.encode("cp1251")).entries[0].headline == "Паром сел на мель в тумане у порта"


@pytest.mark.parametrize(
    "text",
    [
        "03.03.2026 06:05", "3.3.2026, 06:05 Uhr", "2026.03.03 06:05", "2026年3月3日 06:05", "2026년 3월 3일 06:05", "Вт, 03 мар 2026 06:05:00 +0000",
        "3 марта 2026 06:05", "3 marca 2026 06:05", "3 Mart 2026 06:05", "3 Μαρτίου 2026 06:05", "3 مارس 2026 06:05",
        "3. března 2026 06:05", "2026-03-03T01:05:00−05:00", "03/03/2026 06:05", "3 de março de 2026 06:05",
    ],
)  # fmt: skip
def test_dates_of_many_countries_are_read(text: str) -> None:
    assert read_date(text) == datetime(2026, 3, 3, 6, 5, tzinfo=UTC)


def test_a_day_that_could_be_a_month_is_not_guessed() -> None:
    assert read_date("03/04/2026 06:05") is None
    assert read_date("25/04/2026 06:05") == datetime(2026, 4, 25, 6, 5, tzinfo=UTC)
    assert read_date("04/25/2026 06:05") == datetime(2026, 4, 25, 6, 5, tzinfo=UTC)


def broken(inside: str) -> list[Entry]:
    """The entries of an RSS feed that no strict parser takes."""
    raw = f"<rss version='2.0'><channel><title>The Tarn</title>{inside}</channel></rss>"
    return list(read_feed(raw.encode()).entries)


def test_a_section_that_is_never_closed_costs_no_word() -> None:
    first, second = broken(
        "<item><title><![CDATA[Ferry late</title><description>Fog.</description></item><item><title>Bridge open</title></item>"
    )
    assert (first.headline, first.dek, second.headline) == ("Ferry late", "Fog.", "Bridge open")


def test_a_line_that_is_not_closed_ends_where_the_next_begins() -> None:
    (entry,) = broken(
        "<item><title>Ferry late<link>https://tarn.example/1</link><description>Fog.</description></item>"
    )
    assert (entry.headline, entry.url, entry.dek) == ("Ferry late", "https://tarn.example/1", "Fog.")


def test_an_end_in_other_letters_is_an_end() -> None:
    (entry,) = broken("<item><title>Ferry late</Title><description>Fog.</description></item>")
    assert (entry.headline, entry.dek) == ("Ferry late", "Fog.")


@pytest.mark.parametrize("dek", ["if a&lt;b then c&gt;d", "if a<b then c>d"])
def test_a_comparison_is_no_tag(dek: str) -> None:
    assert item(f"<title>Sums</title><description>{dek}</description>").dek == "if a<b then c>d"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("It&#8217;s late", "It’s late"),
        ("It&#146;s late &#150; again", "It’s late – again"),
        ("Fog \u00e2\u0080\u0093 again", "Fog – again"),
        ("Caf\u00e9 \u0093Tarn\u0094", "Café “Tarn”"),
    ],
)
def test_characters_that_were_decoded_wrongly_are_mended(written: str, read: str) -> None:
    assert item(f"<title>{written}</title><description>{written}</description>").headline == read
    assert item(f"<title>{written}</title><description>{written}</description>").dek == read


def test_a_few_stray_bytes_do_not_cost_the_other_letters() -> None:
    raw = "<rss><channel><item><title>Café XX am Hafen</title></item></channel></rss>".encode().replace(
        b"XX", b"\xe9\xff"
    )
    assert read_feed(raw).entries[0].headline == "Café éÿ am Hafen"
