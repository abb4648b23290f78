"""A plan that a crash cut short is finished for the people it was for, by whoever resumes."""

from __future__ import annotations

import pytest

from digest.errors import EditionConflict, ProviderUncertain
from digest.model import EditionState
from digest.pipeline import send as sending
from digest.send.provider import Traits
from tests.send.worlds import People, World
from tests.store.samples import ENVELOPE, MESSAGE


@pytest.fixture
def world(tmp_path):
    world = World(tmp_path, people=1000)
    world.provider.traits = Traits(batch_size=10, window=10)
    yield world
    world.store.close()


class Dying(People):
    """An audience in the middle of which the planner dies."""

    def ids_page(self, connection: object, after_id: int, limit: int) -> list[int]:
        if after_id:
            raise KeyError("killed")
        return super().ids_page(connection, after_id, limit)


def arguments(world: World):
    return world.store, world.provider, world.edition.id, ENVELOPE, world.people, world.ways


def cut_short(world: World, whom: sending.Whom | None = None) -> None:
    with pytest.raises(KeyError):
        sending.plan_edition(world.store, world.provider, world.edition.id, MESSAGE, Dying(1000), world.ways, whom=whom)


def test_resume_finishes_the_plan_and_sends_it(world):
    cut_short(world)
    report = sending.report(world.store, world.edition.id)
    assert (report.planned, report.state) == (200, EditionState.FROZEN)
    report = world.resume()
    assert (report.planned, report.sent, report.state) == (1000, 1000, EditionState.SENT)
    assert set(world.provider.got.values()) == {1}


def test_the_plan_is_finished_for_the_lists_it_was_for(world):
    cut_short(world, sending.Whom("b, c in Europe/Berlin", ("b", "c"), "those of Berlin"))
    asked = []

    def audience_of(send):
        asked.append((send.lists, send.segment))
        return People(300)

    report = sending.resume(*arguments(world), audience_of=audience_of)
    assert asked == [(("b", "c"), "those of Berlin")]
    assert report.planned == report.sent == 300


def test_a_resend_that_was_cut_short_is_finished(world):
    world.provider.plan = [dict.fromkeys(range(1, 11), "rejected")]
    world.send()
    hand_on, calls = world.store.ledger.sends.plan_missed, []
    row = world.store.editions.get(world.edition.id).row
    begin = world.store.begin

    class Dies:
        """A store that dies before the last transaction of a plan."""

        def begin(self):
            calls.append(1)
            if len(calls) == 3:
                raise KeyError("killed")
            return begin()

        read = world.store.read

    world.store.ledger.sends._store = Dies()
    with pytest.raises(KeyError):
        hand_on(row, provider="fake", size=10, now=world.clock.now)
    world.store.ledger.sends._store = world.store
    assert sending.report(world.store, world.edition.id).planned == 1000
    report = world.resume()
    assert (report.planned, report.sent) == (1000, 1000)
    assert set(world.provider.got.values()) == {1}


def test_two_who_resend_at_once_make_one_plan(world):
    world.provider.plan = [dict.fromkeys(range(1, 11), "rejected") for _ in range(100)]
    world.send()
    sends, row = world.store.ledger.sends, world.store.editions.get(world.edition.id).row
    begin, asked = world.store.begin, []

    class Slow:
        """A store in whose third transaction the other one is through already."""

        def begin(self):
            asked.append(1)
            if len(asked) == 3:
                sends._store = world.store
                sends.plan_missed(row, provider="fake", size=10, now=world.clock.now)
                world.resume()
                sends._store = self
            return begin()

        read = world.store.read

    sends._store = Slow()
    sends.plan_missed(row, provider="fake", size=10, now=world.clock.now)
    sends._store = world.store
    report = sending.report(world.store, world.edition.id)
    assert (report.planned, report.sent, report.unsent) == (1000, 1000, 0)
    assert set(world.provider.got.values()) == {1}


def test_a_correction_that_was_cut_short_is_finished(world):
    world.provider.plan = [ProviderUncertain("timed out")]
    world.send()
    world.stopped = True
    sending.correct(world.store, world.provider, world.edition.id, MESSAGE, *arguments(world)[3:5], world.ways)
    world.stopped = False
    world.resume()
    (correction,) = sending.corrections(world.store, world.edition.id)
    assert (correction.planned, correction.sent) == (990, 990)
    assert sorted(world.provider.got.values()) == [2] * 990


def test_what_was_cancelled_for_good_is_not_resent(world):
    world.stopped = True
    world.send()
    world.stopped = False
    sending.cancel(world.store, world.edition.id, world.clock.now)
    with pytest.raises(EditionConflict, match="cancelled for good"):
        sending.resend(*arguments(world))
    assert world.provider.got == {}


def test_there_is_nothing_to_pause_where_nothing_is_sent(world):
    for _ in range(2):
        with pytest.raises(EditionConflict, match="nothing of it is being sent"):
            sending.pause(world.store, world.edition.id, world.clock.now)
        world.send()
