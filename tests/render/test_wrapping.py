"""Lines of the text version break between words, and names do not break."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from digest.render.wrapping import columns, unbroken, wrapped


def test_words_fill_a_line_and_no_more() -> None:
    assert wrapped("one two three four", 9) == "one two\nthree\nfour"
    assert wrapped("one two three", 13) == "one two three"
    assert wrapped("one two three", 12, "  ") == "  one two\n  three"


def test_a_long_address_stays_whole() -> None:
    assert wrapped("see https://x.example/a/very/long/path now", 10) == "see\nhttps://x.example/a/very/long/path\nnow"


def test_wide_letters_take_two_columns_and_marks_none() -> None:
    assert columns("橋") == 2
    assert columns("e\u0301") == 1


@given(st.text(), st.integers(1, 100))
def test_wrapping_loses_no_word_and_keeps_to_the_width(text: str, width: int) -> None:
    lines = wrapped(text, width).split("\n")
    assert " ".join(lines).split() == text.split()
    assert all(columns(line) <= width or " " not in line for line in lines)


def test_a_short_name_is_not_broken_and_a_long_one_may_be() -> None:
    assert unbroken("The Harbour Gazette") == "The\u00a0Harbour\u00a0Gazette"
    assert " " in unbroken("The Very Long Name of an Old Provincial Newspaper")
