"""What an edition is made of, what never comes back, and when it waits for a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.errors import NothingToSend
from digest.group import Rules, compose
from digest.model import Article, Corrections, Edition, Masthead, Source
from tests.group.news import NOON, day, report

SOURCES = tuple(Source(slug=f"paper{n}", title=f"Paper {n}") for n in range(6))


def edition(articles: list[Article], rules: Rules | None = None, days: int = 0, **more: object) -> Edition:
    """Compose the edition of ``days`` after the first one."""
    return compose(
        articles,
        newsletter="morning",
        date=date(2026, 3, 4) + timedelta(days=days),
        slot="",
        masthead=Masthead("The Morning"),
        sources=SOURCES,
        cut_off=NOON + timedelta(days=days),
        rules=rules or Rules(),
        **more,  # type: ignore[arg-type]  # the tests name real arguments
    )


def leads(made: Edition) -> list[str]:
    return [story.key[:2] for story in made.stories]


def test_the_lead_is_followed_by_the_other_stories_and_a_brief() -> None:
    made = edition(day([5, 3, 2, 1, 1]), Rules(stories=3))
    assert leads(made) == ["e0", "e1", "e2"]
    assert sorted(story.key[:2] for story in made.brief) == ["e3", "e4"]
    assert (made.id, made.hold) == ("morning/2026-03-04", "")


def test_related_headlines_are_as_many_as_asked_for() -> None:
    made = edition(day([6, 5]), Rules(lead_related=4, related=2))
    assert [len(story.related) for story in made.stories] == [4, 2]


def test_every_dek_is_as_long_as_asked_for_and_no_label() -> None:
    crane = "The crane that fell into the harbour was bought in 1911 and had never been looked at since that year."
    divers = "Divers looked for the anchor of a steamer which sank off Lindholm on a calm day in June."
    first, second, third = (report(n, dek=dek) for n, dek in enumerate((crane, "Comments", f"It rained. {divers}")))
    made = edition([first, second, third], Rules(dek_words=8))
    assert {story.key: story.lead.dek for story in made.stories} == {
        "e0f0": "The crane that fell into the harbour was …",
        "e1f0": "",
        "e2f0": "It rained.",
    }


def test_near_identical_headlines_are_shown_once() -> None:
    again = replace(report(0, 1), key="again", source="paper5", url="https://paper5.example/again")
    (story, *_) = edition([*day([3, 1, 1]), again]).stories
    shown = [story.lead.headline, *(a.headline for a in story.related)]
    assert len(set(shown)) == len(shown) == 3


def test_fewer_stories_than_asked_for_are_not_padded() -> None:
    assert len(edition(day([2, 2])).stories) == 2


def test_only_sources_that_are_shown_are_named() -> None:
    assert [source.slug for source in edition(day([2, 1, 1])).sources] == ["paper0", "paper1"]


def test_the_tally_balances() -> None:
    tally = edition(day([4, 3, 2, 1, 1, 1]), Rules(stories=2, brief=1)).tally
    assert tally.read == 12
    assert tally.dropped == sum(number for _, number in tally.dropped_for) == 3
    assert tally.merged == 12 - 3 - 3


def test_no_article_makes_no_edition() -> None:
    with pytest.raises(NothingToSend, match="no article in the window"):
        edition([])


def test_a_story_does_not_come_back_without_new_facts() -> None:
    first = edition(day([3, 2, 1]))
    reworded = report(0, 5, key="later", url="https://paper5.example/later")
    second = edition([*day([3, 2, 1]), reworded, report(3), report(4)], days=1, past=(first,))
    assert sorted(leads(second)) == ["e3", "e4"]
    assert dict(second.tally.dropped_for)["sent before"] == 7


def told(headline: str, text: str = "", source: str = "", days: int = 0) -> Article:
    """Return a source's report of one day; its key is its headline."""
    source = source or headline.split()[0].lower()
    address = f"https://{source}.example/{headline.replace(' ', '-')}"
    return Article(headline, source, address, headline, body=text, published_at=NOON + timedelta(days=days, hours=-1))


def test_one_name_in_common_is_no_story_sent_before() -> None:
    first = edition(
        [
            told(
                "Weather forecast", "Dry in Ostervale until the evening, then sleet. The ice on Lake Orm will not hold."
            ),
            told("Northstar chess club wins league for the first time since 1974", "Eline Roth won in 61 moves."),
            told("Court in Grell frees two fishermen held over burnt nets"),
        ]
    )
    today = [told("Mayor of Grell resigns", days=1), told("Ferry to Orm is late", days=1)]
    second = edition(today, days=1, past=(first,))
    assert {story.key: story.is_update for story in second.stories} == {article.key: False for article in today}


FOLLOW_US = """Subscribe to Tarnholm Tonight for more. Every evening at six we bring the island's news to you.
Watch on demand at https://tarnholm.example/ondemand and www.tarnholm.example/live, or follow @tarnholmtonight."""
YESTERDAY = (
    "Windmill built from scrap lights a farm",
    "Divers raise the bell of the Skua",
    "School bus route 9 is cut",
    "Beekeepers count their losses after a late frost",
)
TODAY = (
    "Lifeboat crew practises on the north reef",
    "Library fines are dropped for good",
    "A choir of tram drivers",
    "Two lighthouses go dark for repairs",
)


def test_what_a_source_prints_under_everything_is_no_story_sent_before() -> None:
    first = edition([told(headline, FOLLOW_US, "tarnholm-tonight") for headline in YESTERDAY])
    today = [told(headline, FOLLOW_US, "tarnholm-tonight", days=1) for headline in TODAY]
    second = edition(today, days=1, past=(first,))
    assert {story.key for story in second.stories} == set(TODAY)
    assert not any(story.is_update for story in second.stories)
    assert not {"tarnholm", "ondemand", "subscribe", "https"} & {t for s in first.stories for t in s.fingerprint}


def test_web_addresses_and_accounts_are_no_facts_of_a_story() -> None:
    (story,) = edition([told(YESTERDAY[0], FOLLOW_US, "one")]).stories
    assert "subscribe" in story.fingerprint
    assert not {"http", "https", "www", "ondemand", "tarnholmtonight"} & set(story.fingerprint)


def test_a_story_with_news_comes_back_as_an_update_of_its_new_reports_alone() -> None:
    first = edition(day([3, 1, 1]))
    news = report(
        0,
        4,
        key="news",
        headline=f"{report(0).headline.split(' after')[0]} for good",
        dek="Engineer Solveig Quarrington condemned it; 4711 drivers a day must use the Pellham tunnel instead.",
    )
    second = edition([*day([3, 1, 1]), news, report(3)], days=1, past=(first,))
    back = next(story for story in second.stories if story.is_update)
    assert [article.key for article in back.articles] == ["news"]


def test_a_pinned_story_comes_back_whatever_was_sent() -> None:
    first = edition(day([3, 1]))
    second = edition(day([3, 1]), days=1, past=(first,), corrections=Corrections(pinned=("e1f0",)))
    assert (leads(second), second.lead.is_update) == (["e1"], True)


def test_a_pinned_update_brings_back_its_new_reports_and_not_those_that_were_sent() -> None:
    first = edition(day([3, 1, 1]))
    late = [report(0, form, key=f"late{form}", url=f"https://paper{form}.example/late") for form in (3, 4)]
    pinned = Corrections(pinned=("late3",))
    second = edition([*day([3, 1, 1]), *late], days=1, past=(first,), corrections=pinned)
    assert sorted(article.key for article in second.lead.articles) == ["late3", "late4"]
    assert (second.lead.key, second.lead.is_update) == ("late3", True)
    old_too = edition([*day([3, 1, 1]), *late], days=1, past=(first,), corrections=Corrections(pinned=("e0f1",)))
    assert sorted(article.key for article in old_too.lead.articles) == ["e0f1", "late3", "late4"]


def test_a_headline_without_a_word_is_no_story_for_readers() -> None:
    made = edition([*day([2, 1]), report(8, headline="?"), report(9, headline="…")])
    assert leads(made) == ["e0", "e1"]
    assert dict(made.tally.dropped_for) == {"headlines without a word": 2}
    with pytest.raises(NothingToSend, match="none of 1 stories has a headline"):
        edition([report(8, headline="?!")])


def test_editions_older_than_a_week_are_forgotten() -> None:
    first = edition(day([3, 1]))
    assert leads(edition(day([3, 1]), days=8, past=(first,))) == ["e0", "e1"]
    with pytest.raises(NothingToSend, match="sent before"):
        edition(day([3, 1]), days=7, past=(first,))


def test_a_frozen_edition_is_enough_to_know_a_story_again() -> None:
    first = edition(day([3, 1]))
    bare = [replace(s, related=(), also_at=(), lead=replace(s.lead, body="", dek="")) for s in first.stories]
    with pytest.raises(NothingToSend):
        edition(day([3, 1]), days=1, past=(replace(first, stories=tuple(bare)),))


def test_a_single_source_still_gives_an_edition() -> None:
    alone = [report(n, 0) for n in range(4)]
    assert len(edition(alone).stories) == 4


def test_sections_choose_and_order_what_follows_the_lead() -> None:
    named = ["sport", "world", "culture", "World"]
    articles = [replace(a, section=named[int(a.key[1])]) for a in day([4, 3, 2, 1])]
    made = edition(articles, Rules(sections=("World", "Sport")))
    assert leads(made) == ["e0", "e1", "e3"]
    assert made.tally.dropped_for == (("of other sections", 2),)
    with pytest.raises(NothingToSend, match="none of 4 stories"):
        edition(articles, Rules(sections=("Science",)))


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.integers(1, 4), min_size=1, max_size=6),
    st.integers(0, 30),
    st.integers(1, 3),
    st.booleans(),
    st.booleans(),
)
def test_a_pin_always_wins(sizes: list[int], which: int, stories: int, is_known: bool, is_elsewhere: bool) -> None:
    articles = [replace(a, section="World", weight=float(1 + n)) for n, a in enumerate(day(sizes))]
    pinned = articles[which % len(articles)]
    past = (edition(articles),) if is_known else ()
    sections = ("Sport",) if is_elsewhere else ()
    made = edition(
        articles,
        Rules(stories=stories, sections=sections),
        days=1,
        past=past,
        corrections=Corrections(pinned=(pinned.key,), order=tuple(a.key for a in articles)),
    )
    assert made.lead.lead.key == pinned.key


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 5), min_size=1, max_size=8), st.integers(1, 4), st.integers(0, 3), st.integers(0, 3))
def test_an_edition_shows_no_article_twice_and_loses_none_untold(
    sizes: list[int], stories: int, brief: int, related: int
) -> None:
    rules = Rules(stories=stories, brief=brief, related=related, lead_related=related)
    made = edition(day(sizes), rules)
    shown = [a.key for s in (*made.stories, *made.brief) for a in (*s.articles, *s.tongues)]
    assert len(shown) == len(set(shown))
    assert made.tally.read == made.tally.dropped + made.tally.merged + len(made.stories) + len(made.brief)
    assert len(made.stories) <= stories
    assert len(made.brief) <= brief


def test_too_few_stories_hold_the_edition() -> None:
    assert edition(day([2, 1])).hold == "only 2 stories, at least 3 wanted"


def test_dead_sources_hold_the_edition() -> None:
    made = edition(day([2, 1, 1]), failed_sources=("paper3", "paper4", "paper5"))
    assert made.hold == "3 of 6 sources failed: paper3, paper4, paper5"


def test_an_unusually_weak_lead_holds_the_edition() -> None:
    strong = tuple(replace(edition(day([6, 6, 6])), date=date(2026, 2, n)) for n in (1, 2, 3))
    strong = tuple(replace(e, stories=tuple(replace(s, score=9.0) for s in e.stories)) for e in strong)
    assert edition(day([1, 1, 1]), past=strong).hold == "the lead story's score of 1.00 is low: 9.00 is usual"


def test_an_edition_of_updates_is_held() -> None:
    first = edition(day([2, 2, 2]))
    second = edition(day([2, 2, 2]), days=1, past=(first,), corrections=Corrections(pinned=("e0f0", "e1f0", "e2f0")))
    assert second.hold == "3 of 3 stories are updates of stories sent before"


def test_what_another_report_adds_stands_in_one_line_with_its_source() -> None:
    bridge = report(0).headline.split(" closes")[0]
    extra = f"Runa Halvorsen counted 77 cracks in steel cables of the {bridge}."
    told = report(0, 1, dek="Nobody was on it.", body=f"The {bridge} is shut for months. {extra}")
    (story, *_) = edition(
        [report(0, byline="Ida Brandt", dek="The bridge was closed at noon."), told, report(1), report(2)]
    ).stories
    assert (story.lead.key, story.adds, story.adds_by) == ("e0f0", extra, "paper1")


def test_a_hold_set_to_nothing_never_holds() -> None:
    never = Rules(min_stories=1, dead_sources=0, same_as_before=0, low_lead=0)
    first = edition(day([2, 2, 2]))
    pins = Corrections(pinned=("e0f0", "e1f0", "e2f0"))
    second = edition(day([2, 2, 2]), never, days=1, past=(first,) * 3, corrections=pins, failed_sources=("paper0",) * 6)
    assert second.hold == ""


def test_a_page_keeps_its_own_related_headlines() -> None:
    from digest.model import Headline

    listed = tuple(Headline(f"Listed {n}", f"https://a.example/{n}") for n in range(13))
    made = edition([report(0, related=listed), *day([0, 1, 1])])
    assert next(s for s in made.stories if s.key == "e0f0").lead.related == listed
