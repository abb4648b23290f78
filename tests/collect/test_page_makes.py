"""Article pages as the systems that make them write them, each with what a reader sees on it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from digest.collect.page import Page, read_page
from tests.collect.page_writer import PARAGRAPHS, TEXT, plain_page

URL = "https://lantern.example/2026/03/ferry"
HEADLINE = "Council withdraws ferry plan"
BODY = "\n\n".join(TEXT)


@dataclass(frozen=True)
class Make:
    """A page and what it says."""

    body: str
    head: str = ""
    headline: str = HEADLINE
    byline: tuple[str, ...] = ("Tove Marsh",)
    image: str = ""
    text: str = BODY
    lacks: tuple[str, ...] = field(default=())
    language: str = "en"

    def read(self) -> Page:
        return read_page(plain_page(self.body, self.head, self.language), url=URL)


def data(*items: dict[str, Any]) -> str:
    return f'<script type="application/ld+json">{json.dumps(list(items))}</script>'


def entry(headline: str, url: str, author: str, day: str) -> dict[str, Any]:
    return {"@type": "NewsArticle", "headline": headline, "url": url, "author": author, "datePublished": day}


ASK = (
    '<div class="paywall"><h2>Subscribe to read on</h2><p>You have read three articles this month. Become a member of'
    ' The Lantern and read all of it, and cancel whenever you like to.</p><a href="/login">Log in</a></div>'
)
BROKEN = """<script type="application/ld+json">{"@graph":[
{"@type":"WebSite","name":"The Lantern","description":"News of the "narrows" and the coast"},
{"@type":"Article","headline":"Council withdraws ferry plan","datePublished":"2026-03-04","author":{"@id":"#tove"},
 "image":{"@type":"ImageObject","url":"https://lantern.example/img/ferry-771200.jpg"}},
{"@type":"Person","@id":"#tove","name":"Tove Marsh"}]}</script>"""

MAKES = {
    "Drupal": Make(
        f"<h1>{HEADLINE}</h1><article class='node'><footer><div class='author'>Submitted by <span>Tove Marsh</span> on"
        f" <span>Wed, 03/04/2026 - 09:15</span></div></footer><div>{PARAGRAPHS}</div></article>"
    ),
    "Ghost with two authors": Make(
        f"<article><h1>{HEADLINE}</h1><h4 class='gh-article-author-name'><a href='/author/t'>Tove Marsh</a>,"
        f" <a href='/author/i'>Ivo Renn</a></h4><time datetime='2026-03-04'>Mar 4</time>{PARAGRAPHS}</article>",
        data({"@type": "Article", "headline": HEADLINE, "author": {"@type": "Person", "name": "Tove Marsh"}}),
        byline=("Tove Marsh", "Ivo Renn"),
    ),
    "Blogger": Make(
        f"<h1 class='title'><a href='/'>The Lantern</a></h1><h2 class='date-header'>Wednesday, 4 March 2026</h2>"
        "<div class='post' itemscope itemtype='http://schema.org/BlogPosting'>"
        f"<h3 class='post-title' itemprop='name'>{HEADLINE}</h3><div itemprop='articleBody'>{'<br><br>'.join(TEXT)}</div>"
        "<div>Posted by <span itemprop='author' itemscope><a rel='author'><span itemprop='name'>Tove Marsh</span></a></span>"
        "<abbr itemprop='datePublished' title='2026-03-04' content='2026-03-04'>09:15</abbr></div></div>",
        f"<title>The Lantern: {HEADLINE}</title><meta property='og:title' content='{HEADLINE}'>",
    ),
    "a stub behind a wall": Make(
        f"<article><h1>{HEADLINE}</h1><p>By Tove Marsh</p><p>4 March 2026</p>{PARAGRAPHS}{ASK}</article>",
        lacks=("Log in", "You have read three"),
    ),
    "a gallery": Make(
        f"<h1>{HEADLINE}</h1><p>By Tove Marsh</p><p>4 March 2026</p>{PARAGRAPHS}"
        + "".join(f'<figure><img src="/g/w-000{n}.jpg" width="900"></figure>' for n in range(4)),
        '<meta property="og:image" content="/g/w-0002.jpg?share=1">',
        image="https://lantern.example/g/w-0002.jpg",
    ),
    "microdata alone": Make(
        f"<div itemscope itemtype='https://schema.org/NewsArticle'><h2 itemprop='headline'>{HEADLINE}</h2>"
        "<span itemprop='author' itemscope><span itemprop='name'>Tove Marsh</span></span>"
        "<meta itemprop='datePublished' content='2026-03-04'><span itemprop='image' itemscope>"
        f"<meta itemprop='url' content='/img/narrows.jpg'></span><div itemprop='articleBody'>{PARAGRAPHS}</div></div>",
        "<title>Reading room</title>",
        image="https://lantern.example/img/narrows.jpg",
    ),
    "RDFa alone": Make(
        f"<div vocab='https://schema.org/' typeof='NewsArticle'><h2 property='headline'>{HEADLINE}</h2>"
        "<span property='author' typeof='Person'><span property='name'>Tove Marsh</span></span>"
        "<span property='datePublished' content='2026-03-04'>today</span>"
        f"<img property='image' src='/img/narrows.jpg' alt=''><div property='articleBody'>{PARAGRAPHS}</div></div>",
        "<title>Reading room</title>",
        image="https://lantern.example/img/narrows.jpg",
    ),
    "data that is no JSON": Make(
        f"<h1>{HEADLINE}</h1>{PARAGRAPHS}", BROKEN, image="https://lantern.example/img/ferry-771200.jpg"
    ),
    "data of several articles": Make(
        f"<h1>{HEADLINE}</h1>{PARAGRAPHS}",
        data(
            entry("Snow closes the northern road", "/snow", "Mo Lind", "2026-02-01"),
            entry(HEADLINE, "/2026/03/ferry#top", "Tove Marsh", "2026-03-04"),
            entry("A new lamp for the pier", "/lamp", "Ivo Renn", "2026-02-03"),
        ),
    ),
    "a table that lays out the page": Make(
        f"<table><tr><td><a href='/'>Home</a></td><td><font size=5><b>{HEADLINE}</b></font><br>By Tove Marsh<br>"
        f"4 March 2026<br><br>{'<br><br>'.join(TEXT)}</td></tr></table>",
        f"<title>{HEADLINE}</title>",
    ),
    "names in Spanish classes": Make(
        f"<div class='nota'><h4>Obras</h4><h2>{HEADLINE}</h2><div class='firma'>Tove Marsh</div>"
        f"<div class='fecha'>Miércoles 4 de marzo de 2026</div>{PARAGRAPHS}</div>",
        f"<title>{HEADLINE} - Diario del Faro</title>",
        language="es",
    ),
}


@pytest.mark.parametrize("make", MAKES.values(), ids=MAKES.keys())
def test_a_page_of_any_make_is_read_as_a_reader_sees_it(make: Make) -> None:
    found = make.read()

    assert (found.headline, found.byline) == (make.headline, make.byline)
    assert found.published_at is not None
    assert found.published_at.date().isoformat() == "2026-03-04"
    assert found.body == make.text
    assert (found.image.url if found.image else "") == make.image
    assert not [text for text in make.lacks if text in found.body]


def test_short_lines_above_the_first_paragraph_stay_where_they_are_many() -> None:
    parts = (
        "300 g rye flour",
        "200 g wheat flour",
        "20 g yeast",
        "3 dl warm milk",
        "1 egg",
        "50 g butter",
        "1 spoon salt",
    )
    listed = "".join(f"<li>{part}</li>" for part in parts)

    found = Make(f"<article><h1>Rye buns of Ostervik</h1><ul>{listed}</ul>{PARAGRAPHS}</article>").read()

    assert "300 g rye flour" in found.body
    assert found.body.endswith(BODY)


def test_a_table_of_figures_stays_a_table() -> None:
    table = "<table><tr><th>Yard</th><th>Million</th></tr><tr><td>Lindholm works</td><td>41</td></tr></table>"

    assert "Lindholm works" in Make(f"<h1>{HEADLINE}</h1>{PARAGRAPHS}{table}{PARAGRAPHS}").read().body


def test_a_card_of_a_member_of_the_staff_is_no_offer() -> None:
    card = "<div class='team-member'><p>Signe Aalto has been the mayor of Ostervik for the last nine years.</p></div>"

    assert (
        "nine years" in Make(f"<h1>{HEADLINE}</h1>{PARAGRAPHS}{card}{PARAGRAPHS.replace('ferry', 'boat')}").read().body
    )


@pytest.mark.parametrize(
    ("end", "stays"),
    [
        ("<p>Comments (0)</p><p>On this subject</p>", False),
        ("<p>tove@lantern.example</p>", False),
        ("<p>“We shall see,” said the mayor.</p>", True),
        ("<ul><li>The first meeting is on Thursday at six</li><li>The second one is a week later</li></ul>", True),
        ("<p>การประชุมสาธารณะจัดขึ้นในวันพฤหัสบดีหน้าที่ศุลกากรเก่าซึ่งจะมีการนำเสนอข้อเสนอทั้งสามต่อหน้าประชาชนทุกคนที่มา</p>", True),
    ],
    ids=["headings of what was cut off", "an address", "a short sentence", "a list", "a script without spaces"],
)  # fmt: skip
def test_an_article_ends_with_its_last_paragraph(end: str, stays: bool) -> None:
    found = Make(f"<article><h1>{HEADLINE}</h1>{PARAGRAPHS}{end}</article>").read()

    assert found.body.startswith(BODY)
    assert (found.body != BODY) is stays
