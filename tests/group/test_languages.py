"""Languages other than English: told apart by what they are written in, compared by parts of their words."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.group import group
from digest.group.adding import added
from digest.group.forms import cut
from digest.group.languages import told_in
from digest.group.reading import read
from digest.group.representative import in_order
from digest.group.texts import count
from digest.group.words import parts, roots, terms, unelided
from digest.model import Article, Corrections
from tests.group.news import day
from tests.group.test_compose import edition

NEWS = Path(__file__).parents[2] / "benchmarks" / "languages"
LANGUAGES = sorted(path.stem for path in NEWS.glob("*.jsonl"))


def news(language: str) -> tuple[list[Article], dict[str, str]]:
    """Return a day's invented reports in a language, and each one's story."""
    rows = [json.loads(line) for line in (NEWS / f"{language}.jsonl").read_text("utf-8").splitlines()]
    fields = ("headline", "dek", "source", "language")
    reports = [Article(key=row["id"], url="", **{name: row[name] for name in fields}) for row in rows]
    return reports, {row["id"]: row["label"] for row in rows}


def untagged(reports: list[Article]) -> list[Article]:
    return [replace(article, language="") for article in reports]


FORMS = [
    ("de", "Minister", "Ministers"),
    ("de", "Werksschließung", "Werk"),
    ("ru", "Путин", "Путину"),
    ("ru", "губернатор", "губернатора"),
    ("pl", "kopalnia", "kopalni"),
    ("tr", "Karabel'deki", "Karabel"),
    ("tr", "göçükten", "göçük"),
    ("fi", "Helsingissä", "Helsingin"),
    ("ar", "والزلزال", "زلزال"),
    ("fr", "l’accord", "accords"),
    ("ko", "대통령이", "대통령은"),
]


@pytest.mark.parametrize(("language", "one", "other"), FORMS)
def test_two_forms_of_a_word_share_a_part(language: str, one: str, other: str) -> None:
    first, second = ({part for term in terms(unelided(word)) for part in parts(term)} for word in (one, other))
    assert first & second


def test_a_number_and_a_pair_of_characters_are_no_words_to_be_cut() -> None:
    assert parts("1400") == ("1400",)
    assert [part for term in terms("東京") for part in parts(term)] == ["東京"]


@given(st.text(min_size=1))
def test_every_term_has_a_part(text: str) -> None:
    assert all(parts(term) and all(parts(term)) for term in terms(text))


def test_no_character_alone_makes_an_empty_term() -> None:
    found = {character: terms(character) for character in map(chr, range(0x20, 0x20000))}
    assert not [character for character, alone in found.items() if "" in alone]
    assert found["ﾟ"] == []


def test_a_face_made_of_marks_is_grouped_like_any_headline() -> None:
    (story,) = group([replace(FOLLOWED["ru"][0], headline="✌ﾟ∀ﾟ)☞")])
    assert story.lead.headline == "✌ﾟ∀ﾟ)☞"


@given(st.text(), st.sampled_from(["de", "ar", "tr", "ja", "xx"]))
def test_a_root_is_short_or_has_a_number(text: str, language: str) -> None:
    assert all(0 < len(found) <= 5 or any(map(str.isdigit, found)) for found in roots(text, language))


def test_small_words_have_no_root_in_their_language_alone() -> None:
    assert roots("Der Minister und die Bürgermeister", "de") == ["minis", "burge"]
    assert roots("Der Minister und die Bürgermeister", "") == terms("Der Minister und die Bürgermeister")
    assert roots("Der Minister und die Bürgermeister", "en") == terms("Der Minister und die Bürgermeister")


def test_english_is_counted_by_its_words_whatever_stands_beside_it() -> None:
    english = day([2, 1])
    german, _ = news("de")
    alone, beside = count(read(english)), count(read([*english, *german], [""] * len(english) + ["de"] * len(german)))
    postings = int(alone.starts[-1])
    assert beside.terms[:postings].tolist() == alone.terms.tolist()
    assert beside.counts[:postings].tolist() == alone.counts.tolist()


def test_no_term_is_cut_where_no_language_bends() -> None:
    readings = read(day([2]))
    found = readings.headlines[0].astype("int64")
    numbers, places, forms = cut(readings.numbers, found, ["", ""], found * 0, found >= 0)
    assert numbers == readings.numbers
    assert places.tolist() == list(range(len(found)))
    assert forms.tolist() == found.tolist()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_paper_without_a_tag_is_known_by_what_it_prints(language: str) -> None:
    reports, _ = news(language)
    expected = {"ar": "arabic", "ja": "cjk", "ru": "cyrillic"}.get(language, language)
    found = Counter(told_in(untagged(reports)))
    assert found[expected] >= 0.8 * found.total()
    assert set(found) <= {expected, ""} | ({"en"} if language == "es" else set())


def test_english_headlines_are_taken_for_nothing_else() -> None:
    reports = day([3, 2, 1, 1, 1, 1, 1, 1])
    assert set(told_in(reports)) == {""}
    crash = replace(reports[0], headline="Two die in car crash in Berlin, police on site", source="")
    assert told_in([crash]) == [""]


def test_letters_alone_name_no_language() -> None:
    broken = Article(key="1", source="", url="", headline="GANGNAM (ê°ë¨ì¤íì¼) M/V HANGOVER feat ñandú")
    assert told_in([broken]) == [""]


@pytest.mark.parametrize("language", LANGUAGES)
def test_reports_of_one_event_in_other_words_are_one_story(language: str) -> None:
    reports, labels = news(language)
    stories = group(reports)
    best = {
        label: max(sum(labels[article.key] == label for article in story.articles) for story in stories)
        for label in labels.values()
    }
    sizes = Counter(labels.values())
    together = sum(best[label] for label in sizes if sizes[label] > 2)
    assert together >= 0.6 * sum(size for size in sizes.values() if size > 2)


@pytest.mark.parametrize("is_tagged", [True, False])
def test_nothing_is_merged_across_languages(is_tagged: bool) -> None:
    reports = [article for language in LANGUAGES for article in news(language)[0]]
    shown = reports if is_tagged else untagged(reports)
    assert all(len({article.key[:2] for article in story.articles}) == 1 for story in group(shown))


@settings(max_examples=5, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from(LANGUAGES))
def test_the_order_of_the_articles_means_nothing(dice, language) -> None:  # type: ignore[no-untyped-def]
    reports = untagged(news(language)[0])
    assert group(dice.sample(reports, len(reports))) == group(reports)


def told(language: str, headline: str, dek: str, paper: str = "one", **more: str) -> Article:
    """Return a report in a language."""
    key = f"{paper}: {headline}"
    url = f"https://{paper}.example/{crc32(key.encode())}"
    return Article(key=key, source=paper, url=url, headline=headline, dek=dek, language=language, **more)


#: What one edition told, the same in other forms of its words, and news on it; the last is another story.
FOLLOWED = {
    "ru": (
        told("ru", "Мэр Ветлужска Березин арестован за взятку", "Суд в Ветлужске арестовал мэра на два месяца."),
        told("ru", "Арест мэра Березина: взятки в Ветлужске", "Мэру Ветлужска Березину вменяют взятку.", "two"),
        told(
            "ru", "Арест Березина: в Ветлужске задержан Кравцов", "Застройщику Игорю Кравцову грозит 15 лет.", "three"
        ),
        told("ru", "Хоккеисты «Бурана» вышли в финал", "Победную шайбу забросил Ползунов."),
    ),
    "tr": (
        told("tr", "Karabel'de göçük: madenciler toprak altında", "Karabel'deki ocakta kurtarma çalışması sürüyor."),
        told(
            "tr", "Karabel'in madencileri göçük altında kaldı", "Karabel ocağında kurtarma çalışmaları sürüyor.", "two"
        ),
        told(
            "tr",
            "Karabel'de göçük: müdür Demirhanlı gözaltında",
            "Toprak altındaki ocak için Savcı Yeliz Arıkboğa 48 saat istedi.",
            "three",
        ),
        told("tr", "Kuzeyspor derbide Liman Gücü'nü yendi", "Golleri Taşkıran attı."),
    ),
}


@pytest.mark.parametrize("language", FOLLOWED)
def test_a_story_told_in_other_forms_of_its_words_does_not_come_back(language: str) -> None:
    first, same, _, other = FOLLOWED[language]
    past = edition([first])
    later = edition([same, other], days=1, past=(past,))
    assert [story.lead.key for story in (*later.stories, *later.brief)] == [other.key]


@pytest.mark.parametrize("language", FOLLOWED)
def test_new_names_bring_a_story_back_as_an_update(language: str) -> None:
    first, _, news_on_it, other = FOLLOWED[language]
    later = edition([news_on_it, other], days=1, past=(edition([first]),))
    assert {story.lead.key: story.is_update for story in later.stories} == {news_on_it.key: True, other.key: False}


def test_what_was_sent_before_words_were_compared_by_their_roots_is_known_again() -> None:
    first, same, _, other = FOLLOWED["ru"]
    every_word = (*terms(first.headline), *terms(first.dek), "url:https://one.example/older")
    past = edition([first])
    older = replace(past, stories=tuple(replace(story, fingerprint=every_word) for story in past.stories))
    later = edition([same, other], days=1, past=(older,))
    assert [story.lead.key for story in later.stories] == [other.key]


def test_a_fingerprint_holds_whole_words_and_no_small_ones() -> None:
    (story,) = edition([FOLLOWED["ru"][0]]).stories
    assert {"березин", "взятку"} <= set(story.fingerprint)
    assert not {"за", "в", "на"} & set(story.fingerprint)


def test_small_words_do_not_make_a_report_the_core_of_its_story() -> None:
    core = told("ru", "Мэра Ветлужска Березина арестовали за взятку", "")
    other = told("ru", "Березин, мэр Ветлужска, взят под стражу", "", "two")
    around = told("ru", "Что будет с городом после того, как его мэра не стало в мэрии", "", "three")
    assert in_order([around, core, other])[-1] == around


def test_a_known_name_in_another_form_adds_nothing_and_a_new_one_does() -> None:
    first, same, news_on_it, _ = FOLLOWED["ru"]
    dek = "Как сообщил суд в Ветлужске, мэру Березину предъявили обвинение во взятке."
    (story,) = group([first, same], corrections=Corrections(merged=((first.key, same.key),), pinned=(first.key,)))
    assert added(replace(story, related=(replace(same, dek=dek),)), 40) == ("", "")
    dek = "Как сообщил суд в Ветлужске, мэру Березину передал взятку Аркадий Скоробогатов."
    assert added(replace(story, related=(replace(news_on_it, dek=dek),)), 40) == (dek, "three")
