"""The names that sign a page, as sites in many languages and systems write them."""

from __future__ import annotations

import json

import pytest

from digest.collect.page import read_page
from tests.collect.page_writer import PARAGRAPHS, plain_page

URL = "https://quay.example/2026/ferry"
HEADLINE = "<h1>Council withdraws ferry plan</h1>"


def byline(above: str = "", head: str = "", below: str = "", language: str = "en") -> tuple[str, ...]:
    raw = plain_page(f"<main>{HEADLINE}{above}{PARAGRAPHS}{below}</main>", head, language)
    return read_page(raw, url=URL).byline


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("by Ann Lee", ("Ann Lee",)),
        ("By ANN LEE and BO EK - Harbour Writers | QP – 1 hr ago", ("Ann Lee", "Bo Ek")),
        ("By ANN LEE & BO EK | 3/4/26 7:15 AM", ("Ann Lee", "Bo Ek")),
        ("Written by Ann Lee on Wed, 03/04/2026", ("Ann Lee",)),
        ("Von Ann Lee und Bo Ek", ("Ann Lee", "Bo Ek")),
        ("par Ann Lee", ("Ann Lee",)),
        ("Par Ann Lee et Bo Ek, le 4 mars 2026", ("Ann Lee", "Bo Ek")),
        ("Por Ana Lima e Rui Costa", ("Ana Lima", "Rui Costa")),
        ("Por Ana Lima y José Ortega y Gasset", ("Ana Lima", "José Ortega y Gasset")),
        ("Di Anna Rossi e Bo Ek", ("Anna Rossi", "Bo Ek")),
        ("Door Ann Lee en Bo Ek", ("Ann Lee", "Bo Ek")),
        ("Av Ann Lee og Bo Ek", ("Ann Lee", "Bo Ek")),
        ("Tekst: Anna Nowak i Jan Kowal", ("Anna Nowak", "Jan Kowal")),
        ("Yazan: Ayşe Kaya ve Can Demir", ("Ayşe Kaya", "Can Demir")),
        ("Автор: Анна Лебедева и Борис Эк", ("Анна Лебедева", "Борис Эк")),
        ("بقلم: سارة حسن، أحمد علي", ("سارة حسن", "أحمد علي")),
        ("מאת: דנה לוי", ("דנה לוי",)),
        ("文／山田花子、佐藤太郎", ("山田花子", "佐藤太郎")),
        ("글: 김민수", ("김민수",)),
    ],
)
def test_a_line_that_is_a_byline_is_read_in_many_languages(line: str, names: tuple[str, ...]) -> None:
    marked = byline(f'<div class="byline">{line}</div>')

    assert marked == names


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Von Tove Marsch und Ivo Renn, Ostervik | 4. März 2026, 9:15 Uhr", ("Tove Marsch", "Ivo Renn")),
        ("Par Tove Marsh avec AFP · Publié le 4 mars 2026 à 9h15", ("Tove Marsh", "AFP")),
        ("Tove Marsh / Ivo Renn | Ostervik - 4 mar 2026", ("Tove Marsh", "Ivo Renn")),
        ("di Tove Marsh e Ivo Renn 4 marzo 2026", ("Tove Marsh", "Ivo Renn")),
        ("Por Tove Marsh, da Lantern — Ostervik 04/03/2026 09h15", ("Tove Marsh",)),
        ("By Tove Marsh March 4, 2026", ("Tove Marsh",)),
        ("Text: Tove Marsh Foto: Mo Lind Publicerad 4 mars 2026", ("Tove Marsh",)),
        ("Interview: Tove Marsh · 4 March 2026", ("Tove Marsh",)),
        ("Олена Коваль — 4 березня 2026, 09:15", ("Олена Коваль",)),
        ("Yazar: Ayşe Kaya 4 Mart 2026 Çarşamba", ("Ayşe Kaya",)),
        ("Της Μαρίας Παππά 4 Μαρτίου 2026", ("Μαρίας Παππά",)),
        ("بقلم: سارة حسن ٤ مارس ٢٠٢٦", ("سارة حسن",)),
        ("نویسنده: سارا کریمی ۱۳ اسفند ۱۴۰۴", ("سارا کریمی",)),
        ("מאת דנה לוי, 4 במרץ 2026", ("דנה לוי",)),
        ("लेखक: आशा वर्मा 4 मार्च 2026", ("आशा वर्मा",)),
        ("โดย สมชาย ใจดี 4 มีนาคม 2569", ("สมชาย ใจดี",)),
        ("Tác giả: Nguyễn Thị Lan 4 tháng 3, 2026", ("Nguyễn Thị Lan",)),
        ("Penulis: Siti Rahayu 4 Maret 2026", ("Siti Rahayu",)),
        ("文／山田花子 2026年3月4日 9時15分", ("山田花子",)),
        ("记者：李小明 2026年3月4日", ("李小明",)),
        ("김민수 기자 2026.03.04 09:15", ("김민수",)),
        ("Opening hours | 4 March 2026", ()),
        ("Di 4 marzo 2026 si parla", ()),
        ("Text of the decision, 4 March 2026", ()),
    ],
)
def test_a_line_with_a_day_is_a_byline_whatever_its_marks(line: str, names: tuple[str, ...]) -> None:
    assert byline(f'<div class="article-meta">{line}</div>') == names


@pytest.mark.parametrize(
    ("above", "names"),
    [
        ("<p>by Ann Lee</p>", ("Ann Lee",)),
        ("<p>by Ann Lee | 4 March 2026</p>", ("Ann Lee",)),
        ('<h2>BY <a rel="author" href="/ann">Ann Lee</a></h2>', ("Ann Lee",)),
        ("<p>by the end of the year</p>", ()),
        ("<p>by Ann Lee we were told a story that goes on</p>", ()),
        ('<div class="author">ANN LEE, BO EK Sent to Ostervik</div>', ("Ann Lee", "Bo Ek")),
        ('<div class="byline"><span class="name">Reuters</span></div>', ("Reuters",)),
        ("<figure><figcaption>The ferry. <span class='author'>Mo Lind</span></figcaption></figure>", ()),
        ('<div class="author">Submitted on Mon, 2026-03-04 13:49</div>', ()),
    ],
)
def test_a_line_is_a_byline_by_its_words_or_by_its_marks(above: str, names: tuple[str, ...]) -> None:
    assert byline(above) == names


def test_an_article_marked_with_its_authors_name_does_not_make_every_line_a_byline() -> None:
    html = (
        f'<article class="node author-sara"><h1>Council withdraws ferry plan</h1><p>Mo Lind</p>{PARAGRAPHS}</article>'
    )

    assert read_page(plain_page(html), url=URL).byline == ()


@pytest.mark.parametrize("nobody", ["Super User", "admin", "wpadmin", "Administrator", "Submitted by", "guest"])
def test_what_a_system_calls_nobody_is_no_name(nobody: str) -> None:
    assert byline(head=f'<meta name="author" content="{nobody}">') == ()


def test_a_link_to_all_that_somebody_wrote_is_not_another_author() -> None:
    above = '<p><a rel="author" href="/ann">Ann Lee</a></p><p><a rel="author" href="/ann">SHOW ALL ARTICLES OF Ann Lee</a></p>'

    assert byline(above) == ("Ann Lee",)


@pytest.mark.parametrize(
    ("authors", "names"),
    [
        (["Ann Lee", "The Quay"], ("Ann Lee",)),
        (["The Quay", "QPA"], ("The Quay", "QPA")),
        (["The Quay"], ("The Quay",)),
    ],
)
def test_the_site_does_not_sign_beside_a_person(authors: list[str], names: tuple[str, ...]) -> None:
    item = {"@type": "NewsArticle", "author": [{"@type": "Person", "name": name} for name in authors]}
    head = f'<meta property="og:site_name" content="The Quay"><script type="application/ld+json">{json.dumps(item)}</script>'

    assert byline(head=head) == names


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("https://quay.example/authors/malin-ake-renn", ("Malin Åke Renn",)),
        ("https://quay.example/profile/malin.ake.renn/", ("Malin Åke Renn",)),
        ("https://quay.example/authors/somebody-else", ()),
        ("https://[broken", ()),
    ],
)
def test_an_authors_address_names_who_is_named_on_the_page(address: str, names: tuple[str, ...]) -> None:
    head = f'<meta property="article:author" content="{address}">'

    assert byline(head=head, below="<p>Malin Åke Renn (after a song of the quay).</p>") == names
