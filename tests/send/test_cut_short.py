"""A process that dies between two transactions, whichever they are, leaves nothing that is not put right."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection

from digest.model import EditionState
from digest.pipeline import send as sending
from digest.pipeline.delivering import Ways, work
from digest.pipeline.events import take_events
from digest.send.events import Event
from digest.store import tables
from digest.store.senders import LEASE
from digest.store.upsert import upsert
from tests.dying import MOST, dies_after, lives
from tests.send.roster import NumberedRoster
from tests.send.worlds import Clock, World, folder_in_memory
from tests.store.samples import ENVELOPE, MESSAGE, NOW

PEOPLE = 25


@pytest.fixture
def memory() -> Iterator[Path]:
    with folder_in_memory() as folder:
        yield folder


Act = Callable[[World], object]


def everything(world: World) -> tuple:
    return world.store, world.provider, world.edition.id, ENVELOPE, world.people, world.ways


def send(world: World) -> None:
    world.send()


def pause(world: World) -> None:
    sending.pause(world.store, world.edition.id, world.clock())


def resume(world: World) -> None:
    world.resume()


def cancel(world: World) -> None:
    sending.cancel(world.store, world.edition.id, world.clock(), "no longer true")


def resend(world: World) -> None:
    sending.resend(*everything(world), accept_duplicates=False)


def correct(world: World) -> None:
    store, provider, edition, envelope, people, ways = everything(world)
    sending.correct(store, provider, edition, MESSAGE, envelope, people, ways)


def nothing(world: World) -> None:
    """A new edition."""


def half_sent(world: World) -> None:
    """An edition of which a first batch has left."""
    world.provider.when_called = lambda: setattr(world, "stopped", True)
    send(world)
    world.stopped = False
    world.provider.when_called = lambda: None


def half_sent_and_paused(world: World) -> None:
    half_sent(world)
    pause(world)


def some_refused(world: World) -> None:
    world.provider.plan = [{1: "rejected", 2: "rejected"}]
    send(world)


def wake(folder: Path, before: World) -> World:
    """Return the world as the next process finds it, when whoever was there before counts as dead."""
    after = World.on(folder, PEOPLE, now=before.clock.now + 2 * LEASE)
    after.provider.got, after.provider.plan = before.provider.got.copy(), before.provider.plan.copy()
    return after


def help_out(world: World) -> None:
    """Be a worker that finds what there is to do, and nobody to tell it anything."""
    clock: Clock = world.clock
    ways = Ways(clock=clock, pause=clock.wait)
    work(world.store, world.provider, lambda _stored: (ENVELOPE, world.people), ways, until_idle=True)


def cut_everywhere(folder: Path, prepare: Act, act: Act) -> Iterator[World]:
    """Die after the first, second … transaction of an act; yield the world a worker then found and went on with."""
    begun = World(folder, PEOPLE)
    prepare(begun)
    begun.store.close()
    for commits in range(1, MOST):
        place = folder / str(commits)
        place.mkdir()
        shutil.copy(folder / "store.db", place)
        world = wake(place, begun)
        dies_after(world.store, commits)
        is_over = lives(partial(act, world))
        world.store.close()
        after = wake(place, world)
        help_out(after)
        yield after
        after.store.close()
        if is_over:
            return
    raise AssertionError(f"more than {MOST} transactions")


def told(world: World) -> sending.SendReport:
    report = sending.report(world.store, world.edition.id)
    rest = report.suppressed + report.uncertain + report.cancelled + report.unsent
    assert report.planned == report.sent + report.rejected + rest
    return report


def planning(world: World) -> bool:
    row = world.store.editions.get(world.edition.id).row
    return any(send.state == "planning" for send in world.store.ledger.sends.of(row))


def agrees(world: World) -> None:
    """What the edition says of itself is what its sends say."""
    stored = world.store.editions.get(world.edition.id)
    sends = {send.state for send in world.store.ledger.sends.of(stored.row, "")}
    assert sends
    wanted = (
        EditionState.CANCELLED
        if "cancelled" in sends
        else EditionState.PAUSED
        if "paused" in sends
        else EditionState.SENT
    )
    assert (stored.state, sends & {"planning", "sending"}) == (wanted, set())


@pytest.mark.parametrize("prepare", [nothing, half_sent, some_refused])
def test_a_send_is_finished_by_whoever_comes_next(memory, prepare):
    for world in cut_everywhere(memory, prepare, send):
        if told(world).unsent or not told(world).planned or planning(world):
            world.send()  # a plan is finished by whoever made it: the same command again, or the scheduler's next look
        agrees(world)
        report = told(world)
        assert (report.planned, report.unsent) == (PEOPLE, 0)
        assert report.sent + report.rejected + report.uncertain == PEOPLE
        assert not [who for who, times in world.provider.got.items() if times > 1]


@pytest.mark.parametrize("prepare", [half_sent_and_paused, half_sent])
def test_what_was_resumed_goes_on(memory, prepare):
    for world in cut_everywhere(memory, prepare, resume):
        agrees(world)
        assert told(world).state is EditionState.SENT
        assert told(world).unsent == 0
        assert not [who for who, times in world.provider.got.items() if times > 1]


def test_what_was_paused_rests_or_goes_on_but_says_which(memory):
    for world in cut_everywhere(memory, half_sent, pause):
        agrees(world)
        assert told(world).state is EditionState.PAUSED
        assert told(world).unsent == 15


@pytest.mark.parametrize("prepare", [half_sent, half_sent_and_paused])
def test_what_was_cancelled_stays_so(memory, prepare):
    for world in cut_everywhere(memory, prepare, cancel):
        agrees(world)
        report = told(world)
        assert report.state is EditionState.CANCELLED
        assert (report.sent, report.cancelled, report.unsent) == (10, 15, 0)
        assert world.provider.got.total() == 10


def test_a_resend_reaches_who_missed_it_once(memory):
    for world in cut_everywhere(memory, some_refused, resend):
        world.resume()  # finishes a plan that was cut short
        agrees(world)
        report = told(world)
        assert (report.planned, report.unsent) == (PEOPLE, 0)
        assert report.sent + report.rejected + report.uncertain == PEOPLE
        assert not [who for who, times in world.provider.got.items() if times > 1]


class KeptRoster(NumberedRoster):
    """Notes whom it suppressed in the store, in the transaction it is handed."""

    def suppress(self, connection: Connection, subscriber: int, why: str, edition: str, at: object) -> bool:
        upsert(connection, tables.meta, [{"name": f"suppressed {subscriber}", "value": why}], keys=("name",))
        return True


def hear(world: World) -> None:
    """Take in what the provider tells of three batches: everybody bounced."""
    events = [
        Event("bounced", NOW, recipient=f"p{n}", batch=(n - 1) // 10 + 1, attempt=1, suppresses="bounce")
        for n in range(1, PEOPLE + 1)
    ]
    take_events(world.store, events, KeptRoster(), world.clock())


def test_whoever_bounced_is_suppressed_though_the_first_who_heard_of_it_died(memory):
    for world in cut_everywhere(memory, send, hear):
        hear(world)  # a provider that got no answer tells it again
        assert dict(told(world).events) == {"bounced": PEOPLE}
        assert all(world.store.meta.get(f"suppressed {number}") == "bounce" for number in range(1, PEOPLE + 1))


@pytest.mark.parametrize("go_on", [World.resume, correct])
def test_a_correction_reaches_who_got_the_edition_once(memory, go_on):
    for world in cut_everywhere(memory, some_refused, correct):
        go_on(world)
        if go_on is correct:
            (told_of,) = sending.corrections(world.store, world.edition.id)
            assert (told_of.planned, told_of.unsent) == (PEOPLE - 2, 0)
        agrees(world)
        assert told(world).state is EditionState.SENT
        assert not [who for who, times in world.provider.got.items() if times > 2]
