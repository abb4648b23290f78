"""What pages of many countries and systems hold: each case small, with the reading that a person would give it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from digest.collect.page import Page, read_page

HEADLINE = "Boats of Lower Tarn counted at the fair"
BODY = "".join(
    f"<p>On day {day} of the fair the harbour master counted {day + 40} boats and wrote down what each had caught.</p>"
    for day in range(6)
)


def page(head: str = "", above: str = "") -> Page:
    """A page with this in its head, and this between its headline and its text."""
    raw = (
        f"<html><head><title>{HEADLINE}</title>{head}</head><body><main><article><h1>{HEADLINE}</h1>{above}{BODY}"
        "</article></main></body></html>"
    )
    return read_page(raw.encode(), url="https://tarn.example/news/boats")


def data(text: str) -> str:
    """A script of JSON-LD."""
    return f'<script type="application/ld+json">{text}</script>'


def article(**facts: Any) -> str:
    """A script with an article of these facts."""
    return data(json.dumps({"@type": "NewsArticle", "headline": HEADLINE, **facts}))


@pytest.mark.parametrize(
    "author",
    [
        ["Ada Quill", "Bo Lee"],
        {"name": ["Ada Quill", "Bo Lee"]},
        {"@list": [{"name": "Ada Quill"}, {"name": "Bo Lee"}]},
        [{"givenName": "Ada", "familyName": "Quill"}, {"name": {"@value": "Bo Lee"}}],
        {"name": "By Ada Quill and Bo Lee"},
        {"name": "Ada Quill, Bo Lee, Senior Reporter"},
    ],
)
def test_authors_are_read_however_the_data_puts_them(author: Any) -> None:
    assert page(article(author=author)).byline == ("Ada Quill", "Bo Lee")


@pytest.mark.parametrize(
    "script",
    [
        json.dumps({"@type": "WebSite", "name": "The Tarn"}) + json.dumps({"@type": "NewsArticle", "headline": HEADLINE, "author": "Ada Quill"}),
        json.dumps({"@type": "NewsArticle", "headline": HEADLINE, "author": "Ada Quill"}).replace('"', "&quot;"),
        '{"@type": "NewsArticle", "headline": "Boats of "Lower" Tarn", "author": {"@type": "Person", "name": "Ada Quill"}}',
    ],
    ids=["two values in one script", "escaped", "a quotation mark too many"],
)  # fmt: skip
def test_data_that_is_no_json_still_names_the_author(script: str) -> None:
    assert page(data(script)).byline == ("Ada Quill",)


def test_data_that_is_no_json_still_tells_date_and_picture() -> None:
    found = page(
        data(
            '{"@type":"NewsArticle","x":"a "b" c","datePublished":"2026-03-03T06:05:00Z","image":["https://tarn.example/i.jpg"]}'
        )
    )
    assert found.published_at == datetime(2026, 3, 3, 6, 5, tzinfo=UTC)
    assert found.image
    assert found.image.url == "https://tarn.example/i.jpg"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("<p>Von Ada Quill</p>", "Ada Quill"),
        ("<p>Door Ada Quill</p>", "Ada Quill"),
        ('<p class="autore">di <b>Ada Quill</b></p>', "Ada Quill"),
        ('<p class="byline">BY ADA QUILL</p>', "Ada Quill"),
        ('<div class="author">Tekst: Ada Quill</div>', "Ada Quill"),
        ('<div class="article-author">Автор: Иван Петров</div>', "Иван Петров"),
        ('<div class="author">بقلم: أحمد علي</div>', "أحمد علي"),
        ('<div class="author">作者：王小明</div>', "王小明"),
        ('<p class="byline">홍길동 기자</p>', "홍길동"),
        ('<span class="author vcard"><a class="fn" href="/ada">Ada Quill</a></span>', "Ada Quill"),
    ],
)
def test_the_line_of_the_author_is_read_in_many_languages(line: str, name: str) -> None:
    assert page(above=line).byline == (name,)


@pytest.mark.parametrize(
    "line",
    [
        "<time datetime='2026-03-03T06:05:00Z'>today</time>", "<p class='date'>3 March 2026</p>",
        "<p class='date'>3. března 2026 6:05</p>", "<p class='date'>3 марта 2026, 06:05</p>",
        "<p class='date'>2026年3月3日 06時05分</p>", "<p class='date'>3 مارس 2026</p>",
    ],
)  # fmt: skip
def test_the_day_is_read_in_many_languages(line: str) -> None:
    when = page(above=line).published_at
    assert when
    assert f"{when:%Y-%m-%d}" == "2026-03-03"


@pytest.mark.parametrize(
    ("picture", "address"),
    [
        ('<figure><img src="//cdn.tarn.example/a.jpg" width=800></figure>', "https://cdn.tarn.example/a.jpg"),
        ('<figure><img src="data:image/gif;base64,R0" data-src="/late.jpg"></figure>', "https://tarn.example/late.jpg"),
        ('<figure><img src="/b-300.jpg" data-lazy-srcset="/b-300.jpg 300w, /b-900.jpg 900w"></figure>', "https://tarn.example/b-900.jpg"),
        ('<picture><source srcset="/c-400.webp 400w, /c-1600.webp 1600w"><img src="/c-400.jpg"></picture>', "https://tarn.example/c-1600.webp"),
        ('<amp-img src="/d.jpg" width="1200" height="700"></amp-img>', "https://tarn.example/d.jpg"),
        ('<figure><img src="/blank.gif"><noscript><img src="/real.jpg"></noscript></figure>', "https://tarn.example/real.jpg"),
    ],
    ids=["of the same scheme", "late", "late and in sizes", "in sizes", "for AMP", "without scripts"],
)  # fmt: skip
def test_the_picture_is_found_however_it_is_loaded(picture: str, address: str) -> None:
    image = page(above=picture).image
    assert image
    assert image.url == address
