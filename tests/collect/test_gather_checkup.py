"""What a check of a source leaves to be remembered."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.collect import checkup
from digest.collect.checkup import Answered
from digest.model import Source, SourceState

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
HALF_AN_HOUR = timedelta(minutes=30)
SOURCE = Source(slug="a", title="A", url="https://a.example/feed")
FRESH = SourceState(slug="a", url=SOURCE.url)


def answered(state: SourceState = FRESH, *, is_new: bool = True, **facts) -> SourceState:
    """Return the state after an answer."""
    return checkup.after_answer(state, Answered(**facts), NOW, HALF_AN_HOUR, is_new=is_new)


def failed(state: SourceState = FRESH, times: int = 1, **facts) -> SourceState:
    """Return the state after some failures in a row."""
    for _ in range(times):
        state = checkup.after_failure(state, "timed out", NOW, HALF_AN_HOUR, **facts)
    return state


@pytest.mark.parametrize(
    ("facts", "minutes"),
    [
        ({}, 30),
        ({"ttl_minutes": 45}, 45),
        ({"ttl_minutes": 5}, 30),
        ({"fresh_seconds": 7200}, 120),
        ({"fresh_seconds": 7200, "ttl_minutes": 180}, 180),
        ({"ttl_minutes": 100_000}, 1440),
        ({"fresh_seconds": 9_999_999_999}, 1440),
    ],
)
def test_the_next_check_is_the_latest_that_anyone_asks_for_within_a_day(facts: dict, minutes: int) -> None:
    assert answered(**facts).next_check_at == NOW + timedelta(minutes=minutes)


def test_marks_are_kept_byte_for_byte() -> None:
    state = answered(etag='W/"a b\\"', last_modified="yesterday, perhaps")
    assert (state.etag, state.last_modified) == ('W/"a b\\"', "yesterday, perhaps")


def test_an_unchanged_answer_keeps_the_time_of_the_last_change_and_the_hash() -> None:
    earlier = replace(FRESH, changed_at=NOW - timedelta(days=1), body_hash="abc", failures=3, error="timed out")
    state = answered(earlier, is_new=False)
    assert (state.changed_at, state.body_hash) == (earlier.changed_at, "abc")
    assert (state.failures, state.error, state.checked_at) == (0, "", NOW)


def test_failures_wait_twice_as_long_each_time_within_a_day() -> None:
    waits = [(failed(times=times).next_check_at - NOW) / HALF_AN_HOUR for times in range(1, 9)]
    assert waits == [1, 2, 4, 8, 16, 32, 48, 48]


def test_a_server_that_asks_for_longer_gets_it_but_no_more_than_a_week() -> None:
    assert failed(retry_after=7200).next_check_at == NOW + timedelta(hours=2)
    assert failed(retry_after=1e12).next_check_at == NOW + timedelta(days=7)


def test_what_is_gone_is_not_asked_again_until_its_address_changes() -> None:
    gone = failed(is_gone=True)
    assert not checkup.is_due(gone, NOW + timedelta(days=900))
    elsewhere = checkup.known(replace(SOURCE, url="https://a.example/new"), gone)
    assert checkup.is_due(elsewhere, NOW)
    assert (elsewhere.error, elsewhere.failures, elsewhere.etag) == ("", 0, "")


def test_a_permanent_move_is_believed_after_three_sightings_in_a_row() -> None:
    state = FRESH
    for expected in (SOURCE.url, SOURCE.url, "https://b.example/feed"):
        state = answered(state, moved_to="https://b.example/feed")
        assert checkup.address(SOURCE, state) == expected
    assert checkup.address(SOURCE, answered(state)) == "https://b.example/feed"


def test_sightings_that_differ_begin_anew() -> None:
    state = answered(answered(moved_to="https://b.example/"), moved_to="https://b.example/")
    for other in ("https://c.example/", ""):
        assert answered(state, moved_to=other).moved_seen == int(bool(other))


def test_a_new_address_that_fails_is_forgotten() -> None:
    moved = replace(FRESH, moved_to="https://b.example/", moved_seen=3)
    assert checkup.address(SOURCE, failed(moved)) == SOURCE.url


def test_a_source_is_due_when_its_time_has_come() -> None:
    assert checkup.is_due(FRESH, NOW)
    assert not checkup.is_due(answered(), NOW)
    assert checkup.is_due(answered(), NOW + HALF_AN_HOUR)


@given(st.integers(0, 200), st.floats(0, 1e15), st.integers(0, 10**9), st.floats(0, 1e15))
def test_every_check_is_followed_by_another_within_a_week(failures: int, wait: float, ttl: int, fresh: float) -> None:
    states = (
        failed(replace(FRESH, failures=failures), retry_after=wait),
        checkup.after_hold(FRESH, wait, NOW),
        answered(ttl_minutes=min(ttl, 10**6), fresh_seconds=min(fresh, 1e10)),
    )
    assert all(NOW <= state.next_check_at <= NOW + timedelta(days=7) for state in states if state.next_check_at)
