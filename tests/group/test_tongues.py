"""Stories of one event in two languages: linked where names and numbers say so, and never merged."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.group import group
from digest.group.sounds import plain, sound
from digest.model import Article, Corrections, Picture, Story
from tests.group.news import NOON, day, report
from tests.group.test_compose import edition


def told(language: str, headline: str, dek: str = "", body: str = "", **more: object) -> Article:
    """Return a report in a language, by a paper of its own."""
    key = f"{language}: {headline}"
    fields = {"source": f"paper-{language}", "url": f"https://{language}.example/{crc32(key.encode())}"} | more
    return Article(key=key, headline=headline, dek=dek, body=body, language=language, **fields)  # type: ignore[arg-type]


FERRY = told(
    "en",
    "Ferry Ingrid Solberg aground off Port Ellery",
    "All 212 passengers were brought ashore, says Captain Yannick Delorme (Reuters).",
    "The ferry left Quillmere at dawn. Tugs from Lindholm are on their way.",
)
#: The same event, in languages that write it with the same letters, with endings, and in other alphabets.
TELLINGS = {
    "German": told(
        "de",
        "Fähre „Ingrid Solberg“ vor Port Ellery auf Grund gelaufen",
        "Alle 212 Passagiere sind in Sicherheit, sagt Kapitän Yannick Delorme.",
    ),
    "Spanish": told(
        "es",
        "El ferry Ingrid Solberg encalla frente a Port Ellery",
        "Los 212 pasajeros están a salvo, dijo el capitán Yannick Delorme.",
    ),
    "Russian": told(
        "ru",
        "Паром «Ингрид Сольберг» сел на мель у Порт-Эллери",
        "Все 212 пассажиров спасены, сообщил капитан Янник Делорм.",
    ),
    "Greek": told(
        "el",
        "Το πλοίο Ίνγκριντ Σόλμπεργκ προσάραξε στο Πορτ Έλερι",
        "Και οι 212 επιβάτες είναι ασφαλείς, λέει ο καπετάνιος Γιανίκ Ντελόρμ.",
    ),
    "Arabic": told(
        "ar",
        "جنوح العبارة إنغريد سولبرغ قبالة بورت إليري",
        "قال القبطان يانيك ديلورم إن جميع الركاب وعددهم ٢١٢ نُقلوا إلى البر.",
    ),
}
#: Other events that look a little like it: one name, one number, or the same kind of news.
OTHERS = {
    "another ship": told("de", "Frachter „Helga Brandt“ vor Skerry gesunken", "Die 14 Seeleute sind in Sicherheit."),
    "the same place": told("de", "Port Ellery wählt einen neuen Bürgermeister", "Die Wahl geht an Frauke Nissen."),
    "the same number": told("de", "Bäcker von Skerry backen 212 Brote", "Den Preis nahm Frauke Nissen entgegen."),
    "the same captain": told("fr", "Yannick Delorme publie ses mémoires", "Le livre compte quatre cents pages."),
    "a common word": told("fr", "Port : le grand hôtel restaurant rouvre", "Un million de passagers par an."),
    "the same agency": told("fr", "Un musée rouvre à Quimper (Reuters)", "Reuters et l'AFP y étaient."),
    "years": told("es", "El museo de 1912 reabre en 2026", "Se cerró en 1987 tras un incendio."),
    "Arabic of no ferry": told("ar", "دروس سباحة مجانية للأطفال", "التسجيل مفتوح حتى يوم الجمعة في المسبح البلدي ٢١٢."),
}


def links(stories: tuple[Story, ...]) -> set[frozenset[str]]:
    return {frozenset((story.key, other)) for story in stories for other in story.linked}


@pytest.mark.parametrize("telling", TELLINGS.values(), ids=TELLINGS)
def test_one_event_in_two_languages_is_linked_and_not_merged(telling: Article) -> None:
    stories = group([FERRY, telling, *day([2, 1, 1, 1]), *OTHERS.values()])
    assert links(stories) == {frozenset((FERRY.key, telling.key))}
    assert all(len({article.language for article in story.articles if article.language}) < 2 for story in stories)


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_another_event_is_not_linked(other: Article) -> None:
    assert links(group([FERRY, other, *day([2, 1, 1, 1])])) == set()


def test_a_feed_without_a_tag_is_of_the_language_of_its_script() -> None:
    tagged, bare = TELLINGS["Arabic"], replace(TELLINGS["Arabic"], key="bare", language="", url="", source="other")
    (story,) = group([tagged, bare])
    assert {article.key for article in story.articles} == {tagged.key, "bare"}


def test_two_stories_with_one_partner_in_a_third_language_tell_its_event_too() -> None:
    english = told("en", "Ferry Ingrid Solberg aground off Port Ellery")
    german = told(
        "de", "„Ingrid Solberg“ bei Port Ellery gestrandet", "Kapitän Yannick Delorme blieb mit 2124 Kisten an Bord."
    )
    arabic = told("ar", "القبطان يانيك ديلورم بقي على متن العبارة", "وبقي معه ٢١٢٤ صندوقا.")
    assert links(group([english, arabic])) == set()
    assert len(links(group([english, german, arabic]))) == 3


def test_a_feed_without_a_tag_is_english_where_its_words_are() -> None:
    untagged = replace(FERRY, language="")
    assert len(links(group([untagged, TELLINGS["German"]]))) == 1
    assert links(group([replace(TELLINGS["Spanish"], language=""), TELLINGS["German"]])) == set()


def test_two_numbers_alone_are_chance_and_three_are_not() -> None:
    one = told("en", "Lottery draws 377 and 24 again", "The prize of 8812 crowns waits.")
    chance = told("de", "Zug nach 377 Kilometern und 24 Stunden am Ziel")
    same = told("ja", "宝くじ、再び377と24", "賞金は8812クローネ。")
    assert links(group([one, chance])) == set()
    assert len(links(group([one, same]))) == 1


def test_three_languages_are_linked_each_with_each() -> None:
    stories = group([FERRY, TELLINGS["German"], TELLINGS["Spanish"]])
    assert len(links(stories)) == 3


def test_two_texts_of_one_language_are_not_linked_whatever_their_feeds_say() -> None:
    text = (
        "the passengers were brought ashore by boats that came from all over the bay and nobody was hurt when it "
        "ran onto the rocks in fog that had been there since the night before"
    )
    one, other = (replace(FERRY, key=tag, language=tag, url="", body=text) for tag in ("en", "sv"))
    assert links(group([one, replace(other, source="other")])) == set()


def test_a_story_told_twice_in_a_language_is_linked_with_neither() -> None:
    again = replace(TELLINGS["German"], key="again", url="https://de.example/again", source="de2")
    apart = Corrections(split=((TELLINGS["German"].key, "again"),))
    assert links(group([FERRY, TELLINGS["German"], again], corrections=apart)) == set()


def test_one_picture_is_a_mark_in_any_language() -> None:
    picture = Picture("https://wire.example/77.jpg")
    one = told("en", "Ferry Ingrid Solberg aground", image=picture)
    other = told("fi", "Ingrid Solberg ajoi karille", image=picture)
    assert links(group([one, other])) == {frozenset((one.key, other.key))}


def test_an_editor_parts_what_was_linked() -> None:
    pair = (TELLINGS["German"].key, FERRY.key)
    assert links(group([FERRY, TELLINGS["German"]], corrections=Corrections(split=(pair,)))) == set()


@settings(max_examples=20, deadline=None)
@given(st.randoms(use_true_random=False))
def test_links_go_both_ways_in_whatever_order_the_articles_come(dice) -> None:  # type: ignore[no-untyped-def]
    articles = [FERRY, *TELLINGS.values(), *OTHERS.values(), *day([2, 1])]
    stories = group(dice.sample(articles, len(articles)))
    assert links(stories) == links(group(articles))
    by_key = {story.key: story for story in stories}
    assert all(story.key in by_key[other].linked for story in stories for other in story.linked)


NAMES = [
    ("Castellan", "كاستيلان"),
    ("Putin", "Путин"),
    ("Zelensky", "Selenskyj"),
    ("Zelensky", "Зеленский"),
    ("Merkel", "ميركل"),
    ("Solberg", "Σόλμπεργκ"),
    ("Chopin", "Шопен"),
]


@pytest.mark.parametrize(("one", "other"), NAMES)
def test_a_name_sounds_the_same_in_every_alphabet(one: str, other: str) -> None:
    assert sound(plain(one)) == sound(plain(other))


def test_an_edition_tells_an_event_once_with_its_other_languages_under_it() -> None:
    made = edition([FERRY, TELLINGS["German"], TELLINGS["Arabic"], *day([3, 1])])
    (host,) = [story for story in made.stories if story.tongues]
    assert host.lead.key == FERRY.key
    assert {article.language for article in host.tongues} == {"de", "ar"}
    assert made.tally.dropped == 0
    assert made.tally.merged == made.tally.read - len(made.stories) - len(made.brief)


def test_all_reports_of_another_language_stand_under_the_event_so_that_they_can_be_dropped_with_it() -> None:
    german = TELLINGS["German"]
    again = replace(german, key="again", url="", source="de2", headline=f"Rettung im Nebel: {german.headline}")
    made = edition([FERRY, german, again, *day([1, 1])])
    (host,) = [story for story in made.stories if story.tongues]
    under = {article.key for article in host.tongues}
    assert under == {german.key, "again"}
    dropped = Corrections(dropped=frozenset({host.key, *under}))
    left = edition([FERRY, german, again, *day([1, 1])], corrections=dropped)
    assert {story.key[:1] for story in left.stories} == {"e"}
    assert all(story.lead.language == "" for story in left.stories)


def test_the_newsletters_own_language_tells_what_another_tells_more_often() -> None:
    forms = ("{}", "Nebel, Felsen, Rettung: {}", "{} – was wir bisher über das Unglück wissen")
    often = [
        replace(
            TELLINGS["German"], key=f"de{n}", url="", source=f"de{n}", headline=form.format(TELLINGS["German"].headline)
        )
        for n, form in enumerate(forms)
    ]
    made = edition([FERRY, *often, *day([2, 1])])
    assert made.lead.lead.key == FERRY.key
    assert {article.language for article in made.lead.tongues} == {"de"}


def test_a_pinned_story_stands_itself() -> None:
    pinned = Corrections(pinned=(TELLINGS["German"].key,))
    made = edition([FERRY, TELLINGS["German"], *day([3, 1])], corrections=pinned)
    assert made.lead.key == TELLINGS["German"].key
    assert [article.key for article in made.lead.tongues] == [FERRY.key]


def test_what_stood_under_a_story_does_not_come_back_alone() -> None:
    first = edition([FERRY, TELLINGS["Arabic"], *day([3])])
    later = edition([TELLINGS["Arabic"], report(3), report(4)], days=1, past=(first,))
    assert TELLINGS["Arabic"].key not in [story.key for story in (*later.stories, *later.brief)]


def test_a_day_in_one_language_links_nothing() -> None:
    assert links(group(day([3, 2, 1]), now=NOON)) == set()
    assert group([]) == ()


LANGUAGES = {"cz": "cs", "de": "de", "es": "es", "fr": "fr", "it": "it", "jp": "ja", "no": "no", "tr": "tr", "ua": "uk"}


@pytest.mark.data
def test_pages_of_other_years_are_linked_with_no_headline_of_a_real_day(data: Path) -> None:
    headlines = (json.loads(line) for line in (data / "grouping/headlines.jsonl").read_text("utf-8").splitlines()[::4])
    english = [Article(key=str(d["id"]), source="s", url="", headline=d["headline"], language="en") for d in headlines]
    pages = [json.loads(line) for line in (data / "pages/fundus/truth.jsonl").read_text("utf-8").splitlines()]
    foreign = [
        Article(key=page["file"], source="p", url="", headline=page["headline"], body=page["body"] or "", language=tag)
        for page in pages
        if page["headline"] and (tag := LANGUAGES.get(page["file"].partition("-")[0]))
    ]
    assert len(english) > 500
    assert len(foreign) > 60
    assert links(group([*english, *foreign])) == set()
