"""A dek that a model wrote holds nothing that its article does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.group.proof import objection
from digest.model import Article

FERRY = Article(
    key="ferry",
    source="herald",
    url="",
    headline="Ferry Ingrid Solberg runs aground off Port Ellery",
    dek="Lifeboats from three harbours brought 212 people ashore on Tuesday.",
    body="“We heard the rocks before we saw them,” said Captain Yannick Delorme. The damage is put at 4.6 million crowns "
    "and 1,250 litres of oil were lost. Nobody was hurt, police said.",
    byline="Ida Brandt",
    language="en",
)
HONEST = {
    "the same in other words": "All 212 people on the Ingrid Solberg were brought ashore off Port Ellery.",
    "a word of the article at the start": "Police say nobody was hurt when a ferry ran aground.",
    "a number in digits that the article has in words": "Lifeboats from 3 harbours helped.",
    "a number without its separator": "The ship lost 1250 litres of oil.",
    "a number with another decimal sign": "The damage is put at 4,6 million crowns.",
    "a name in the genitive": "The Solberg's captain heard the rocks first.",
    "a quotation that is in it": "“We heard the rocks before we saw them,” says the captain of a ferry.",
    "who wrote it": "Ida Brandt on a ferry that ran aground.",
}
DISHONEST = {
    "nothing": (" ", "it is empty"),
    "another language": ("Der Kapitän der Fähre hat die Felsen gehört.", "it is in another language"),
    "an essay": ("It ran aground " * 20, "it is longer than 40 words"),
    "a link": ("See https://port.example/ for the ferry.", "it has a link"),
    "another scheme": ("See javascript://alert for the ferry.", "it has a link"),
    "a bare address": ("More at ferries.com on the ferry.", "it has a link"),
    "a mail address": ("Write to ann@port about the ferry.", "it has a link"),
    "a tag": ("<b>The ferry</b> ran aground.", "it has markup"),
    "Markdown": ("**The ferry** ran aground.", "it has markup"),
    "a heading": ("# The ferry ran aground", "it has markup"),
    "a list": ("- The ferry ran aground", "it has markup"),
    "a numbered list": ("1. The ferry ran aground", "it has markup"),
    "an entity": ("The ferry&nbsp;ran aground.", "it has markup"),
    "a slot": ("The ferry %%UNSUBSCRIBE_URL%% ran aground.", "it has markup"),
    "a footnote": ("The ferry ran aground [1].", "it has markup"),
    "an unseen character": ("The ferry\u200b ran aground.", "it has an unseen character"),
    "a turned text": ("The ferry \u202eran aground.", "it has an unseen character"),
    "another number": ("All 213 people are safe.", "the number 213 is not in the article"),
    "a part of a number": ("All 21 people are safe.", "the number 21 is not in the article"),
    "another number in words": ("Seven people are safe.", "the number 7 is not in the article"),
    "dozens": ("A dozen people are safe.", "the number 12 is not in the article"),
    "Arabic digits": ("All ٢١٣ people are safe.", "the number 213 is not in the article"),
    "another place": ("All people were brought to Quillmere.", '"Quillmere" is not in the article'),
    "a place with a common name at the start": ("London sent lifeboats.", '"London" is not in the article'),
    "a person with a common name at the start": ("John brought all ashore.", '"John" is not in the article'),
    "a month that is a person": ("It ran aground. May is sorry.", '"May" is not in the article'),
    "another person at the start": ("Mallory brought all people ashore.", '"Mallory" is not in the article'),
    "another person after a stop": ("All are safe. Mallory is a hero.", '"Mallory" is not in the article'),
    "an acronym": ("The NTSB will look into it.", '"NTSB" is not in the article'),
    "a name in another alphabet": ("The captain is Путин of the ferry.", '"Путин" is not in the article'),
    "somebody's words": (
        "“We will never sail again,” said Captain Delorme.",
        'nobody in the article says "We will never sail again,"',
    ),
}


@pytest.mark.parametrize("text", HONEST.values(), ids=HONEST)
def test_a_dek_that_its_article_bears_out_is_taken(text: str) -> None:
    assert objection(text, FERRY, 40) == ""


@pytest.mark.parametrize(("text", "why"), DISHONEST.values(), ids=DISHONEST)
def test_a_dek_that_says_more_is_refused(text: str, why: str) -> None:
    assert objection(text, FERRY, 40) == why


TONGUES = {
    "de": ("Die Fähre „Ingrid Solberg“ liegt vor Port Ellery auf Grund, zwölf Menschen sind verletzt.",
           "Vor Port Ellery liegt die Fähre auf Grund, 12 Menschen sind verletzt.",
           "Vor Port Ellery liegt die Fähre auf Grund, sagt Kapitän Nissen."),
    "fr": ("Le ferry Ingrid Solberg s’est échoué devant Port Ellery, faisant douze blessés.",
           "Après s’être échoué devant Port Ellery, le ferry compte 12 blessés.",
           "Après s’être échoué devant Saint-Malo, le ferry compte 12 blessés."),
    "ru": ("Паром «Ингрид» сел на мель у острова Скерри, есть пострадавшие.",
           "Паром «Ингрид» сел на мель у острова.",
           "Паром «Ингрид» сел на мель у острова Готланд."),
    "ar": ("جنحت العبارة قبالة الميناء وأصيب ثلاثة من الركاب بجروح طفيفة.",
           "أصيب ثلاثة من الركاب.",
           "أصيب ثلاثة من الركاب، قال القبطان هاني."),
}  # fmt: skip


@pytest.mark.parametrize("language", TONGUES)
def test_other_languages_are_held_to_it_too(language: str) -> None:
    told, honest, dishonest = TONGUES[language]
    article = Article(key="a", source="a", url="", headline=told, language=language)
    assert objection(honest, article, 40) == ""
    assert "is not in the article" in objection(dishonest, article, 40)


def test_english_is_another_language_where_the_article_is_not_english() -> None:
    told = TONGUES["de"][0]
    said = "Twelve people are hurt after a ferry ran aground off Port Ellery."
    for tag in ("de", "de-AT", ""):
        article = Article(key="a", source="a", url="", headline=told, language=tag)
        assert objection(said, article, 40) == "it is in another language"


@given(st.text(max_size=200))
def test_an_article_of_the_same_words_bears_out_all_but_links_markup_and_length(text: str) -> None:
    why = objection(text, Article(key="a", source="a", url="", headline=text, language="en"), 40)
    assert why == "" or why.startswith(("it has", "it is"))
