"""Lists of sources as OPML."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.collect.opml import read_opml, slug_of, write_opml
from digest.errors import SourceError
from digest.model import Source

NOW = datetime(2026, 3, 4, 6, 30, tzinfo=UTC)


def test_feeds_are_read_with_the_section_they_stand_in() -> None:
    sources = read_opml(
        b"""<?xml version="1.0"?><opml version="1.0"><head><title>Mine</title></head><body>
        <outline text="World"><outline type="rss" text="The Quay &amp; Co" xmlUrl="https://quay.example/rss"
           htmlUrl="https://quay.example/" description="News from the  water"/>
          <outline title="Deeper"><outline text="Inner" xmlUrl="https://inner.example/feed"/></outline></outline>
        <outline text="Alone" xmlUrl="https://alone.example/feed"/>
        <outline text="Again" xmlUrl="https://alone.example/feed"/>
        <outline text="Alone" xmlUrl="https://other.example/feed"/>
        <outline text="Script" xmlUrl="javascript:alert(1)"/></body></opml>"""
    )

    assert [(source.slug, source.title, source.url, source.section) for source in sources] == [
        ("the-quay-co", "The Quay & Co", "https://quay.example/rss", "World"),
        ("inner", "Inner", "https://inner.example/feed", "Deeper"),
        ("alone", "Alone", "https://alone.example/feed", ""),
        ("alone-2", "Alone", "https://other.example/feed", ""),
    ]
    assert (sources[0].homepage, sources[0].tagline) == ("https://quay.example/", "News from the water")


@pytest.mark.parametrize("body", [b"", b"<html/>", b"not xml", b'{"a": 1}', b"\xff\xfe\x00"])
def test_what_is_no_opml_is_an_error_that_says_so(body: bytes) -> None:
    with pytest.raises(SourceError, match="not read as OPML"):
        read_opml(body)


def test_entities_from_outside_are_not_read() -> None:
    sources = read_opml(
        b'<!DOCTYPE o [<!ENTITY x SYSTEM "file:///etc/hostname">]><opml><body>'
        b'<outline text="A" xmlUrl="https://a.example/f"/>&x;</body></opml>'
    )

    assert [source.title for source in sources] == ["A"]


def test_ten_thousand_levels_are_not_followed() -> None:
    deep = b"<outline text='x'>" * 10_000 + b"<outline text='A' xmlUrl='https://a.example/f'/>" + b"</outline>" * 10_000

    assert read_opml(b"<opml><body>" + deep + b"<outline text='B' xmlUrl='https://b.example/f'/></body></opml>") in (
        (),
        (Source(slug="b", title="B", url="https://b.example/f"),),
    )


texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30).map(
    lambda t: " ".join(t.split())
)


@given(st.lists(st.tuples(texts.filter(bool), st.sampled_from(("", "World", "Money & work")), texts), max_size=8))
def test_a_list_written_and_read_again_is_the_same(rows: list[tuple[str, str, str]]) -> None:
    sources = [
        Source(slug=f"s{n}", title=title, url=f"https://a.example/{n}?x=1&y=2", section=section, tagline=tagline)
        for n, (title, section, tagline) in enumerate(rows)
    ]

    again = read_opml(write_opml(sources, "Mine & yours", NOW))

    def facts(many: list[Source] | tuple[Source, ...]) -> set[tuple[str, str, str, str]]:
        return {(source.title, source.url, source.section, source.tagline) for source in many}

    legible = [s for s in sources if all(c.isprintable() for c in s.title + s.tagline)]
    assert facts(legible) <= facts(again)
    assert len(again) == len(sources)


def test_only_feeds_with_an_address_are_written() -> None:
    written = write_opml(
        [Source(slug="f", title="Folder", kind="folder", path="/x"), Source(slug="l", title="Local", path="/y.xml")],
        "T",
        NOW,
    )

    assert read_opml(written) == ()
    assert b"<dateCreated>Wed, 04 Mar 2026 06:30:00 +0000</dateCreated>" in written


@pytest.mark.parametrize(
    ("title", "slug"),
    [("The Ostervik Post", "the-ostervik-post"), ("Ålesund & Ærø", "alesund-r"), ("新聞", "source"), ("--", "source")],
)
def test_a_slug_is_plain_and_never_empty(title: str, slug: str) -> None:
    assert slug_of(title) == slug
