"""Finding a site's feeds, and writing a source into config.toml."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.collect.discover import FoundFeed, add_source, discover, guesses, toml_block
from digest.model import Source

PAGE = b"""<!DOCTYPE html><html><head><title>The Quay</title><base href="/sub/">
<link rel="alternate" type="application/rss+xml" title="Comments on everything" href="/comments/feed/">
<link rel="alternate" type="application/rss+xml; charset=utf-8" title="The  Quay" href="feed.xml">
<link rel="alternate" type="application/atom+xml" href="https://quay.example/atom">
<link rel="alternate" type="application/json" href="https://quay.example/wp-json/wp/v2/posts/1">
<link rel="alternate" hreflang="nb" href="/nb/"><link rel="stylesheet" href="/rss.css"></head>
<body><a href="/rss/">RSS</a> <a href="/sub/feed.xml">again</a> <a href="/feedback">Write to us</a>
<a href="/about-rss-readers.html">What is RSS?</a></body></html>"""


def test_stated_feeds_come_first_then_links_then_comments() -> None:
    assert discover(PAGE, "https://quay.example/") == (
        FoundFeed("https://quay.example/sub/feed.xml", "The Quay", "rss"),
        FoundFeed("https://quay.example/atom", "", "atom"),
        FoundFeed("https://quay.example/rss/", "RSS", is_stated=False),
        FoundFeed("https://quay.example/comments/feed/", "Comments on everything", "rss"),
    )


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'<?xml version="1.0"?>\n<!-- made by hand -->\n<rss version="2.0"/>', "rss"),
        (b"<rdf:RDF xmlns:rdf='x'/>", "rss"),
        (b"\xef\xbb\xbf<feed xmlns='http://www.w3.org/2005/Atom'/>", "atom"),
        (b'{"version": "https://jsonfeed.org/version/1.1"}', "json"),
    ],
)
def test_a_body_that_is_a_feed_is_the_one_found(body: bytes, kind: str) -> None:
    assert discover(body, "https://a.example/f") == (FoundFeed("https://a.example/f", "", kind),)


def test_a_page_without_feeds_leaves_the_usual_places_to_try() -> None:
    assert discover(b"<html><body>hello</body></html>", "https://a.example/blog/") == ()
    assert discover(b"", "https://a.example/") == ()
    assert "https://a.example/rss.xml" in guesses("https://a.example/blog/")


CONFIG = """# our newsletter
[site]
title = "Morning"   # shown at the top

[[sources]]
slug = "one"        # the first
url = "https://one.example/rss"

# newsletters start here
[[newsletters]]
slug = "morning"
"""


def test_a_source_goes_behind_the_last_one_and_every_comment_stays() -> None:
    text = add_source(CONFIG, Source(slug="two", title="Two", url="https://two.example/rss", weight=1.5))

    assert text == CONFIG.replace(
        "# newsletters start here",
        '[[sources]]\nslug = "two"\ntitle = "Two"\nurl = "https://two.example/rss"\nweight = 1.5\n\n# newsletters start here',
    )


def test_a_config_without_sources_gets_its_first_at_the_end() -> None:
    text = add_source('[site]\ntitle = "M"\n', Source(slug="a", title="a", url="https://a.example/rss"))

    assert tomllib.loads(text) == {"site": {"title": "M"}, "sources": [{"slug": "a", "url": "https://a.example/rss"}]}


@given(st.text(max_size=40), st.text(max_size=40), st.booleans())
def test_any_text_comes_back_from_the_file_as_it_was(title: str, tagline: str, full: bool) -> None:
    source = Source(slug="x", title=title or "x", url="https://x.example/", tagline=tagline, full_text=full)
    try:
        tagline.encode()
        title.encode()
    except UnicodeEncodeError:
        return

    (read, written) = tomllib.loads(add_source('[[sources]]\nslug = "first"\n', source))["sources"]

    assert read == {"slug": "first"}
    assert Source(**{"title": "x", **written}) == source


def test_what_is_as_usual_is_not_written() -> None:
    assert toml_block(Source(slug="a", title="a", url="https://a.example/f")) == (
        '[[sources]]\nslug = "a"\nurl = "https://a.example/f"\n'
    )
