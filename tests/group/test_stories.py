"""The laws of grouping, and what an editor may change."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.group import group
from digest.model import Article, Corrections, Story
from tests.group.news import NOON, day, report

sizes = st.lists(st.integers(1, 6), min_size=1, max_size=8)
laws = settings(max_examples=25, deadline=None)


def shape(stories: tuple[Story, ...]) -> list[tuple[str, ...]]:
    return [tuple(article.key for article in story.articles) for story in stories]


@laws
@given(sizes)
def test_every_article_is_in_exactly_one_story(sizes: list[int]) -> None:
    articles = day(sizes)
    keys = [key for story in shape(group(articles)) for key in story]
    assert sorted(keys) == sorted(article.key for article in articles)


@laws
@given(sizes, st.randoms(use_true_random=False))
def test_the_order_of_the_articles_means_nothing(sizes: list[int], dice) -> None:
    articles = day(sizes)
    shuffled = dice.sample(articles, len(articles))
    assert shape(group(shuffled, now=NOON)) == shape(group(articles, now=NOON))


@laws
@given(sizes, st.integers(0, 7))
def test_an_exact_copy_changes_no_number_of_stories(sizes: list[int], which: int) -> None:
    articles = day(sizes)
    original = articles[which % len(articles)]
    copy = replace(original, key="copy")
    with_copy = group([*articles, copy])
    assert len(with_copy) == len(group(articles))
    story = next(s for s in with_copy if any(a.key == "copy" for a in s.articles))
    assert len(story.also_at) == 1


@pytest.mark.parametrize("sizes", [[1], [3, 2, 1], [4, 3, 4, 1, 1, 1], [6, 5, 2, 2]])
def test_a_copy_on_another_site_changes_no_number_of_stories(sizes: list[int]) -> None:
    told = "was told in these very words by everybody who had seen it with their own eyes that day"
    # Without colons, after which a source's "Live updates:" would be what it prints under everything, and the copy's not.
    heads = {article.key: article.headline.replace(":", " –") for article in day(sizes)}
    articles = [replace(article, dek=f"{heads[article.key]} {told}, {article.key}.") for article in day(sizes)]
    for original in articles:
        copy = replace(original, key="copy", url="https://elsewhere.example/copy", source="elsewhere", byline="")
        with_copy = group([*articles, copy])
        assert len(with_copy) == len(group(articles))
        story = next(s for s in with_copy if any(a.key == "copy" for a in s.articles))
        assert {original.key, "copy"} <= {article.key for article in story.articles}


@laws
@given(sizes, st.integers(0, 40))
def test_a_pinned_article_leads(sizes: list[int], which: int) -> None:
    articles = day(sizes)
    pinned = articles[which % len(articles)].key
    first = group(articles, now=NOON, corrections=Corrections(pinned=(pinned,)))[0]
    assert first.lead.key == pinned
    assert first.reasons[0].what == "pinned"


@laws
@given(sizes, st.integers(0, 40), st.integers(0, 40))
def test_what_an_editor_merges_is_one_story(sizes: list[int], one: int, other: int) -> None:
    keys = [article.key for article in day(sizes)]
    pair = (keys[one % len(keys)], keys[other % len(keys)])
    stories = shape(group(day(sizes), corrections=Corrections(merged=(pair,))))
    assert any(set(pair) <= set(story) for story in stories)


@laws
@given(sizes, st.integers(0, 40), st.integers(0, 40))
def test_what_an_editor_splits_is_never_one_story(sizes: list[int], one: int, other: int) -> None:
    keys = sorted({article.key for article in day(sizes)})
    pair = (keys[one % len(keys)], keys[other % len(keys)])
    stories = shape(group(day(sizes), corrections=Corrections(split=(pair,), merged=(pair,))))
    assert pair[0] == pair[1] or not any(set(pair) <= set(story) for story in stories)


def test_reports_of_one_event_are_one_story_and_other_events_are_not() -> None:
    stories = shape(group(day([4, 3, 1, 1])))
    assert sorted(map(sorted, stories)) == [
        ["e0f0", "e0f1", "e0f2", "e0f3"],
        ["e1f0", "e1f1", "e1f2"],
        ["e2f0"],
        ["e3f0"],
    ]


def test_the_story_of_most_independent_owners_leads() -> None:
    one_owner = [replace(a, owner="the group") for a in day([5])]
    three_owners = [report(1, form) for form in range(3)]
    first, second = group([*one_owner, *three_owners])
    assert first.lead.key.startswith("e1")
    assert (first.score, second.score) == (3.0, 1.0)


def test_a_wire_story_on_ten_sites_is_one_source() -> None:
    text = "The ferry between the islands ran aground at dawn. All 212 passengers were brought ashore unhurt by noon."
    copies = [report(0, n, headline=f"Ferry aground, take {n}", dek=text) for n in range(10)]
    (story,) = group(copies)
    assert (len(story.also_at), story.score) == (9, 1.0)
    assert any(reason.text == "9 copies not counted" for reason in story.reasons)


def test_equal_headlines_alone_make_no_copy() -> None:
    (story,) = group([report(0, 0), report(0, 1, headline=report(0, 0).headline)])
    assert story.also_at == ()


def test_an_old_report_counts_less_than_a_new_one() -> None:
    old = report(0, 0, published_at=NOON.replace(hour=0))
    assert [s.score for s in group([old, report(1, 0)], now=NOON)] == [1.0, 0.5]


def test_reasons_are_in_plain_words() -> None:
    articles = [replace(a, position=0 if n < 2 else 7) for n, a in enumerate(day([4]))]
    (story,) = group(articles, now=NOON)
    assert [reason.text for reason in story.reasons] == [
        "4 independent sources",
        "first in 2 feeds",
        "newest report 0 minutes before the cut-off",
    ]


def test_languages_are_never_mixed() -> None:
    german = replace(report(0, 1), language="de-AT")
    english = replace(report(0, 2), language="en_GB")
    assert len(group([german, english])) == 2
    assert len(group([replace(german, language="en"), english])) == 1


def test_a_dropped_story_stays_away_when_a_report_is_added() -> None:
    dropped = Corrections(dropped=frozenset({"e0f0", "e0f1", "e0f2"}))
    assert shape(group(day([4, 1]), corrections=dropped)) == [("e1f0",)]


def test_a_dropped_report_leaves_the_rest_of_its_story() -> None:
    (story,) = group(day([4]), corrections=Corrections(dropped=frozenset({"e0f0"})))
    assert sorted(a.key for a in story.articles) == ["e0f1", "e0f2", "e0f3"]


def test_an_editor_gives_a_headline_and_an_order() -> None:
    corrections = Corrections(titles=(("e1f0", "Harbour mayor goes"),), order=("e2f0", "e1f0"))
    stories = group(day([3, 2, 1]), corrections=corrections)
    assert [story.key[:2] for story in stories] == ["e2", "e1", "e0"]
    assert stories[1].title == "Harbour mayor goes"


def test_articles_without_words_are_stories_of_their_own() -> None:
    blank = [Article(key=str(n), source="s", url=f"https://a.example/{n}", headline="") for n in range(3)]
    assert len(group(blank)) == 3
    assert group([]) == ()


#: Six reports of six matters, in the small words that any text of their language has.
ANOTHER_LANGUAGE = """\
El alcalde no se presenta a las elecciones: Dijo en la plaza que no se va a presentar a las elecciones de la primavera, \
pero que su partido sí lo hará con una lista en la que hay más mujeres que en la de hace cuatro años.
Los vecinos del valle protestan por el precio del agua: La empresa que la gestiona lo ha subido, y no se sabe hasta \
cuándo lo hará. Es la más cara de la región, y van a protestar en la puerta de la sede el martes por la tarde.
Tercera derrota en casa: El entrenador no quiso decir si se va o si se queda. En la grada se oyeron silbidos en la \
segunda parte, que fue la peor de las que se le recuerdan a un equipo que hace un año jugó la final de la copa.
El museo de la costa abre las salas del techo roto: Las cerró hace dos años. Lo más visto es una barca de la que no se \
sabe ni quién la hizo ni para qué, y que estuvo bajo el mar casi mil años.
La cosecha de aceituna es la mejor de los últimos diez años: Lo dicen los que la recogen, y en la cooperativa no hay \
sitio para lo que llega. El precio del aceite, en cambio, no baja en las tiendas de la capital.
Una tormenta deja sin luz a los barrios del norte: Los bomberos salieron más de cien veces en la noche del domingo, la \
mayoría por árboles que se cayeron en la calle, y no hubo que lamentar heridos."""


def test_the_small_words_of_a_language_that_few_write_in_make_no_story() -> None:
    few = [
        Article(f"es{n}", f"diario{n}", "", headline, body=body, language="es")
        for n, (headline, _, body) in enumerate(line.partition(": ") for line in ANOTHER_LANGUAGE.splitlines())
    ]
    many = [replace(article, language="en") for article in day([1] * 60)]
    assert all(len(story.articles) == 1 for story in group([*many, *few]) if story.lead.language == "es")


def test_a_merge_tears_neither_story_apart() -> None:
    stories = group(day([4, 3, 2]), now=NOON)
    one, other = stories[0], stories[2]
    merged = group(day([4, 3, 2]), now=NOON, corrections=Corrections(merged=((one.key, other.key),)))
    assert sorted(len(story.articles) for story in merged) == [3, 6]


def test_two_merges_into_one_story_make_one_of_them_all() -> None:
    articles = day([4, 3, 2, 2])
    one, two, three, _ = group(articles, now=NOON)
    pairs = ((one.key, two.key), (one.related[0].key, three.key))
    merged = group(articles, now=NOON, corrections=Corrections(merged=pairs))
    assert sorted(len(story.articles) for story in merged) == [2, 9]
    split = Corrections(merged=pairs, split=((one.key, one.related[1].key),))
    parted = group(articles, now=NOON, corrections=split)
    assert sum(len(story.articles) for story in parted) == 11
    assert not any({one.key, one.related[1].key} <= {a.key for a in s.articles} for s in parted)
