"""No text of a broken feed is lost, and what is no feed is called by its name."""

from __future__ import annotations

import gzip
import json

import pytest

from digest.collect.feed import Feed, read_feed
from digest.errors import FeedError

HEAD = '<rss version="2.0"><channel><title>Harbour Post</title>'
TAIL = "</channel></rss>"


def item(headline: str, dek: str = "dek") -> str:
    """Return an item."""
    return f"<item><title>{headline}</title><link>https://a.example/1</link><description>{dek}</description></item>"


def headlines(feed: Feed) -> list[str]:
    """Return the headlines of a feed."""
    return [entry.headline for entry in feed.entries]


MENDED = {
    "an unescaped ampersand": ("Fish & Chips &amp; more", "Fish & Chips & more"),
    "an ampersand that looks like a reference": ("?page=1&copy=2;mode=x", "?page=1&copy=2;mode=x"),
    "an undeclared HTML entity": ("Caf&eacute; &ndash; d&eacute;j&agrave; vu&hellip;", "Café – déjà vu…"),
    "an entity nobody knows": ("a &nosuch; b", "a &nosuch; b"),
    "a control character": ("ab\x08cd \x1f!", "abcd !"),
    "a reference to a control character": ("ab&#8;cd&#x1f;", "abcd"),
    "a bare less-than sign": ("3 < 4 and I <3 you", "3 < 4 and I <3 you"),
    "an undeclared prefix": ("plain</title><made:up>x</made:up><title>", "plain"),
    "the end of a CDATA section alone": ("a ]]> b", "a ]]> b"),
    "an element closed by another's name": ("odd</subtitle><x>y</x><title>", "odd"),
}


@pytest.mark.parametrize(("written", "meant"), MENDED.values(), ids=MENDED)
def test_a_broken_headline_is_read_as_it_was_meant(written: str, meant: str) -> None:
    feed = read_feed((HEAD + item("before") + item(written) + item("after") + TAIL).encode())
    assert headlines(feed) == ["before", meant, "after"]
    assert feed.title == "Harbour Post"
    assert feed.notes


def test_values_without_quotes_and_a_forgotten_prefix_cost_nothing() -> None:
    raw = (
        "<rss rss:version=2.0><rss:channel><rss:title>Harbour Post</rss:title><rss:item><rss:title>Late</rss:title>"
        "<rss:guid isPermaLink=false>hp-1</rss:guid><rss:link>https://a.example/?a=1&b=2</rss:link>"
        "<rss:enclosure url=https://a.example/x.jpg type=image/jpeg/><rss:pubDate>Wed, 04 Mar 2026 12:00:00 GMT"
        "</rss:pubDate></rss:item></rss:channel></rss>"
    )
    (entry,) = read_feed(raw.encode()).entries
    assert (entry.headline, entry.guid, entry.url) == ("Late", "hp-1", "https://a.example/?a=1&b=2")
    assert entry.image is not None
    assert entry.image.url == "https://a.example/x.jpg"
    assert entry.published_at is not None


ENCODED = {
    "UTF-8 that says it is Latin-1": ("utf-8", "iso-8859-1", ""),
    "Windows-1252 that says it is UTF-8": ("windows-1252", "utf-8", ""),
    "Windows-1252 that says it is Latin-1": ("windows-1252", "iso-8859-1", ""),
    "Windows-1252 that says nothing": ("windows-1252", "", ""),
    "UTF-8 that says it is ASCII": ("utf-8", "us-ascii", ""),
    "UTF-8 that says it is Cyrillic": ("utf-8", "windows-1251", ""),
    "UTF-8 that says it is Chinese": ("utf-8", "gb2312", ""),
    "UTF-16 that says it is UTF-8": ("utf-16", "utf-8", ""),
    "UTF-16 without a mark": ("utf-16-le", "utf-16", ""),
    "Latin-1 that only the server declares": ("iso-8859-1", "", "text/xml; charset=iso-8859-1"),
    "an encoding nobody knows": ("utf-8", "x-unknown", ""),
}


@pytest.mark.parametrize(("real", "declared", "content_type"), ENCODED.values(), ids=ENCODED)
def test_a_wrong_or_missing_encoding_costs_no_letter(real: str, declared: str, content_type: str) -> None:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else '<?xml version="1.0"?>'
    text = "Übergroßer Bär in Møns façade – naïve Gäste über alle Maßen erschüttert"
    text = text.replace("–", "-") if real == "iso-8859-1" else text
    raw = (declaration + HEAD + item(text) + TAIL).encode(real)
    assert headlines(read_feed(raw, content_type=content_type)) == [text]


def test_cyrillic_that_only_the_server_declares_is_read() -> None:
    raw = (HEAD + item("Паром сел на мель у маяка") + TAIL).encode("windows-1251")
    assert headlines(read_feed(raw, content_type="text/xml; charset=windows-1251")) == ["Паром сел на мель у маяка"]


@pytest.mark.parametrize("fault", ["", " & "])
def test_japanese_in_bytes_of_ascii_is_read(fault: str) -> None:
    declaration = '<?xml version="1.0" encoding="iso-2022-jp"?>'
    raw = (declaration + HEAD + item("港のフェリー" + fault) + TAIL).encode("iso-2022-jp")
    assert headlines(read_feed(raw)) == [("港のフェリー" + fault).strip()]


def test_stray_bytes_of_another_encoding_are_read_in_place() -> None:
    raw = (HEAD + item("Café de la Gare à Zürich") + TAIL).encode() + b""
    raw = raw.replace(b"dek", b"it\x92s \x96 fine")
    entry = read_feed(raw).entries[0]
    assert (entry.headline, entry.dek) == ("Café de la Gare à Zürich", "it’s – fine")


@pytest.mark.parametrize(
    "junk", ["\n \t\n", "<b>Warning</b>: something in line 3<br />\n", "<!-- a -->text\n", "\ufeff\ufeff", "0\r\n"]
)
def test_junk_before_the_feed_is_passed_over(junk: str) -> None:
    raw = (junk + '<?xml version="1.0" encoding="utf-8"?>' + HEAD + item("ferry") + TAIL).encode()
    assert headlines(read_feed(raw)) == ["ferry"]


def test_junk_after_the_feed_is_passed_over_and_noted() -> None:
    feed = read_feed((HEAD + item("ferry") + TAIL + "<script>tracking()</script>").encode())
    assert headlines(feed) == ["ferry"]
    assert "around the feed" in feed.notes[0]


@pytest.mark.parametrize("cut", range(20, 330, 10))
def test_a_truncated_feed_keeps_its_complete_items(cut: int) -> None:
    whole = HEAD + item("one") + item("two") + item("three") + TAIL
    if cut < len(HEAD):
        cut = len(HEAD) + cut % 5
    part = whole[:cut]
    feed = read_feed(part.encode())
    assert headlines(feed) == ["one", "two", "three"][: part.count("</item>")]
    assert feed.title == "Harbour Post"


def test_a_truncated_atom_feed_and_a_truncated_rdf_feed_keep_theirs_too() -> None:
    atom = '<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title><entry><title>one</title></entry><entry><ti'
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        "<channel><title>B</title></channel><item><title>one</title></item><item><title>tw"
    )
    assert [headlines(read_feed(text.encode())) for text in (atom, rdf)] == [["one"], ["one"]]


def test_a_truncated_json_feed_keeps_its_complete_items() -> None:
    whole = json.dumps({"title": "J", "items": [{"id": "1", "title": "one"}, {"id": "2", "title": "two"}]})
    feed = read_feed(whole[:-12].encode())
    assert (feed.title, headlines(feed)) == ("J", ["one"])
    assert "breaks off" in feed.notes[0]


def test_control_characters_in_a_json_feed_cost_only_themselves() -> None:
    raw = b'{"items": [{"id": "1", "title": "Fer\x08ry \x00runs", "content_text": "One\nTwo"}]}'
    entry = read_feed(raw).entries[0]
    assert (entry.headline, entry.body) == ("Ferry runs", "One Two")


def test_markup_left_open_in_a_description_loses_nothing() -> None:
    raw = (HEAD + item("one", "<p>First<br>second<b>third") + item("two", "<i>x</b>y") + TAIL).encode()
    feed = read_feed(raw)
    assert headlines(feed) == ["one", "two"]
    assert feed.entries[0].dek.split() == ["First", "secondthird"]
    assert feed.entries[1].dek == "xy"


def test_an_item_that_is_not_closed_ends_where_the_next_begins() -> None:
    raw = (HEAD + "<item><title>one</title><item><title>two</title></item>" + TAIL).encode()
    assert headlines(read_feed(raw)) == ["one", "two"]


def test_attributes_without_quotes_are_read_loosely() -> None:
    raw = (HEAD + "<item><title type=text>one</title><guid isPermaLink=false>1</guid></item>" + TAIL).encode()
    feed = read_feed(raw)
    assert [(entry.headline, entry.guid) for entry in feed.entries] == [("one", "1")]


def test_entities_a_feed_declares_itself_are_resolved() -> None:
    raw = f'<!DOCTYPE rss [<!ENTITY hp "Harbour Post">]>{HEAD}{item("The &hp; & you")}{TAIL}'.encode()
    assert headlines(read_feed(raw)) == ["The Harbour Post & you"]


def test_entities_of_a_doctype_elsewhere_are_resolved() -> None:
    doctype = '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://a.example/rss-0.91.dtd">'
    assert headlines(read_feed((doctype + HEAD + item("Caf&eacute;") + TAIL).encode())) == ["Café"]


def test_a_gzip_file_is_unpacked() -> None:
    assert headlines(read_feed(gzip.compress((HEAD + item("ferry") + TAIL).encode()))) == ["ferry"]


OTHER = {
    "an HTML page": (
        b"<!DOCTYPE html><html><head><title>Not &amp; here</title></head></html>",
        r"HTML page 'Not & here'",
    ),
    "a page after a warning": (b"Warning: x\n<html><title>Oops</title>", r"HTML page 'Oops'"),
    "XHTML": (b'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>Hi</title></head></html>', r"HTML page 'Hi'"),
    "a challenge": (b"<html><title>Just a moment...</title></html>", r"challenge page 'Just a moment\.\.\.'"),
    "a refusal": (b"<html><head><title>403 Forbidden</title></head></html>", r"the site refuses"),
    "nothing": (b"", r"an empty body"),
    "white space": (b" \n\t ", r"an empty body"),
    "zeros": (b"\x00" * 5000, r"5000 bytes with nothing in them"),
    "a PDF": (b"%PDF-1.7 ...", r"a PDF file"),
    "a sitemap": (b"<urlset><url/></urlset>", r"a sitemap; use kind 'sitemap'"),
    "other XML": (b"<note><to>Tove</to></note>", r"an XML document <note>"),
    "other JSON": (b'{"error": "no"}', r"JSON that is no feed: an object with 'error'"),
    "a JSON list": (b"[1, 2]", r"JSON that is no feed: a list"),
    "half a JSON": (b'{"verion": "1.0"', r"JSON that breaks off"),
    "plain text": (b"Service temporarily out of order", r"text that begins 'Service temporarily"),
    "broken gzip": (b"\x1f\x8b\x08nonsense", r"a broken gzip file"),
}


@pytest.mark.parametrize(("raw", "said"), OTHER.values(), ids=OTHER)
def test_what_is_no_feed_is_called_by_its_name(raw: bytes, said: str) -> None:
    with pytest.raises(FeedError, match=said):
        read_feed(raw)
