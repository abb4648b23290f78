"""Rounds: what a sender does next, decided without a ledger and without a provider."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from digest.model import Receipt
from digest.send.rounds import plan
from digest.send.work import Handed, Work, work_of
from tests.send.worlds import recipient


@dataclass(frozen=True)
class Ten:
    """A batch of ten."""

    id: int
    variant: str = ""
    attempt: int = 1
    tries: int = 0
    waiting: tuple[int, ...] = tuple(range(1, 11))


def work(number: int, *, window: int = 5, gone: tuple[int, ...] = ()) -> Work[Ten]:
    return work_of(Ten(number), 1, [recipient(n) for n in range(1, 11) if n not in gone], window)


def back(number: int, fate: str = "sent", **others) -> Work[Ten]:
    """Return a batch whose first window came back."""
    came = work(number)
    came.begin()
    came.handed = Handed(tuple(Receipt(each.id, fate) for each in came.begun), **others)
    return came


def test_a_batch_is_cut_into_windows_and_who_left_is_told():
    cut = work(1, window=4, gone=(2, 9))
    assert [len(window) for window in cut.left] == [4, 4]
    assert cut.gone == [2, 9]


def test_a_batch_goes_on_while_windows_are_left():
    came = back(1)
    assert plan([came], [], 1, 2, is_stopping=False).going == (came,)
    came.begin()
    assert plan([came], [], 1, 2, is_stopping=False).ended == (came,)


def test_a_window_that_went_in_vain_ends_its_batch():
    came = back(1, "later")
    assert plan([came], [], 1, 2, is_stopping=False).ended == (came,)


def test_whoever_goes_on_comes_before_whoever_begins():
    came, ahead = back(1), [work(2), work(3)]
    steps = plan([came], ahead, 2, 2, is_stopping=False)
    assert (steps.going, steps.fresh, steps.rest) == ((came,), (ahead[0],), (ahead[1],))
    assert steps.claims == 1


def test_stopping_gives_everything_back_and_begins_nothing():
    came, ahead = back(1), [work(2)]
    steps = plan([came], ahead, 5, 2, is_stopping=True)
    assert steps.ended == (came, ahead[0])
    assert (steps.going, steps.fresh, steps.claims) == ((), (), 0)


def test_a_provider_that_says_when_holds_back_what_was_claimed_ahead():
    came, ahead = back(1, "later", is_for_all=True), [work(2)]
    steps = plan([came], ahead, 5, 2, is_stopping=False)
    assert (steps.ended, steps.fresh) == ((came, ahead[0]), ())


@pytest.mark.parametrize("free", range(4))
def test_as_many_begin_as_connections_are_free(free):
    ahead = [work(2), work(3)]
    steps = plan([], ahead, free, 2, is_stopping=False)
    assert len(steps.fresh) == min(free, 2)
    assert [*steps.fresh, *steps.rest] == ahead
    assert len(steps.rest) + steps.claims == 2


def test_begun_windows_are_known_of_nothing():
    came = back(1)
    came.begin()
    assert came.handed == Handed()
    assert came.left == []
