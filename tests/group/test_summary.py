"""Deks and extracts: whole sentences in the article's own words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.group import dek
from digest.group.summary import extract, sentences
from digest.model import Article

CUT = {
    "stops": ("It rained. It stopped! Did it?", ["It rained.", "It stopped!", "Did it?"]),
    "quotes": ('She said "no." He left.', ['She said "no."', "He left."]),
    "titles": ("Mr. Vane met Dr. Roe. They spoke.", ["Mr. Vane met Dr. Roe.", "They spoke."]),
    "initials": ("J. R. Vane left. Roe stayed.", ["J. R. Vane left.", "Roe stayed."]),
    "numbers": ("It cost 3.5 million. Nobody paid.", ["It cost 3.5 million.", "Nobody paid."]),
    "lines": ("A line\nAnother line", ["A line", "Another line"]),
    "full-width": ("雨が降った。止んだ。", ["雨が降った。", "止んだ。"]),
    "nothing": ("", []),
}
BODY = (
    "The harbour of Quillmere was closed on Monday after a crane fell into the water. "
    "Nobody was hurt. "
    "The crane, bought in 1987, fell into the harbour of Quillmere during a storm on Monday. "
    "Ships were sent to Lindholm while divers looked at the crane in the harbour. "
    "A concert on the pier had to be put off."
)


@pytest.mark.parametrize(("text", "cut"), CUT.values(), ids=CUT)
def test_sentences_end_where_readers_say(text: str, cut: list[str]) -> None:
    assert sentences(text) == cut


def article(dek_: str = "", body: str = "") -> Article:
    return Article(key="k", source="s", url="", headline="Crane falls into harbour", dek=dek_, body=body)


def test_the_sources_dek_is_cut_at_its_first_sentence() -> None:
    assert dek(article("A crane of forty tons fell. It was old.")) == "A crane of forty tons fell."


def test_a_very_short_sentence_takes_the_next_one_along() -> None:
    assert dek(article("It fell. The crane was forty years old.")) == "It fell. The crane was forty years old."


def test_an_invitation_to_read_on_is_left_out() -> None:
    assert dek(article("A crane of forty tons fell into it. Read more")) == "A crane of forty tons fell into it."


def test_a_long_sentence_is_cut_at_a_word_and_says_so() -> None:
    assert dek(article("one two three four five six seven"), words=4) == "one two three four …"


def test_without_a_dek_the_body_speaks_in_its_own_sentences() -> None:
    made = dek(article(body=BODY), words=40)
    assert "crane" in made
    assert all(sentence in BODY for sentence in sentences(made))


def test_an_extract_prefers_what_the_rest_repeats() -> None:
    assert "concert" not in extract(BODY, 30)
    assert "harbour" in extract(BODY, 30)


def test_no_text_gives_no_dek() -> None:
    assert dek(article()) == ""


def test_a_dek_that_repeats_the_headline_is_no_dek() -> None:
    assert dek(article("Crane falls into harbour")) == ""


@given(st.text(max_size=300), st.integers(1, 60))
def test_a_dek_is_never_longer_than_asked_for(text: str, words: int) -> None:
    for each in (article(text), article(body=text)):
        assert len(dek(each, words).removesuffix("…").split()) <= words


@given(st.text(max_size=300))
def test_sentences_lose_no_word(text: str) -> None:
    assert " ".join(sentences(text)).split() == text.split()
