"""When a page says it was published: which of the times on it is the article's."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime

import pytest

from digest.collect.page import read_page
from digest.collect.page_date import COMMON_LANGUAGES
from tests.collect.page_writer import PARAGRAPHS, plain_page

HEADLINE = "<h1>Council withdraws ferry plan</h1>"


def day(body: str, head: str = "", language: str = "en") -> str:
    found = read_page(plain_page(body, head, language), url="https://quay.example/ferry").published_at
    return found.date().isoformat() if found else ""


@pytest.mark.parametrize(
    "body",
    [
        f'<aside><time datetime="2026-03-09">x</time></aside>{HEADLINE}<time datetime="2026-03-04">x</time>{PARAGRAPHS}',
        f'<time datetime="2026-03-09">today</time>{HEADLINE}<time datetime="2026-03-04">x</time>{PARAGRAPHS}',
        f'{HEADLINE}<blockquote><time datetime="2025-01-01">x</time></blockquote><p>4 March 2026</p>{PARAGRAPHS}',
        f'{HEADLINE}{PARAGRAPHS}<p>Posted on 4 March 2026</p><div class="comment"><time datetime="2026-03-09">x</time></div>',
        f"<article>{HEADLINE}{PARAGRAPHS}<footer><time datetime='2026-03-04'>x</time></footer></article>",
        f"{HEADLINE}<p>Updated: 9 March 2026</p><p>Ann Lee | 4 March 2026</p>{PARAGRAPHS}",
        f"{HEADLINE}<figure><figcaption>The quay on 1 March 2026</figcaption></figure><p>4 March 2026</p>{PARAGRAPHS}",
        f"{HEADLINE}<p>Photo: Mo | 1 March 2026</p><p>4 March 2026 · 3 min read</p>{PARAGRAPHS}",
        f"<p>Harbour | 4 March 2026</p>{HEADLINE}{PARAGRAPHS}",
        f"{HEADLINE}<p>The boats that lay in the harbour since 1 May 2024</p><p>04.03.2026</p>{PARAGRAPHS}",
        f"{HEADLINE}<p>Last updated 4 March 2026</p>{PARAGRAPHS}",
    ],
    ids=[
        "not what stands beside",
        "not the day on which the page is shown",
        "not a quoted post's",
        "not a comment's",
        "in the article's own footer",
        "not a change, where the first day is told",
        "not a caption's",
        "not a photograph's",
        "above the headline",
        "not a sentence's",
        "a change, where no other day is told",
    ],
)
def test_the_articles_own_day_is_taken(body: str) -> None:
    assert day(body) == "2026-03-04"


def test_the_basic_format_keeps_its_offset() -> None:
    head = '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"20260304T055000+0900"}</script>'

    found = read_page(plain_page(HEADLINE + PARAGRAPHS, head)).published_at

    assert found == datetime.fromisoformat("2026-03-04T05:50:00+09:00")
    assert found.isoformat() == "2026-03-04T05:50:00+09:00"


@pytest.mark.parametrize(
    ("line", "language"),
    [("۱۳ اسفند ۱۴۰۴", "fa"), ("4 มีนาคม 2569", "th"), ("令和8年3月4日", "ja"), ("03/04/2026", "en-US")],
)
def test_a_day_in_the_readers_own_calendar_is_read(line: str, language: str) -> None:
    assert day(f"{HEADLINE}<div>{line}</div>{PARAGRAPHS}", language=language) == "2026-03-04"


@pytest.mark.parametrize(
    ("line", "language"),
    [("4 მარ, 2026", "ka"), ("4 Machi, 2026", "sw_KE"), ("4 Mawrth, 2026", "cy"), ("4 mart, 2026", "uz-Latn-UZ")],
)
def test_a_day_is_searched_for_in_the_language_a_page_names(line: str, language: str) -> None:
    assert day(f"{HEADLINE}{PARAGRAPHS}<div class='date'>{line}</div>", language=language) == "2026-03-04"


def test_searching_for_a_day_gets_few_languages_ready() -> None:
    code = """
import sys
from tests.collect.test_page_moments import HEADLINE, PARAGRAPHS, day
assert day(HEADLINE + PARAGRAPHS + "<div class='date'>Mon, 20 quux 2 2021</div>", language="ka") == ""
print(sum(name.startswith("dateparser.data.date_translation_data.") for name in sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert 0 < int(done.stdout) <= COMMON_LANGUAGES + 1
