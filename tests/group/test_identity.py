"""Whether two addresses are the same article."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.group import article_key, canonical_url
from digest.model import Article

ADDRESS = "https://paper.example/news/bridge-opens"
SAME = {
    "plain http": "http://paper.example/news/bridge-opens",
    "upper case host": "https://PAPER.example/news/bridge-opens",
    "www": "https://www.paper.example/news/bridge-opens",
    "mobile host": "https://m.paper.example/news/bridge-opens",
    "amp host": "https://amp.paper.example/news/bridge-opens",
    "amp path": "https://paper.example/news/bridge-opens/amp",
    "amp folder": "https://paper.example/amp/news/bridge-opens",
    "amp suffix": "https://paper.example/news/bridge-opens.amp",
    "amp parameter": "https://paper.example/news/bridge-opens?outputType=amp",
    "default port": "https://paper.example:443/news/bridge-opens",
    "default port of http": "http://paper.example:80/news/bridge-opens",
    "trailing slash": "https://paper.example/news/bridge-opens/",
    "dots in the path": "https://paper.example/news/old/../bridge-opens",
    "fragment": "https://paper.example/news/bridge-opens#comments",
    "percent-encoded letters": "https://paper.example/news/%62ridge-opens",
    "utm": "https://paper.example/news/bridge-opens?utm_source=rss&utm_medium=feed",
    "at_": "https://paper.example/news/bridge-opens?at_medium=RSS&at_campaign=X",
    "ns_": "https://paper.example/news/bridge-opens?ns_mchannel=rss&ito=1490",
    "CMP": "https://paper.example/news/bridge-opens?CMP=share_btn_tw",
    "several": "https://paper.example/news/bridge-opens?smid=rss&ocid=x&fbclid=y",
    "a referrer in words": "https://paper.example/news/bridge-opens?ref=rss",
    "entities left in": "https://paper.example/news/bridge-opens?utm_source=a&amp;amp;ref=rss",
    "blanks around": "  https://paper.example/news/bridge-opens\n",
    "no scheme": "//paper.example/news/bridge-opens",
}
DIFFERENT = {
    "another path": "https://paper.example/news/bridge-closes",
    "another host": "https://sport.paper.example/news/bridge-opens",
    "another port": "https://paper.example:8080/news/bridge-opens",
    "a parameter that names": "https://paper.example/news/bridge-opens?page=2",
    "a number in a referrer": "https://paper.example/news/bridge-opens?ref=4711",
    "an encoded slash": "https://paper.example/news%2Fbridge-opens",
    "letters of another case": "https://paper.example/news/Bridge-Opens",
    "a page within": "https://paper.example/news/bridge-opens#!/second",
}


@pytest.mark.parametrize("url", SAME.values(), ids=SAME)
def test_spellings_of_an_address_are_one_article(url: str) -> None:
    assert canonical_url(url) == canonical_url(ADDRESS)


@pytest.mark.parametrize("url", DIFFERENT.values(), ids=DIFFERENT)
def test_other_addresses_are_other_articles(url: str) -> None:
    assert canonical_url(url) != canonical_url(ADDRESS)


def test_the_order_of_parameters_means_nothing() -> None:
    assert canonical_url("https://a.example/?x=1&id=2") == canonical_url("https://a.example/?id=2&x=1")


def test_a_guid_is_meaningful_within_its_source_alone() -> None:
    one, other = (Article(key="", source=s, url="", headline="h", guid="17") for s in ("a", "b"))
    assert article_key(one) != article_key(other)


def test_an_address_is_stronger_than_a_guid() -> None:
    one, other = (Article(key="", source="a", url=ADDRESS, headline="h", guid=g) for g in ("1", "2"))
    assert article_key(one) == article_key(other)


def test_without_address_and_guid_the_text_tells() -> None:
    one, other = (Article(key="", source="a", url="", headline=h) for h in ("Rain", "Sun"))
    assert article_key(one) != article_key(other)
    assert article_key(one) == article_key(one)


@given(st.text(max_size=60))
def test_any_text_can_be_asked(text: str) -> None:
    for url in (text, f"https://{text}", f"https://a.example/{text}"):
        assert canonical_url(canonical_url(url)) == canonical_url(url)


@pytest.mark.data
def test_the_collected_pairs_are_told_right(data: Path) -> None:
    pairs = json.loads((data / "urls" / "identity.json").read_text())
    assert [p for p in pairs["same_article"] if canonical_url(p[0]) != canonical_url(p[1])] == []
    assert [p for p in pairs["different_articles"] if canonical_url(p[0]) == canonical_url(p[1])] == []
