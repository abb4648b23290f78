"""What is only the beginning of an article, and which sites are one."""

from __future__ import annotations

import pytest

from digest.collect.site import own_address, site_of
from digest.collect.stubs import gives_stubs, is_stub, tells_of
from digest.model import Article

LONG = "The harbour master counted the boats and wrote down what each of them had caught. " * 20


def article(dek: str = "", body: str = "") -> Article:
    """An article of which this is given."""
    return Article(key="", source="tarn", url="https://tarn.example/a", headline="Boats", dek=dek, body=body)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (article(), True),
        (article("The harbour master counted the boats."), True),
        (article(LONG), False),
        (article("", LONG), False),
        (article(LONG[:800] + " […]"), True),
        (article(LONG[:800] + " Continue reading..."), True),
        (article(LONG[:800] + " Weiterlesen »"), True),
        (article(LONG[:800] + " اقرأ المزيد"), True),
        (article(LONG, LONG + "…"), False),
    ],
    ids=[
        "nothing",
        "a sentence",
        "a summary",
        "a text",
        "cut off",
        "a link in English",
        "in German",
        "in Arabic",
        "whole",
    ],
)
def test_an_announcement_is_told_from_a_text(given: Article, expected: bool) -> None:
    assert is_stub(given) is expected


def test_a_source_with_one_short_notice_gives_texts() -> None:
    assert not gives_stubs([article(LONG), article(LONG), article("A notice.")])
    assert gives_stubs([article("A notice."), article(LONG)])
    assert not gives_stubs([])


@pytest.mark.parametrize(
    ("text", "headline", "expected"),
    [
        ("Ferry runs aground off Port Ellery", "Ferry aground at Port Ellery, all safe", True),
        ("We value your privacy. Choose what you agree to.", "Ferry aground at Port Ellery", False),
        ("東京の港で船が座礁、乗客は無事", "東京港で船座礁", True),
        ("クッキーの設定を選んでください", "東京港で船座礁", False),
        ("anything", "Oh no", True),
    ],
)
def test_a_notice_in_the_place_of_an_article_is_recognised(text: str, headline: str, expected: bool) -> None:
    assert tells_of(text, headline) is expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.bbc.co.uk/news", "bbc.co.uk"),
        ("https://m.quay.example/a", "quay.example"),
        ("https://ada.github.io/", "ada.github.io"),
        ("http://127.0.0.1:8000/a", "127.0.0.1"),
        ("http://[::1]/a", "::1"),
        ("https://localhost/", "localhost"),
        ("mailto:ada@quay.example", ""),
        ("http://[", ""),
    ],
)
def test_a_site_is_its_registrable_domain(url: str, expected: str) -> None:
    assert site_of(url) == expected


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("https://quay.example/2026/boats", "https://quay.example/2026/boats"),
        ("https://www.quay.example/2026/boats-2", "https://www.quay.example/2026/boats-2"),
        ("https://other.example/2026/boats", ""),
        ("https://quay.example/", ""),
        ("https://quay.example/2026/", ""),
        ("", ""),
    ],
    ids=["itself", "another spelling", "another site", "the front page", "a section", "nothing"],
)
def test_a_stated_address_is_believed_where_it_can_be_the_articles(stated: str, expected: str) -> None:
    assert own_address(stated, "https://quay.example/2026/boats?from=feed") == expected
