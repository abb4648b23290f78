"""Articles, sources and editors' decisions, as they are kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from digest.model import Headline, Outcome, Picture, Source, SourceState
from tests.store.samples import NOW, article

HOUR = timedelta(hours=1)


def test_articles_are_new_then_seen_then_updated(store):
    first = article(body="one")
    assert store.articles.save([first], NOW).new == 1
    assert store.articles.save([first], NOW + HOUR).seen == 1
    saved = store.articles.save([replace(first, body="two"), article("https://a.example/2")], NOW + HOUR)
    assert (saved.new, saved.updated, saved.seen) == (1, 1, 0)


def test_an_article_comes_back_as_it_was(store):
    whole = article(
        dek="dek",
        image=Picture("https://a.example/p.jpg", "alt", 3, 4),
        related=(Headline("other", "https://a.example/o"),),
        updated_at=NOW,
        first_seen=NOW,
        weight=1.5,
    )
    store.articles.save([whole], NOW)
    assert store.articles.window(NOW - HOUR, NOW, ["gazette"]) == (whole,)


def test_the_first_sighting_stays(store):
    undated = article(published_at=None)
    store.articles.save([undated], NOW)
    store.articles.save([replace(undated, headline="changed")], NOW + HOUR)
    (found,) = store.articles.window(NOW - HOUR, NOW, ["gazette"])
    assert (found.first_seen, found.headline) == (NOW, "changed")


def test_a_window_leaves_out_its_start_and_takes_its_end(store):
    articles = [article(f"https://a.example/{n}", published_at=NOW + n * HOUR) for n in range(4)]
    store.articles.save(articles, NOW)
    found = store.articles.window(NOW, NOW + 2 * HOUR, ["gazette", "other"])
    assert [each.key[-1] for each in found] == ["1", "2"]
    assert store.articles.window(NOW, NOW + 2 * HOUR, ["other"]) == ()


def test_one_article_of_two_sources_is_kept_for_both(store):
    store.articles.save([article(), article(source="herald")], NOW)
    assert len(store.articles.window(NOW - HOUR, NOW, ["gazette", "herald"])) == 2


def test_one_article_twice_in_a_body_is_kept_once(store):
    assert store.articles.save([article(), article(headline="later")], NOW).new == 1


def test_tidying_forgets_what_is_old(store):
    store.articles.save([article(published_at=NOW - 48 * HOUR), article("https://a.example/new")], NOW - 47 * HOUR)
    assert store.articles.tidy(NOW - 24 * HOUR) == 1


def test_states_of_sources_are_remembered(store):
    source = Source(slug="gazette", title="Gazette")
    state = SourceState("gazette", etag='W/"x"', checked_at=NOW, failures=2)
    store.sources.record([Outcome(source, "failed", state=state, error="timed out", seconds=1.5)], NOW)
    assert store.sources.states(["gazette", "never seen"]) == {"gazette": state}
    store.sources.record(
        [Outcome(source, "new", (article(),), replace(state, failures=0))], NOW + HOUR, new={"gazette": 1}
    )
    store.sources.record([Outcome(source, "not due")], NOW + HOUR)
    assert [(check.status, check.new, check.error) for check in store.sources.history("gazette")] == [
        ("new", 1, ""),
        ("failed", 0, "timed out"),
    ]
    before, after = store.sources.spells(["gazette", "never seen"], (NOW - HOUR, NOW + HOUR, NOW + 2 * HOUR))["gazette"]
    assert (before.checks, before.failed, before.new) == (1, 1, 0)
    assert (after.checks, after.failed, after.new) == (1, 0, 1)
    assert store.sources.tidy(NOW + HOUR) == 1


def test_decisions_become_corrections_and_the_last_word_counts(store):
    def decide(what, *keys, text=""):
        return store.corrections.add("morning/2026-03-04", what, keys, text=text, who="kim", now=NOW)

    decide("pin", "a")
    decide("pin", "b")
    decide("drop", "c")
    decide("drop", "a")
    decide("merge", "d", "e")
    decide("split", "e", "d")
    decide("retitle", "d", text="Good")
    decide("retitle", "f", text="Other")
    decide("retitle", "d", text="Better")
    decide("order", "d", "b")
    found = store.corrections.load("morning/2026-03-04")
    assert found.pinned == ("b",)
    assert found.dropped == {"a", "c"}
    assert (found.merged, found.split) == ((), (("e", "d"),))
    assert found.titles == (("d", "Better"), ("f", "Other"))
    assert found.order == ("d", "b")
    assert store.corrections.load("evening/2026-03-04").pinned == ()


def test_a_decision_can_be_undone(store):
    first = store.corrections.add("e/2026-03-04", "pin", ("a",), who="kim", now=NOW)
    store.corrections.add("e/2026-03-04", "pin", ("b",), who="lee", now=NOW)
    assert store.corrections.undo("e/2026-03-04").keys == ("b",)
    assert store.corrections.undo("e/2026-03-04", first).who == "kim"
    assert store.corrections.undo("e/2026-03-04") is None
    assert store.corrections.load("e/2026-03-04").pinned == ()


def test_an_article_that_only_moves_in_its_feed_is_no_update_and_its_place_is_kept(store):
    first = article()
    store.articles.save([first], NOW)
    saved = store.articles.save([replace(first, position=7)], NOW)
    assert (saved.new, saved.updated, saved.seen) == (0, 0, 1)
    (kept,) = store.articles.window(NOW - 30 * 24 * HOUR, NOW, [first.source])
    assert kept.position == 7
