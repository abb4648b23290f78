"""Couriers: several hand-overs at a time, and everything they came to is brought back."""

from __future__ import annotations

import threading

import pytest

from digest.errors import ProviderBusy
from digest.model import Receipt
from digest.send.couriers import Couriers


@pytest.fixture
def couriers():
    couriers: Couriers[int] = Couriers(2, queue=2)
    yield couriers
    couriers.dismiss()


def everything(couriers: Couriers[int]) -> dict[int, object]:
    found: dict[int, object] = {}
    while couriers.under_way:
        found |= dict(couriers.collect(None))
    return found


def test_receipts_come_back_with_what_they_are_for(couriers):
    for number in range(4):
        couriers.send(number, lambda number=number: (Receipt(number),))
    assert everything(couriers) == {number: (Receipt(number),) for number in range(4)}


def test_what_is_raised_comes_back_too(couriers):
    busy = ProviderBusy("429")

    def hand_over() -> tuple[Receipt, ...]:
        raise busy

    couriers.send(1, hand_over)
    assert everything(couriers) == {1: busy}


def test_so_many_are_carried_out_at_once_and_as_many_wait_beside_them(couriers):
    begun, go_on = threading.Semaphore(0), threading.Event()
    running: list[int] = []

    def hand_over() -> tuple[Receipt, ...]:
        running.append(1)
        begun.release()
        go_on.wait(120)
        return ()

    for number in range(4):
        assert couriers.free == 4 - number
        couriers.send(number, hand_over)
    for _ in range(2):
        assert begun.acquire(timeout=120)
    assert couriers.free == 0
    assert len(running) == 2
    go_on.set()
    assert sorted(everything(couriers)) == [0, 1, 2, 3]
    assert couriers.free == 4


def test_nothing_is_waited_for_where_nothing_is_under_way(couriers):
    assert couriers.collect(None) == []
    assert couriers.collect(60) == []
