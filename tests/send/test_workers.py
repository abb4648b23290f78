"""Several workers on one PostgreSQL: one dies, the database hangs up, and still everyone gets it once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from random import Random

import pytest
from sqlalchemy import text

from digest.model import EditionState
from digest.pipeline import send as sending
from digest.pipeline.delivering import work
from digest.store import Store
from tests.send.hands import PATIENCE, all_over, hands
from tests.send.pairs import two_at_work, what_became
from tests.send.sender_process import Task, file_of, go_on, provider_of, ways_of
from tests.send.test_kills import KINDS, MORE_TRIES, Line, over, show
from tests.send.worlds import People, World, folder_in_memory
from tests.store.samples import ENVELOPE, MESSAGE


def two_workers(address: str, people: int, batch: int) -> None:
    """Wake two workers by planning a send, kill one with -9 in mid-send, and see what became of everyone."""
    with two_at_work(address, people, batch) as (world, apis, webhook, processes):
        processes[0].kill()
        all_over(processes)
        report, accepted = what_became(world, apis, webhook)
        assert processes[1].exitcode == 0
    assert report.state is EditionState.SENT  # without an operator
    assert set(accepted.values()) == {1}
    assert report.sent == len(accepted)
    assert report.planned == people == report.sent + report.uncertain
    assert report.uncertain <= 2 * batch  # marked by the one that died, and never taken by the provider


def test_a_worker_that_dies_is_replaced_by_the_other(postgres):
    with postgres.database() as address:
        two_workers(address, 20_000, 500)


@pytest.mark.torture
def test_a_worker_that_dies_is_replaced_by_the_other_on_a_hundred_thousand(postgres):
    with postgres.database() as address:
        two_workers(address, 100_000, 1000)


def plan(task: Task) -> None:
    """Plan for everybody and hand nothing over: that is for the workers."""
    with closing(Store.open(task.store)) as store, closing(provider_of(task)) as provider:
        ways = replace(ways_of(task), stop=lambda: True)
        report = sending.send_edition(store, provider, task.edition, MESSAGE, ENVELOPE, People(task.people), ways)
        assert report.planned == report.unsent == task.people


def killed_by_turns(task: Task, random: Random, kills: int) -> int:
    """Have two at work, kill one at a random moment and the other some time later, until all is done."""
    plan(task)
    done = 0
    for _ in range(kills + MORE_TRIES):
        tasks = [replace(task, seed=random.getrandbits(32)) for _ in range(2)]
        with hands(go_on, *tasks) as two:
            for process in two:
                process.join(random.uniform(0.1, 0.7) if done < kills else PATIENCE)
                if process.exitcode is None:
                    process.kill()
                    process.join()
                    done += 1
            if [process.exitcode for process in two] == [0, 0]:
                return done
    raise AssertionError("the last two did not finish")


@contextmanager
def sqlite() -> Iterator[str]:
    with folder_in_memory() as folder:
        yield file_of(folder)


@pytest.mark.torture
def test_two_workers_killed_by_turns_leave_nobody_out_and_give_nobody_two(postgres, capsys):
    """``over`` has checked each round: nobody unaccounted for, sums that balance."""
    lines = {}
    for store, new in {"SQLite": sqlite, "PostgreSQL": postgres.database}.items():
        for number, kind in enumerate(KINDS):
            with new() as address:
                outcome = over(kind, address, 100_000, Random(number), kills=16, killing=killed_by_turns)
            lines[f"{store}, {kind}"] = line = Line()
            line.add(outcome)
    with capsys.disabled():
        show("two workers killed with -9 by turns", lines)
    assert all(line.kills for line in lines.values())


def test_a_database_that_hangs_up_in_mid_send_loses_nothing(postgres):
    with postgres.database() as address:
        world = World(None, 60, url=address)
        other = Store.open(address)

        def hang_up() -> None:
            if world.provider.deliveries % 2:
                with other.begin() as connection:
                    ours = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
                    connection.execute(text(ours + "AND datname = current_database()"))

        world.provider.when_called = hang_up
        report = world.send()
        world.store.close()
        other.close()
    assert (report.planned, report.sent) == (60, 60)
    assert set(world.provider.got.values()) == {1}


def test_a_worker_finds_work_and_goes_home_when_there_is_none(tmp_path):
    world = World(tmp_path)
    world.stopped = True
    world.send()
    world.stopped = False
    arguments = (world.store, world.provider, lambda _stored: (ENVELOPE, world.people), world.ways)
    assert work(*arguments, until_idle=True) == 1
    assert work(*arguments, until_idle=True) == 0
    assert sending.report(world.store, world.edition.id).sent == 25
    world.store.close()


def test_a_locked_database_is_waited_for(tmp_path):
    world = World(tmp_path)
    blocking = Store.open(f"sqlite:///{tmp_path}/store.db")
    held = []

    def lock() -> None:
        if not held:
            connection = blocking.engine.connect()
            connection.begin()
            held.append(connection)
            with world.store.engine.connect() as mine:  # wait a moment only, in this test
                mine.execution_options(reads=True).exec_driver_sql("PRAGMA busy_timeout=10")

    def unlock(seconds: float) -> None:
        world.clock.wait(seconds)
        if held:
            held[0].close()

    world.provider.when_called = lock
    report = sending.send_edition(
        world.store,
        world.provider,
        world.edition.id,
        MESSAGE,
        ENVELOPE,
        world.people,
        replace(world.ways, pause=unlock),
    )
    world.store.close()
    blocking.close()
    assert report.sent == 25
    assert set(world.provider.got.values()) == {1}
