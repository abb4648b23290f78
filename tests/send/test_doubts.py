"""Moments in which a sender could send twice, or take as sent what nobody has: each was thought of, and is tried."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import text

from digest.errors import EditionConflict, ProviderRefused, ProviderUncertain
from digest.model import EditionState
from digest.pipeline import send as sending
from digest.pipeline.events import take_events
from digest.send.provider import Traits
from digest.send.providers.sendgrid import Options, Sendgrid
from digest.send.providers.sendgrid_events import read
from digest.store import Limits, Store
from digest.store.rates import take
from tests.send.fake_sendgrid import FakeSendgrid, Taken
from tests.send.roster import NumberedRoster
from tests.send.worlds import World
from tests.store.conftest import store
from tests.store.samples import NOW, edition

__all__ = ["store"]


@pytest.fixture
def world(tmp_path):
    world = World(tmp_path)
    yield world
    world.store.close()


def told(
    world: World, custom: dict[str, str], *who: str, event: str = "delivered", **others: str
) -> sending.SendReport:
    """Let a provider tell of some people, by what it was given with their mails."""
    events = [{"event": event, "recipient": one, "timestamp": 1} | custom | others for one in who]
    take_events(world.store, read(json.dumps(events).encode()), NumberedRoster(), NOW)
    return sending.report(world.store, world.edition.id)


@pytest.fixture
def halved(world):
    """A request that was too large: its first half is uncertain, its second one was sent at the next try."""
    world.people.count = 4
    api = FakeSendgrid()
    provider = Sendgrid(Options("SG.right", api=api.address, timeout=5))
    api.orders.reset_at = 1.0
    api.order("413", "500", "429")
    report = world.send(provider)
    assert (report.sent, report.uncertain) == (2, 2)
    provider.close()
    api.close()
    return world, api.taken


def test_what_proves_a_second_try_proves_nothing_of_those_the_first_left_uncertain(halved):
    world, taken = halved
    (second,) = taken
    assert second.recipients == ["p3", "p4"]
    report = told(world, second.body["custom_args"], "p3", "p4")
    assert (report.sent, report.uncertain) == (2, 2)


def test_whoever_an_event_is_about_has_the_mail_whatever_the_attempt(halved):
    world, (second,) = halved
    report = told(world, second.body["custom_args"], "p2")
    assert (report.sent, report.uncertain) == (3, 1)


def test_a_request_for_a_part_of_its_batch_speaks_for_itself_alone(world):
    """Where a batch leaves in several windows, an event of one says nothing of another."""
    world.provider.traits = Traits(batch_size=25, window=5)
    attempts = []
    prepare = world.provider.prepare

    def noting(mailing, parcel):
        attempts.append(parcel.attempt)
        return prepare(mailing, parcel)

    world.provider.prepare = noting
    world.send()
    assert attempts == [0] * 5


@pytest.mark.parametrize(
    ("custom", "who"),
    [
        ({"edition": "morning/2026-03-04"}, "p999"),
        ({"edition": "evening/2026-03-04"}, "p3"),
        ({"edition": "morning/2026-03-04+correction-1"}, "p3"),
    ],
    ids=["somebody else", "another edition", "a correction"],
)
def test_events_of_another_store_at_the_same_account_prove_nothing(world, custom, who):
    """Numbers of batches begin anew in each store, and in one restored from a copy."""
    world.provider.plan = [ProviderUncertain("timed out")]
    world.send()
    report = told(world, {"batch": "1", "attempt": "1"} | custom, who)
    assert (report.sent, report.uncertain) == (15, 10)
    assert dict(report.events) == {}


def test_events_with_the_editions_own_name_prove_the_request(world):
    world.provider.plan = [ProviderUncertain("timed out")]
    world.send()
    report = told(world, {"edition": world.edition.id, "batch": "1", "attempt": "1"}, "p3")
    assert (report.sent, report.uncertain) == (25, 0)


def both(
    one: Callable[[], object],
    other: Callable[[], object],
    until: AbstractContextManager[Callable[[], bool]] | None = None,
) -> list[BaseException | None]:
    """Do two things at the same moment, in something that lasts until it says so; return what each of them raised."""
    raised: list[BaseException | None] = [None, None]

    def do(n: int, what: Callable[[], object]) -> None:
        try:
            what()
        except Exception as fault:
            raised[n] = fault

    threads = [threading.Thread(target=do, args=pair) for pair in enumerate((one, other))]
    with until or nullcontext(lambda: True) as is_over:
        for thread in threads:
            thread.start()
        while not is_over():
            threads[0].join(0.01)
    for thread in threads:
        thread.join(60)
    return raised


@contextmanager
def holding_back_new_sends(store: Store) -> Iterator[Callable[[], bool]]:
    """Let everybody look for sends and nobody begin one, until two wait; SQLite has no two at once."""
    if store.engine.dialect.name == "sqlite":
        yield lambda: True
        return
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"

    def is_over() -> bool:
        with store.read() as connection:
            return bool(connection.scalar(text(waiting)) == 2)

    with store.begin() as connection:
        connection.execute(text("LOCK TABLE sends IN SHARE MODE"))
        yield is_over


def planner(store: Store, row: int, audience: str, first: int, last: int) -> Callable[[], object]:
    def page(_connection: object, after: int, limit: int) -> list[int]:
        begin = max(first, after + 1)
        return list(range(begin, min(last, begin + limit - 1) + 1))

    return lambda: store.ledger.sends.plan(row, page, audience=audience, provider="fake", size=10, now=NOW)


def test_two_who_plan_for_different_lists_at_the_same_moment_plan_nobody_twice(store):
    """One of them may be told to try again; whoever is on both lists gets it once."""
    row = store.editions.save(edition(), EditionState.APPROVED, NOW).row
    one, two = planner(store, row, "list a", 1, 2000), planner(store, row, "list b", 1, 2100)
    refused = both(one, two, until=holding_back_new_sends(store))
    assert [fault for fault in refused if fault and not isinstance(fault, EditionConflict)] == []
    for plan, fault in zip((one, two), refused, strict=True):
        if fault is not None:
            plan()
    ids = [each.id for each in store.ledger.sends.of(row)]
    planned = [number for number, _ in store.ledger.accounts.ids(ids, ["unsent"])]
    assert sorted(planned) == list(range(1, 2101))


def test_a_plan_under_way_in_this_process_is_not_given_up_for_another(store):
    row = store.editions.save(edition(), EditionState.APPROVED, NOW).row
    second = planner(store, row, "list b", 1, 50)
    started = threading.Event()

    def page(_connection: object, after: int, limit: int) -> list[int]:
        started.set()
        return list(range(after + 1, min(3000, after + limit) + 1))

    def first() -> None:
        store.ledger.sends.plan(row, page, audience="list a", provider="fake", size=10, now=NOW)

    def then() -> None:
        started.wait(20)
        second()

    refused = both(first, then)
    assert refused[0] is None
    assert refused[1] is None or "list a" in str(refused[1])
    (send,) = store.ledger.sends.of(row)
    assert store.ledger.accounts.sums([send.id]).planned == 3000


def test_a_clock_that_is_set_back_holds_up_no_limited_send(store):
    limits = Limits(per_second=10)
    with store.begin() as connection:
        assert take(connection, "fake", limits, 100, NOW) == 0
        assert take(connection, "fake", limits, 100, NOW + timedelta(seconds=4)) == pytest.approx(6)
        assert take(connection, "fake", limits, 100, NOW - timedelta(hours=1)) == 0


def test_a_clock_behind_that_of_whoever_sent_first_is_on_the_first_day_of_a_warm_up(store):
    limits = Limits(warm_up=(100, 200))
    with store.begin() as connection:
        assert take(connection, "fake", limits, 60, NOW) == 0
        assert take(connection, "fake", limits, 60, NOW - timedelta(seconds=1)) > 0
        assert take(connection, "fake", limits, 40, NOW - timedelta(seconds=1)) == 0


@pytest.mark.parametrize("jump", [timedelta(hours=2), -timedelta(hours=2)])
def test_a_clock_that_jumps_in_mid_send_sends_nothing_twice(world, jump):
    """Forward, every lease is over at once, one's own too; back, none ends."""
    world.people.count = 60

    def leap() -> None:
        if world.provider.deliveries == 3:
            world.clock.now += jump

    world.provider.when_called = leap
    report = world.send()
    assert (report.planned, report.sent) == (60, 60)
    assert set(world.provider.got.values()) == {1}


def test_who_leaves_while_their_batch_waits_to_be_tried_again_is_left_out(world):
    world.provider.plan = [{2: "later", 4: "later"}]
    world.provider.when_called = lambda: world.people.gone.add(2)
    report = world.send()
    assert (report.sent, report.suppressed) == (24, 1)
    assert 2 not in world.provider.got


def test_a_key_revoked_in_mid_send_leaves_nobody_uncertain(world):
    world.people.count = 3000
    api = FakeSendgrid()
    provider = Sendgrid(Options("SG.right", api=api.address, timeout=5, connections=2))

    def revoke(taken: Taken) -> None:
        api.key = "SG.new"

    api.on_taken = revoke
    with pytest.raises(ProviderRefused, match="SENDGRID_API_KEY"):
        world.send(provider)
    report = sending.report(world.store, world.edition.id)
    assert report.uncertain == 0
    assert report.sent == len(api.mails)
    assert report.sent + report.unsent == 3000
    api.key = "SG.right"
    api.on_taken = lambda _taken: None
    assert world.send(provider).sent == 3000
    assert set(api.mails.values()) == {1}
    provider.close()
    api.close()


@pytest.mark.parametrize("seed", range(5))
def test_two_workers_who_take_one_another_for_dead_send_nothing_twice(tmp_path, seed):
    """Clocks hours apart: each takes over what the other holds, again and again."""
    world = World(tmp_path, people=60)
    other = World.on(tmp_path, people=60, now=NOW + timedelta(hours=3))
    for each in (world, other):
        each.provider.traits = Traits(batch_size=20, window=4)
    world.stopped = True
    world.send()
    world.stopped = False
    random = Random(seed)
    turns = {id(world): 0, id(other): 0}

    def give_way(mine: World, theirs: World) -> Callable[[], None]:
        def now_and_then() -> None:
            if turns[id(mine)] < 3 and random.random() < 0.3:
                turns[id(mine)] += 1
                theirs.store.ledger.recover(theirs.clock.now)
                if mine is world:
                    theirs.resume()

        return now_and_then

    world.provider.when_called = give_way(world, other)
    other.provider.when_called = give_way(other, world)
    world.resume()
    report = other.resume()
    got = world.provider.got + other.provider.got
    world.store.close()
    other.store.close()
    assert set(got.values()) == {1}
    assert report.planned == 60 == report.sent + report.uncertain
    assert report.unsent == 0
