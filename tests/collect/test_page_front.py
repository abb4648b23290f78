"""A front page as a source: it lists articles and holds none itself."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from digest.collect.page import read_page
from digest.collect.page_source import read_source
from digest.collect.registry import Body
from digest.model import Source

NOW = datetime(2026, 3, 4, 6, 30, tzinfo=UTC)
HEADLINES = tuple(
    f"{who} {what}"
    for who, what in (
        ("Harbour council", "withdraws its ferry plan"),
        ("Bridge tolls", "to rise twice this year"),
        ("Night market", "moves into the old fish hall"),
        ("Two choirs", "want one organ on one evening"),
        ("School kitchens", "return to fish from local boats"),
        ("Lighthouse keeper", "retires after forty winters"),
    )
)


def front(with_deks: bool, extra: str = "", head: str = "") -> bytes:
    cards = "".join(
        f'<article class="card"><h2><a href="/s/{n}">{headline}</a></h2>'
        + (f"<p>{headline}, says the council in a letter that it published on Tuesday.</p>" if with_deks else "")
        + "</article>"
        for n, headline in enumerate(HEADLINES)
    )
    return (
        f"<!DOCTYPE html><html lang='en'><head><title>The Quay</title>{head}</head><body><header><h1>The Quay</h1></header>"
        f"<main>{extra}{cards}</main></body></html>"
    ).encode()


@pytest.mark.parametrize("with_deks", [True, False])
def test_a_front_page_gives_the_articles_it_lists_in_its_order(with_deks: bool) -> None:
    source = Source(slug="quay", title="The Quay", kind="page", section="Towns")

    reading = read_source(source, Body(raw=front(with_deks), url="https://quay.example/"), NOW)

    assert [article.headline for article in reading.articles] == list(HEADLINES)
    assert [article.url for article in reading.articles] == [f"https://quay.example/s/{n}" for n in range(6)]
    assert [article.position for article in reading.articles] == list(range(6))
    assert all(bool(article.dek) == with_deks for article in reading.articles)
    assert all(
        (article.section, article.language, article.when) == ("Towns", "en", NOW) for article in reading.articles
    )


def test_a_page_that_says_it_is_an_article_is_one_however_short() -> None:
    text = "<p>The harbour council has withdrawn its plan for a second ferry, the mayor said.</p>"
    head = '<meta property="og:type" content="article">'

    page = read_page(front(with_deks=True, extra=text, head=head), url="https://quay.example/x")

    assert not page.is_list
    assert page.body == "The harbour council has withdrawn its plan for a second ferry, the mayor said."
    assert len(page.related) == 6


def test_a_page_with_a_long_text_is_an_article_though_it_says_nothing_of_it() -> None:
    text = "".join(
        f"<p>Paragraph {n} of the report tells at some length what the council found when it opened its books.</p>"
        for n in range(12)
    )

    page = read_page(front(with_deks=False, extra=text), url="https://quay.example/x")

    assert not page.is_list
    assert page.body.count("Paragraph") == 12
