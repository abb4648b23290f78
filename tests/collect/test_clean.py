"""What is left of HTML from outside."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.collect.clean import clean_html, plain_text


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("<p onclick='x()'>Hi <b>there</b></p>", "<p>Hi <b>there</b></p>"),
        ("<script>alert(1)</script>ok", "ok"),
        ("<img src=x onerror=alert(1)>ok", "ok"),
        ("<svg><style>p{}</style><a xlink:href='javascript:x'>no</a></svg>ok", "ok"),
        ("<iframe src='https://t.example'>no</iframe>ok", "ok"),
        ("<custom-tag>kept</custom-tag>", "kept"),
        ("<!-- secret -->ok", "ok"),
    ],
)
def test_only_what_an_article_needs_is_left(dirty: str, clean: str) -> None:
    assert clean_html(dirty) == clean


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "ftp://x"],
)
def test_a_link_with_another_scheme_loses_its_address(link: str) -> None:
    assert "href" not in clean_html(f'<a href="{link}">x</a>')


@pytest.mark.parametrize("link", ["http://a.example/", "https://a.example/x?y=1", "mailto:a@b.example"])
def test_a_link_to_a_page_or_a_mailbox_is_kept(link: str) -> None:
    assert f'href="{link}"' in clean_html(f'<a href="{link}">x</a>')


def test_text_keeps_its_paragraphs_and_loses_its_markup() -> None:
    assert plain_text("<h2>A</h2><p>one <i>two</i><br>three</p><div>four &amp; five</div>") == (
        "A\n\none two three\n\nfour & five"
    )


@given(st.text(alphabet="<>/\"'=&;:!- abpscriptjv\x00\n", max_size=200))
@settings(max_examples=150)
def test_cleaning_twice_is_cleaning_once(dirty: str) -> None:
    once = clean_html(dirty)
    assert clean_html(once) == once
    assert "<script" not in once
