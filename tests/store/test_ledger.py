"""The ledger's shell: claims, fences, leases, plans, sums."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from digest.errors import EditionConflict, StoreError
from digest.model import EditionState, Receipt
from digest.store import Limits, openings
from digest.store.packing import bits, from_bytes, pack, positions, to_bytes, unpack
from digest.store.senders import is_running, process_name
from tests.store.samples import NOW, edition

LATER = NOW + timedelta(minutes=1)


def page(count):
    return lambda _connection, after, limit: list(range(after + 1, min(count, after + limit) + 1))


@pytest.fixture
def row(store):
    return store.editions.save(edition(), EditionState.APPROVED, NOW).row


def plan(store, row, count=25, audience="list a", **others):
    values = {"audience": audience, "provider": "fake", "size": 10, "now": NOW} | others
    return store.ledger.sends.plan(row, page(count), **values)


def sums(store, *sends):
    return store.ledger.accounts.sums([send.id for send in sends])


def test_a_plan_is_cut_into_batches_and_complete(store, row):
    send = plan(store, row)
    assert (send.state, sums(store, send).planned, sums(store, send).unsent) == ("sending", 25, 25)
    assert plan(store, row, audience="list b") is None


def test_a_plan_cut_off_by_a_crash_goes_on_where_it_stopped(store, row):
    calls = []

    def dying(connection, after, limit):
        calls.append(after)
        if len(calls) == 2:
            raise KeyError("killed")
        return page(500)(connection, after, limit)

    with pytest.raises(KeyError):
        store.ledger.sends.plan(row, dying, audience="list a", provider="fake", size=10, now=NOW)
    send = plan(store, row, 500)
    assert sums(store, send).planned == 500
    assert len(store.ledger.sends.of(row)) == 1


def test_a_plan_of_a_dead_process_for_other_people_is_given_up(store, row):
    def dying(connection, after, limit):
        if after:
            raise KeyError("killed")
        return page(500)(connection, after, limit)

    with pytest.raises(KeyError):
        store.ledger.sends.plan(row, dying, audience="list a", provider="fake", size=10, now=NOW)
    with store.begin() as connection:
        connection.execute(text("UPDATE sends SET planner = :name"), {"name": process_name() + "9"})
    assert sums(store, plan(store, row, 30, audience="list b")).planned == 30
    assert [send.audience for send in store.ledger.sends.of(row)] == ["list b"]


def test_a_plan_of_a_living_process_is_waited_for(store, row):
    def dying(connection, after, limit):
        raise KeyError("busy")

    with pytest.raises(KeyError):
        store.ledger.sends.plan(row, dying, audience="list a", provider="fake", size=10, now=NOW)
    with store.begin() as connection:
        connection.execute(text("UPDATE sends SET planner = 'elsewhere x y 1 2'"))
    with pytest.raises(EditionConflict, match="another process"):
        plan(store, row, audience="list b")


def test_two_workers_never_hold_one_batch(store, row):
    send = plan(store, row)
    one, two = store.ledger.enter(NOW), store.ledger.enter(NOW)
    held = [store.ledger.claim(send.id, sender, NOW).batch for sender in (one, two, one)]
    assert len({batch.id for batch in held}) == 3
    turn = store.ledger.claim(send.id, two, NOW)
    assert (turn.batch, turn.is_over) == (None, False)
    assert turn.wait > 0


def test_a_lease_that_expires_makes_what_was_in_flight_uncertain_and_the_rest_ready(store, row):
    send = plan(store, row, 10)
    owner = store.ledger.enter(NOW)
    batch = store.ledger.claim(send.id, owner, NOW).batch
    store.ledger.advance(batch, start=[1, 2, 3], now=NOW)
    other = store.ledger.enter(LATER)
    again = store.ledger.claim(send.id, other, LATER).batch
    assert again.waiting == tuple(range(4, 11))
    assert (sums(store, send).uncertain, sums(store, send).unsent) == (3, 7)


def test_a_sender_that_gives_signs_of_life_keeps_its_batch(store, row):
    send = plan(store, row, 10)
    owner = store.ledger.enter(NOW)
    store.ledger.claim(send.id, owner, NOW)
    store.ledger.renew(owner, LATER)
    assert store.ledger.claim(send.id, store.ledger.enter(LATER), LATER).batch is None


def test_a_dead_process_of_this_machine_is_known_at_once(store, row):
    send = plan(store, row, 10)
    owner = store.ledger.enter(NOW)
    store.ledger.claim(send.id, owner, NOW)
    machine = process_name().rsplit(" ", 2)[0]
    with store.begin() as connection:
        connection.execute(text("UPDATE senders SET name = :name"), {"name": f"{machine} 1 0"})
    assert store.ledger.claim(send.id, store.ledger.enter(NOW), NOW).batch is not None


def test_a_fenced_owner_may_start_nothing_and_overwrite_nothing(store, row):
    send = plan(store, row, 10)
    old = store.ledger.claim(send.id, store.ledger.enter(NOW), NOW).batch
    new = store.ledger.claim(send.id, store.ledger.enter(LATER), LATER).batch
    assert new.attempt == old.attempt + 1
    assert store.ledger.advance(old, start=[1], now=LATER) is None
    store.ledger.advance(new, start=new.ids, now=LATER)
    store.ledger.release(old, [Receipt(number, "rejected") for number in old.ids], now=LATER)
    assert sums(store, send).rejected == 0
    store.ledger.release(new, [Receipt(number) for number in new.ids], now=LATER)
    assert sums(store, send).sent == 10


def test_a_slow_owner_who_knows_settles_what_became_uncertain(store, row):
    send = plan(store, row, 10)
    slow = store.ledger.claim(send.id, store.ledger.enter(NOW), NOW).batch
    store.ledger.advance(slow, start=slow.ids, now=NOW)
    assert store.ledger.recover(LATER) == 1
    assert sums(store, send).uncertain == 10
    store.ledger.release(slow, [Receipt(1, "rejected", detail="550"), *(Receipt(n) for n in range(2, 11))], now=LATER)
    assert (sums(store, send).sent, sums(store, send).rejected) == (9, 1)


def test_those_put_off_wait_for_their_time(store, row):
    send = plan(store, row, 10)
    sender = store.ledger.enter(NOW)
    batch = store.ledger.claim(send.id, sender, NOW).batch
    store.ledger.advance(batch, start=batch.ids, now=NOW)
    store.ledger.release(batch, [Receipt(n, "later") for n in batch.ids], due_at=LATER, now=NOW)
    assert store.ledger.claim(send.id, sender, NOW).batch is None
    again = store.ledger.claim(send.id, sender, LATER).batch
    assert (again.tries, again.waiting) == (1, batch.ids)


def test_a_claim_after_cancel_gives_nothing_and_in_flight_is_finished(store, row):
    send = plan(store, row)
    sender = store.ledger.enter(NOW)
    batch = store.ledger.claim(send.id, sender, NOW).batch
    store.ledger.advance(batch, start=batch.ids[:4], now=NOW)
    store.ledger.sends.cancel(send.id, NOW)
    assert store.ledger.claim(send.id, sender, NOW).is_over
    store.ledger.release(batch, [Receipt(n) for n in batch.ids[:4]], now=NOW)
    found = sums(store, send)
    assert (found.sent, found.cancelled, found.unsent) == (4, 21, 0)


def test_what_a_dead_sender_held_of_a_cancelled_send_is_accounted_for(store, row):
    send = plan(store, row)
    batch = store.ledger.claim(send.id, store.ledger.enter(NOW), NOW).batch
    store.ledger.advance(batch, start=batch.ids[:4], now=NOW)
    store.ledger.sends.cancel(send.id, NOW)
    store.ledger.enter(LATER)
    found = sums(store, send)
    assert (found.uncertain, found.cancelled, found.unsent) == (4, 21, 0)


def test_limits_are_shared_by_all_senders(store, row):
    send = plan(store, row)
    ledger = store.ledger.within(Limits(per_hour=20))
    one, two = ledger.enter(NOW), ledger.enter(NOW)
    assert ledger.claim(send.id, one, NOW).batch
    assert ledger.claim(send.id, two, NOW).batch
    assert ledger.claim(send.id, one, NOW).wait == pytest.approx(3600)
    assert ledger.claim(send.id, one, NOW + timedelta(hours=1)).batch


def test_one_subscriber_is_found_among_many_sends(store, row):
    sends = [plan(store, row, 25), plan(store, row, 40, audience="list b")]
    sender = store.ledger.enter(NOW)
    batch = store.ledger.claim(sends[0].id, sender, NOW).batch
    store.ledger.advance(batch, start=batch.ids, gone=(), now=NOW)
    store.ledger.release(batch, [Receipt(n) for n in batch.ids], now=NOW)
    ids = [send.id for send in sends]
    where = {number: store.ledger.accounts.where_is(ids, number) for number in (3, 12, 33, 99)}
    assert where == {3: "sent", 12: "unsent", 33: "unsent", 99: None}


def test_an_unknown_send_is_an_error(store):
    with pytest.raises(StoreError, match="no send 9"):
        store.ledger.sends.get(9)


def test_this_process_runs_and_one_that_is_gone_does_not():
    machine, pid, started = process_name().rsplit(" ", 2)
    assert is_running(process_name()) is True
    assert is_running(f"{machine} {pid} {int(started) + 1}") is False
    assert is_running(f"another host {pid} {started}") is None


@given(st.sets(st.integers(1, 2**40), max_size=300).map(sorted))
def test_ids_come_back_from_their_packing(ids):
    assert unpack(pack(ids)) == tuple(ids)


def test_a_dense_list_costs_a_byte_an_id():
    assert len(pack(range(1_000_000, 1_001_000))) < 1010


@given(st.sets(st.integers(0, 1200)))
def test_bitmaps_come_back_from_their_packing(numbers):
    mask = bits(numbers)
    assert positions(mask) == sorted(numbers)
    assert from_bytes(to_bytes(mask)) == mask


@pytest.mark.parametrize("ids", [[0, 1], [2, 1], [3, 3]])
def test_ids_out_of_order_are_not_packed(ids):
    with pytest.raises(ValueError, match="ascending"):
        pack(ids)


def test_a_slow_owner_put_off_after_it_lost_its_batch_opens_nothing_again(store, row):
    send = plan(store, row, 10)
    slow = store.ledger.claim(send.id, store.ledger.enter(NOW), NOW).batch
    store.ledger.advance(slow, start=slow.ids, now=NOW)
    other = store.ledger.enter(LATER)
    assert store.ledger.claim(send.id, other, LATER).is_over
    store.ledger.release(slow, [Receipt(n, "later") for n in slow.ids], due_at=LATER, now=LATER)
    found = sums(store, send)
    assert (found.uncertain, found.unsent) == (10, 0), "nobody waits in a send that is over"


def put_off(store, batch, until):
    store.ledger.advance(batch, start=batch.ids, now=NOW)
    store.ledger.release(batch, [Receipt(n, "later") for n in batch.ids], due_at=until, now=NOW)


def test_one_put_off_is_next_when_its_time_comes_and_holds_up_nobody_before(store, row):
    send = plan(store, row, 30)
    sender = store.ledger.enter(NOW)
    first = store.ledger.claim(send.id, sender, NOW).batch
    put_off(store, first, LATER)
    second = store.ledger.claim(send.id, sender, NOW).batch
    assert second.ids[0] == 11
    store.ledger.renew(sender, LATER)
    assert store.ledger.claim(send.id, sender, LATER).batch.ids == first.ids
    assert store.ledger.claim(send.id, sender, LATER).batch.ids[0] == 21


def test_what_is_given_back_is_claimed_again_before_the_end(store, row):
    send = plan(store, row, 3000, size=1000)
    sender = store.ledger.enter(NOW)
    held = [store.ledger.claim(send.id, sender, NOW).batch for _ in range(3)]
    for batch in held[:2]:
        store.ledger.release(batch, now=NOW)
    assert [store.ledger.claim(send.id, sender, NOW).batch.id for _ in range(2)] == [each.id for each in held[:2]]
    turn = store.ledger.claim(send.id, sender, NOW)
    assert (turn.batch, turn.is_over) == (None, False)


def test_one_that_was_put_off_and_given_back_is_found_by_another(store, row):
    send = plan(store, row, 20)
    one = store.ledger.enter(NOW)
    put_off(store, store.ledger.claim(send.id, one, NOW).batch, LATER)
    store.ledger.claim(send.id, one, NOW)
    store.ledger.renew(one, LATER)
    again = store.ledger.claim(send.id, one, LATER).batch
    other = store.ledger.within(Limits())
    number = other.enter(LATER)
    assert other.claim(send.id, number, LATER).batch is None
    store.ledger.release(again, now=LATER)
    assert other.claim(send.id, number, LATER).batch.ids == again.ids


def test_a_transaction_that_fails_hides_no_batch(store, row):
    send = plan(store, row, 3000, size=1000)
    sender = store.ledger.enter(NOW)

    def fail() -> None:
        with store.ledger.at_once() as ledger:
            ledger.claim(send.id, sender, NOW)
            ledger.claim(send.id, sender, NOW)
            raise KeyError("lost")

    with pytest.raises(KeyError):
        fail()
    held = [store.ledger.claim(send.id, sender, NOW).batch for _ in range(3)]
    assert sorted(batch.ids[0] for batch in held) == [1, 1001, 2001]


def test_a_cancelled_send_leaves_none_open_wherever_they_stand(store, row):
    send = plan(store, row, 900)
    sender = store.ledger.enter(NOW)
    put_off(store, store.ledger.claim(send.id, sender, NOW).batch, LATER)
    store.ledger.sends.cancel(send.id, NOW)
    found = sums(store, send)
    assert (found.cancelled, found.unsent) == (900, 0)


def test_the_next_batch_is_found_by_an_index(store, row):
    """Also where PostgreSQL was told nothing of the table but what the plan itself tells it."""
    plan(store, row, 20_000, size=10)
    queries = {"ix_batches_send_audience": openings.NEXT, "ix_batches_put_off": openings.DUE}
    values = {"send": 1, "since": 10, "now": NOW}
    with store.begin() as connection:
        for index, query in queries.items():
            explain = "EXPLAIN" if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
            written = query.params(values).compile(connection.engine, compile_kwargs={"literal_binds": True})
            steps = [str(line[-1]) for line in connection.execute(text(f"{explain} {written}".replace(":", "\\:")))]
            assert any(index in step for step in steps), steps
            assert not any("Bitmap" in step or "Seq Scan" in step or "SCAN" in step for step in steps), steps
