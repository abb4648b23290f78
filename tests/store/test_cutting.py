"""Batches and the variants they carry: cut, kept, handed on."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from digest.model import EditionState, Receipt
from digest.store.cutting import cut
from tests.store.samples import NOW, edition

IDS = st.lists(st.integers(1, 10_000), unique=True, max_size=80).map(sorted)


@given(ids=IDS, size=st.integers(1, 30), chosen=st.dictionaries(st.integers(1, 10_000), st.sampled_from(["a", "b"])))
def test_everyone_is_in_exactly_one_batch_of_the_variant_meant_for_them(ids, size, chosen) -> None:
    batches = cut(ids, size, chosen)
    assert sorted(number for _, group in batches for number in group) == ids
    assert all(chosen.get(number, "") == variant for variant, group in batches for number in group)
    assert all(0 < len(group) <= size and group == sorted(group) for _, group in batches)


def test_a_batch_keeps_its_variant_and_hands_it_on_to_a_resend(store) -> None:
    row = store.editions.save(edition(), EditionState.APPROVED, NOW).row
    everyone = list(range(1, 26))

    def page(_connection, after, limit):
        return [number for number in everyone if number > after][:limit]

    def variants(_connection, ids):
        return {number: "sections-1" for number in ids if number % 2}

    send = store.ledger.sends.plan(row, page, audience="list a", provider="fake", size=10, now=NOW, variants=variants)
    carried = refuse_all(store, send.id)
    assert carried == {number: "sections-1" if number % 2 else "" for number in everyone}

    store.ledger.sends.plan_missed(row, provider="fake", size=10, now=NOW)
    again = store.ledger.sends.of(row)[-1]
    assert refuse_all(store, again.id) == carried


def refuse_all(store, send: int) -> dict[int, str]:
    """Work through a send whose provider refuses everyone; return the variant each one's batch carried."""
    sender, carried, now = store.ledger.enter(NOW), {}, NOW
    while batch := store.ledger.claim(send, sender, now).batch:
        carried |= dict.fromkeys(batch.waiting, batch.variant)
        started = store.ledger.advance(batch, start=batch.waiting, now=now)
        store.ledger.release(started, [Receipt(number, "rejected") for number in batch.waiting], now=now)
        now += timedelta(seconds=1)
    return carried
