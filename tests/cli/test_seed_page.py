"""The page this product was conceived from, as an edition: every element of it, in the page's order."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from tests.collect.page_writer import Draft, write_page
from tests.collect.test_page_seed import DRAFT, _seed
from tests.newsroom import Newsroom


def folded(text: str) -> str:
    """Return text with markup, quotes and white space made even."""
    plain = unescape(re.sub(r"(?s)<style.*?</style>|<!--.*?-->|<[^>]+>", " ", text))
    return " ".join(plain.replace("\u2060", "").translate(dict.fromkeys(map(ord, "‘’“”'\""), " ")).split())


def assert_every_element(newsroom: Newsroom, draft: Draft) -> None:
    newsroom.sources.clear()
    newsroom.newsletter += (
        '\n[newsletters.sponsor]\ntext = "Kettle & Co"\nurl = "https://kettle.example/"'
        '\n[newsletters.call_to_action]\ntext = "Write to us"\nurl = "https://daily.example/write"'
    )
    newsroom.source("page", write_page(draft, "article cards"), suffix="html", more='kind = "page"')
    ran = newsroom.digest("preview", "--json")
    assert ran.code == 0, ran.err
    (written,) = ran.values
    html = Path(written["html"]).read_text(encoding="utf-8")
    for shown in (folded(html), folded(Path(written["text"]).read_text(encoding="utf-8"))):
        at = -1
        opening = folded(draft.paragraphs[0])[:60]
        for element in (
            draft.headline,
            draft.byline,
            opening,
            f"Read the full article on {draft.source}",
            draft.tagline,
        ):
            at = shown.find(folded(element), at + 1)
            assert at >= 0, element
        for headline, dek in draft.related:
            at = shown.find(folded(headline), at + 1)
            assert at >= 0, headline
            assert folded(first_sentence_of(dek))[:80] in shown[at:], dek
        for element in ("Kettle & Co", "Write to us"):
            assert element in shown
        assert re.search("sponsor|advert", shown, re.IGNORECASE)
    assert draft.full_url in html
    assert draft.source_url in html
    assert "https://kettle.example/" in html
    assert "https://daily.example/write" in html


def first_sentence_of(dek: str) -> str:
    return re.split(r"(?<=[.!?])\s", dek)[0]


def test_every_element_of_such_a_page_is_in_the_edition(newsroom: Newsroom) -> None:
    assert_every_element(newsroom, DRAFT)


@pytest.mark.data
def test_every_element_of_the_page_itself_is_in_the_edition(newsroom: Newsroom, data: Path) -> None:
    draft = _seed(data / "seed" / "page.txt")
    assert len(draft.related) == 13
    assert_every_element(newsroom, draft)


def test_nothing_is_shown_where_sponsor_and_call_are_not_set(newsroom: Newsroom) -> None:
    (written,) = newsroom.digest("preview", "--json").values
    shown = folded(Path(written["html"]).read_text(encoding="utf-8"))
    assert not re.search("sponsor|advert", shown, re.IGNORECASE)
