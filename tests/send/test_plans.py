"""A plan that a crash cut short is finished for the people it was for, by whoever resumes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import text, update

from digest.errors import EditionConflict, ProviderUncertain
from digest.model import EditionState
from digest.pipeline import send as sending
from digest.send.provider import Traits
from digest.store.ledger_tables import sends as table
from digest.store.plans import GIVEN_UP
from tests.dying import before_transaction, dies, lives
from tests.send.worlds import People, World
from tests.store.samples import ENVELOPE, MESSAGE, NOW


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


def plan(world: World, people: People, label: str):
    return sending.plan_edition(
        world.store, world.provider, world.edition.id, MESSAGE, people, world.ways, whom=sending.Whom(label)
    )


def planned_elsewhere(world: World) -> None:
    """Let the unfinished plan be one of a machine that nothing can be asked of."""
    with world.store.begin() as connection:
        connection.execute(update(table).values(planner="another machine 1 2"))


def test_a_plan_of_a_machine_that_is_gone_holds_others_up_for_a_while_only(world):
    cut_short(world, sending.Whom("readers"))
    planned_elsewhere(world)
    world.clock.now += GIVEN_UP
    with pytest.raises(EditionConflict, match="or 30 minutes after it began"):
        plan(world, People(7), "others")
    world.clock.now += timedelta(seconds=1)
    assert plan(world, People(7), "others").planned == 7


def test_who_goes_on_with_a_plan_of_a_machine_that_is_gone_is_its_planner(world):
    cut_short(world, sending.Whom("readers"))
    planned_elsewhere(world)
    cut_short(world, sending.Whom("readers"))  # on this machine, where it is known to be at work no longer
    assert plan(world, People(7), "others").planned == 7


def wakes_up_late(first: World, second: World) -> None:
    """Let a plan of the first be given up in its middle by the second, which has begun one of its own by then."""
    pages = first.store.ledger.sends._plan_page

    def slow(*arguments):
        came = pages(*arguments)
        first.store.ledger.sends._plan_page = pages
        planned_elsewhere(second)
        with pytest.raises(KeyError):
            plan(second, Dying(1000), "others")
        return came

    first.store.ledger.sends._plan_page = slow
    with pytest.raises(EditionConflict, match="was given up by another process meanwhile"):
        plan(first, People(1000), "readers")
    row = first.store.editions.get(first.edition.id).row
    (left,) = first.store.ledger.sends.of(row)
    assert (left.audience, sending.report(first.store, first.edition.id).planned) == ("others", 200)
    assert plan(second, People(1000), "others").planned == 1000


def test_what_is_paused_while_it_is_planned_rests_until_it_is_resumed(world):
    pages = world.store.ledger.sends._plan_page

    def paused_meanwhile(*arguments):
        world.store.ledger.sends._plan_page = pages
        came = pages(*arguments)
        sending.pause(world.store, world.edition.id, world.clock.now, "kim wants to look again")
        return came

    world.store.ledger.sends._plan_page = paused_meanwhile
    report = world.send()
    assert (report.state, report.planned, report.unsent) == (EditionState.PAUSED, 1000, 1000)
    assert [each.why for each in world.store.ledger.sends.of(1)] == ["kim wants to look again"]
    assert world.provider.got == {}
    report = world.resume()
    assert (report.state, report.sent) == (EditionState.SENT, 1000)


def test_a_plan_that_died_paused_goes_when_it_is_resumed(world):
    cut_short(world)
    sending.pause(world.store, world.edition.id, world.clock.now)
    report = world.resume()
    assert (report.state, report.sent) == (EditionState.SENT, 1000)


def two(url: str, now) -> tuple[World, World]:
    """Return two processes at one store; the second counts what the first began as long ago."""
    return tuple(World.on(None, people=1000, url=url, now=at) for at in (now, now + 2 * GIVEN_UP))


@pytest.fixture
def server(postgres):
    with postgres.database() as url:
        world = World(None, people=1000, url=url)
        world.store.close()
        yield url


def test_a_planner_that_wakes_up_after_its_plan_was_given_up_plans_nobody_into_another(world, tmp_path):
    first, second = two(f"sqlite:///{tmp_path}/store.db", world.clock.now)
    wakes_up_late(first, second)
    first.store.close()
    second.store.close()


def test_so_it_does_on_postgresql(server):
    first, second = two(server, NOW)
    wakes_up_late(first, second)
    first.store.close()
    second.store.close()


class Slow(People):
    """An audience whose second page is asked for, and does not come before somebody says so."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.asked, self.come = Event(), Event()

    def ids_page(self, connection: object, after_id: int, limit: int) -> list[int]:
        if after_id:
            self.asked.set()
            assert self.come.wait(60)
        return super().ids_page(connection, after_id, limit)


def test_who_gives_a_plan_up_waits_for_the_page_that_is_being_written(server):
    first, second = two(server, NOW)
    slow = Slow(1000)
    with ThreadPoolExecutor(2) as pool:
        sleeping = pool.submit(plan, first, slow, "readers")
        assert slow.asked.wait(60)
        taking = pool.submit(plan, second, People(300), "others")  # finds nobody of its own at work on the other plan
        waits_for_a_lock(first)
        slow.come.set()
        assert taking.result(60).planned == 300
        with pytest.raises(EditionConflict, match="was given up"):
            sleeping.result(60)
    row = second.store.editions.get(second.edition.id).row
    assert [each.audience for each in second.store.ledger.sends.of(row)] == ["others"]
    first.store.close()
    second.store.close()


def waits_for_a_lock(world: World) -> None:
    """Return once somebody waits for a row that another transaction holds."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    for _ in range(100_000):
        with world.store.read() as connection:
            if connection.scalar(waiting):
                return
    raise AssertionError("nobody waits")


def test_a_resend_that_wakes_up_late_moves_nothing_that_was_paused_meanwhile(world):
    world.provider.plan = [dict.fromkeys(range(1, 11), "rejected")]
    world.send()
    sends, row = world.store.ledger.sends, world.store.editions.get(world.edition.id).row

    def paused() -> None:
        """Give the plan up, and pause what there was of it."""
        (planning,) = (send.id for send in sends.of(row) if send.state == "planning")
        sends.move(planning, "paused", world.clock.now)

    with before_transaction(4, sends, paused):
        sends.plan_missed(row, provider="fake", size=10, now=world.clock.now)
    assert [send.state for send in sends.of(row)] == ["done", "paused"]


def test_a_resend_that_was_cut_short_is_finished(world):
    world.provider.plan = [dict.fromkeys(range(1, 11), "rejected")]
    world.send()
    sends, row = world.store.ledger.sends, world.store.editions.get(world.edition.id).row
    with before_transaction(3, sends, dies):
        assert not lives(lambda: sends.plan_missed(row, provider="fake", size=10, now=world.clock.now))
    assert sending.report(world.store, world.edition.id).planned == 1000
    report = world.resume()
    assert (report.planned, report.sent) == (1000, 1000)
    assert set(world.provider.got.values()) == {1}


def test_two_who_resend_at_once_make_one_plan(world):
    world.provider.plan = [dict.fromkeys(range(1, 11), "rejected") for _ in range(100)]
    world.send()
    sends, row = world.store.ledger.sends, world.store.editions.get(world.edition.id).row

    def quicker() -> None:
        """Plan the same, and be through with it."""
        sends.plan_missed(row, provider="fake", size=10, now=world.clock.now)
        world.resume()

    with before_transaction(3, sends, quicker):
        sends.plan_missed(row, provider="fake", size=10, now=world.clock.now)
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
