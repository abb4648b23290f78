"""What a language model wrote is kept by what it was asked, once, and forgotten with the articles."""

from __future__ import annotations

from datetime import timedelta

from digest.store import Store
from tests.store.samples import NOW


def test_an_answer_is_found_by_its_question_and_the_first_one_stays(store: Store) -> None:
    store.written.keep({"a": "One.", "b": "Two."}, NOW)
    store.written.keep({"a": "Another.", "c": "Three."}, NOW)
    assert store.written.find(["a", "c", "unknown"]) == {"a": "One.", "c": "Three."}


def test_nothing_is_kept_of_nothing(store: Store) -> None:
    store.written.keep({}, NOW)
    assert store.written.find([]) == {}


def test_old_answers_are_forgotten(store: Store) -> None:
    store.written.keep({"old": "One."}, NOW - timedelta(days=100))
    store.written.keep({"new": "Two."}, NOW)
    assert store.written.tidy(NOW - timedelta(days=90)) == 1
    assert store.written.find(["old", "new"]) == {"new": "Two."}
