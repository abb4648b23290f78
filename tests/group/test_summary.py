"""Deks and extracts: whole sentences in the article's own words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.group import dek
from digest.group.sentences import cut, is_whole, joined, length, sentences
from digest.group.summary import extract
from digest.model import Article

CUT = {
    "stops": ("It rained. It stopped! Did it?", ["It rained.", "It stopped!", "Did it?"]),
    "quotes": ('She said "no." He left.', ['She said "no."', "He left."]),
    "titles": ("Mr. Vane met Dr. Roe. They spoke.", ["Mr. Vane met Dr. Roe.", "They spoke."]),
    "initials": ("J. R. Vane left. Roe stayed.", ["J. R. Vane left.", "Roe stayed."]),
    "numbers": ("It cost 3.5 million. Nobody paid.", ["It cost 3.5 million.", "Nobody paid."]),
    "lines": ("A line\nAnother line", ["A line", "Another line"]),
    "German ordinals": (
        "Am 3. März war es kalt. Im 19. Jahrhundert auch.",
        ["Am 3. März war es kalt.", "Im 19. Jahrhundert auch."],
    ),
    "German abbreviations": (
        "Das kostet z. B. 3,5 Mio. Euro. Niemand zahlt.",
        ["Das kostet z. B. 3,5 Mio. Euro.", "Niemand zahlt."],
    ),
    "French": ("M. Roe est arrivé. Il est parti.", ["M. Roe est arrivé.", "Il est parti."]),
    "Spanish": (
        "¿Por qué? El Sr. Roe no lo sabe. «Nada», dijo.",
        ["¿Por qué?", "El Sr. Roe no lo sabe.", "«Nada», dijo."],
    ),
    "Russian": ("Это г. Скерри. Там А. С. Роу жил. Да.", ["Это г. Скерри.", "Там А. С. Роу жил.", "Да."]),
    "Arabic": ("قال الوزير. ثم غادر؟ نعم.", ["قال الوزير.", "ثم غادر؟", "نعم."]),
    "Hindi": ("यह अच्छा है। वह बुरा है।", ["यह अच्छा है।", "वह बुरा है।"]),
    "Japanese quotes": (
        "雨が降った。「止んだ。」と言った。静かだ。",
        ["雨が降った。", "「止んだ。」と言った。", "静かだ。"],
    ),
    "a country": (
        "He lives in the U.S. She does not. The U.S. Senate voted.",
        ["He lives in the U.S.", "She does not.", "The U.S. Senate voted."],
    ),
    "shares": ("Prices rose 3.5%. Wages did not.", ["Prices rose 3.5%.", "Wages did not."]),
    "names without capitals": ("Sales fell. eBay rose.", ["Sales fell. eBay rose."]),
    "a numbered list": ("1. Bread. 2. Water.", ["1. Bread.", "2. Water."]),
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


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("Comments", "It rained on Monday in all of Quillmere."),
        ("Listen to this article", "It rained on Monday in all of Quillmere."),
        ("https://quillmere.example/crane", "It rained on Monday in all of Quillmere."),
        ("Crane falls into…", "It rained on Monday in all of Quillmere."),
        ("Crane falls into harbour!", "It rained on Monday in all of Quillmere."),
        ("It fell. Nobody knows yet why the [...]", "It fell."),
        ("Nobody in the harbour knows yet why the […]", "Nobody in the harbour knows yet why the …"),
        ("A crane of forty tons fell. (more…)", "A crane of forty tons fell."),
        ("Why did the crane of Quillmere harbour fall? Rust.", "Why did the crane of Quillmere harbour fall? Rust."),
        ("It fell.", "It fell."),
    ],
)
def test_a_label_or_the_headline_again_is_no_dek(given: str, said: str) -> None:
    assert dek(article(given, "It rained on Monday in all of Quillmere.")) == said


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


DEKS = {
    "German": (
        "de",
        "Am 3. März fiel der Kran ins Wasser, sagte Dr. Roe. Er war alt.",
        "Am 3. März fiel der Kran ins Wasser, sagte Dr. Roe.",
    ),
    "an invitation in French": (
        "fr",
        "La grue est tombée dans le port pendant la nuit. Lire la suite…",
        "La grue est tombée dans le port pendant la nuit.",
    ),
    "Arabic": ("ar", "سقطت الرافعة في الماء عند منتصف الليل. وكانت قديمة.", "سقطت الرافعة في الماء عند منتصف الليل."),
    "Japanese, short sentences": ("ja", "雨が降った。橋が閉まった。船が動いた。", "雨が降った。橋が閉まった。"),
}


@pytest.mark.parametrize(("language", "given_", "shown"), DEKS.values(), ids=DEKS)
def test_deks_end_with_a_sentence_in_any_language(language: str, given_: str, shown: str) -> None:
    assert dek(Article(key="k", source="s", url="", headline="H", dek=given_, language=language)) == shown


def test_a_script_without_spaces_is_counted_and_cut_by_characters() -> None:
    assert length("雨が降った。") == 3
    assert cut("雨" * 50, 10) == "雨" * 19 + "…"
    assert joined(["雨が降った。", "止んだ。", "Rain."]) == "雨が降った。止んだ。Rain."
    assert extract("雨が降って橋が閉まった町の朝。" * 3, 40).endswith("。")


WHOLE = {
    "The crane fell.": True,
    "Did it fall?": True,
    "“It fell,” he said.": True,
    "He said “it fell.”": True,
    "„Er fiel“, sagte er.": True,
    "起重机倒了。": True,
    "The crane before its fall": False,
    "Read also:": False,
    'It will not fall."': False,
    "“It will not fall.": False,
}


@pytest.mark.parametrize(("sentence", "whole"), WHOLE.items())
def test_a_whole_sentence_ends_and_closes_its_quotes(sentence: str, whole: bool) -> None:
    assert is_whole(sentence) == whole


def test_a_body_of_captions_and_one_sentence_gives_the_sentence() -> None:
    body = "Photo: A. Roe\n\nThe crane fell into the harbour of Quillmere on Monday.\n\nRead also:"
    assert extract(body, 40) == "The crane fell into the harbour of Quillmere on Monday."


@given(st.text(max_size=300), st.integers(1, 60))
def test_a_dek_is_never_longer_than_asked_for(text: str, words: int) -> None:
    for each in (article(text), article(body=text)):
        assert length(dek(each, words).removesuffix("…")) <= words


@given(st.text(max_size=300))
def test_sentences_lose_no_word(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())
