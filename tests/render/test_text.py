"""Texts are cleaned, and cut where a sentence ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.model import SLOT
from digest.render import text
from digest.render.sentences import sentences

SENTENCES = {
    "two": ("The port shut. Ships waited.", 2),
    "a title": ("Mr. Reyl spoke to Dr. Marsh about it. She agreed.", 2),
    "initials": ("J. R. Holm resigned. Nobody said why.", 2),
    "a country": ("The U.S. Senate votes on Monday. It may fail.", 2),
    "a country at the end": ("He flew to the U.S. The visit is his first.", 2),
    "a number": ("It grew by 3.5 per cent. Prices did not.", 2),
    "a time": ("It opens at 4 p.m. on Friday. Bring coins.", 2),
    "a month": ("It began on Jan. 5 in the hall. It ended there too.", 2),
    "a quotation": ("“We are ready.” The mayor smiled.", 2),
    "a question in the middle": ("Who pays? The town does. For now.", 3),
    "dots": ("And then… nothing. It was over.", 2),
    "an ordinal in German": ("Am 4. März schloss die Brücke. Niemand weiß warum.", 2),
    "short words in German": ("Das gilt z. B. für Lkw. Busse dürfen fahren.", 2),
    "a toll": ("The storm killed 12. Police named none.", 2),
    "no as a word": ("The board said no. The strike goes on.", 2),
    "no as number": ("He lives at No. 4 in the lane. She does not.", 2),
    "Japanese": ("橋が閉鎖された。船が増える。", 2),
    "Arabic": ("هل يفتح الجسر؟ لا أحد يعلم.", 2),
    "none": ("Bridge shut", 1),
    "nothing": ("", 0),
}


@pytest.mark.parametrize("name", SENTENCES)
def test_sentences_end_where_a_reader_would_say(name: str) -> None:
    given_text, count = SENTENCES[name]
    assert len(sentences(given_text)) == count


@given(st.text())
def test_no_letter_is_lost_between_sentences(any_text: str) -> None:
    line = text.one_line(any_text)
    assert "".join("".join(sentences(line)).split()) == "".join(line.split())


DEKS = {
    "one sentence is kept": ("It shut at noon.", 80, "It shut at noon."),
    "the second is cut": ("It shut at noon. Ships waited.", 80, "It shut at noon."),
    "a question brings its answer": ("Who pays? The town. For now.", 80, "Who pays? The town."),
    "a broken sentence gets an ellipsis": ("It shut, and ships [...]", 80, "It shut, and ships…"),
    "a teaser's dots after a whole sentence": ("It shut. And then …", 80, "It shut."),
    "few words are allowed": ("It shut at noon on Tuesday.", 3, "It shut at…"),
    "no words are allowed": ("It shut at noon.", 0, ""),
    "a line break is a space": ("It shut\r\nat noon.", 80, "It shut at noon."),
    "nothing": ("", 80, ""),
}


@pytest.mark.parametrize("name", DEKS)
def test_a_dek_is_one_sentence(name: str) -> None:
    given_text, words, expected = DEKS[name]
    assert text.dek(given_text, words) == expected


def test_a_very_long_sentence_is_cut_at_a_word() -> None:
    dek = text.dek("The council " + "and the board " * 40 + "met.", 800)
    assert len(dek) <= text.DEK_LIMIT
    assert dek.endswith(("board…", "the…", "and…"))


def test_an_opening_ends_with_a_whole_sentence_within_its_words() -> None:
    body = ("One two three. Four five six.", "Seven eight nine. Ten eleven twelve.")
    assert text.opening(body, 12) == body
    assert text.opening(body, 10) == (body[0], "Seven eight nine.")
    assert text.opening(body, 5) == ("One two three.",)
    assert text.opening(body, 2) == ("One two…",)
    assert text.opening(body, 0) == ()


def test_words_are_counted_in_scripts_without_spaces() -> None:
    assert text.word_count("橋が閉鎖された") == 4
    assert text.clip_words("橋が閉鎖された", 2) == "橋が閉鎖…"


@given(st.text(), st.integers(0, 100))
def test_a_clipped_text_is_no_longer_than_its_limit(any_text: str, limit: int) -> None:
    assert len(text.clip(any_text, limit + 2)) <= limit + 2


@given(st.text(alphabet="%AB_ \n\x00\u202e\ud800é", max_size=30))
def test_a_cleaned_text_can_make_no_slot_and_no_second_line(any_text: str) -> None:
    cleaned = text.one_line(any_text)
    assert not SLOT.search(cleaned)
    assert len(cleaned.splitlines()) <= 1
    cleaned.encode()


@given(st.text())
def test_cleaning_twice_is_cleaning_once(any_text: str) -> None:
    shown = text.one_line(any_text).replace(text.GUARD, "")
    assert text.one_line(shown).replace(text.GUARD, "") == shown


@pytest.mark.parametrize(
    ("words", "expected"),
    [("إغلاق الجسر", "rtl"), ("Bridge shut", "ltr"), ("Bridge إغلاق الجسر لمدة عام", "rtl"), ("1891", "rtl")],
)
def test_direction_is_that_of_most_letters(words: str, expected: str) -> None:
    assert text.direction(words, "rtl") == expected


DATELINES = {
    "place and agency": ("PORT ALDER (Northern Wire) – A ship sank.", "A ship sank."),
    "place, region and agency": ("ALDER, West Coast (Wire) - A ship sank.", "A ship sank."),
    "a place": ("PORT ALDER — A ship sank.", "A ship sank."),
    "an agency": ("(Wire) - A ship sank.", "A ship sank."),
    "a quotation after it": ("TARN QUAY – “We saw it.”", "“We saw it.”"),
    "an apposition is none": ("NATO – the alliance – met.", "NATO – the alliance – met."),
    "a sentence is none": ("A ship – the oldest – sank.", "A ship – the oldest – sank."),
    "a range is none": ("It won 34–31 in the end.", "It won 34–31 in the end."),
    "a dash at the start is none": ("– A ship sank.", "– A ship sank."),
}


@pytest.mark.parametrize("name", DATELINES)
def test_a_dateline_is_left_out_of_a_dek(name: str) -> None:
    given_text, expected = DATELINES[name]
    assert text.dek(given_text, 80) == expected
