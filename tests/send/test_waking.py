"""The queue of PostgreSQL: it wakes workers, and it may fail, repeat itself and lose things as it likes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import text

from digest.model import EditionState
from digest.pipeline import send as sending
from digest.pipeline.delivering import work
from digest.pipeline.waking import IDLE, SWEEP, bell_of, wait_for_work
from digest.store import Store
from digest.store.queue import HELPERS, SILENCE, Bell, hush, ring
from digest.store.senders import LEASE
from tests.send.worlds import World
from tests.store.samples import ENVELOPE, NOW, edition

#: Longer than any look takes, in seconds: only what never rings lasts as long.
LONG = 100.0


@pytest.fixture
def address(postgres) -> Iterator[str]:
    with postgres.database() as made:
        yield made


@pytest.fixture
def world(address) -> Iterator[World]:
    world = World(None, url=address)
    yield world
    world.store.close()


def plan(world: World) -> None:
    world.stopped = True
    world.send()
    world.stopped = False


def jobs(store: Store) -> list[str]:
    with store.read() as connection:
        return list(connection.scalars(text("SELECT status::text FROM procrastinate_jobs ORDER BY id")))


def help_out(world: World, bell=None) -> int:
    prepare = lambda _stored: (ENVELOPE, world.people)  # noqa: E731
    return work(world.store, world.provider, prepare, world.ways, until_idle=True, bell=bell)


def test_a_plan_wakes_a_worker_that_waits(world):
    with closing(Bell(world.store.engine)) as bell:
        plan(world)
        assert bell.wait(LONG)
        assert help_out(world, bell) == 1
    assert sending.report(world.store, world.edition.id).sent == 25


def test_a_plan_that_is_undone_wakes_nobody(world):
    def undone() -> None:
        with world.store.begin() as connection:
            ring(connection, 1, 3)
            raise KeyError("undone")

    with pytest.raises(KeyError):
        undone()
    assert jobs(world.store) == []


def test_a_send_wakes_no_more_workers_than_it_has_batches(world):
    plan(world)
    assert jobs(world.store) == ["todo"] * 3
    world.people.count = 1000
    plan(world)
    assert len(jobs(world.store)) == 3 + HELPERS


def test_a_send_that_is_over_leaves_no_job_behind(world):
    plan(world)
    help_out(world)
    assert jobs(world.store) == []


def test_a_job_that_comes_twice_sends_nothing_twice(world):
    plan(world)
    with closing(Bell(world.store.engine)) as bell:
        for _ in range(2):
            assert bell.wait(LONG)
            help_out(world, bell)
            with world.store.begin() as connection:
                ring(connection, 1, 2)
    assert set(world.provider.got.values()) == {1}


def test_a_job_that_is_lost_costs_no_more_than_the_next_look(world):
    class Silent:
        waits = 0

        def wait(self, seconds: float) -> bool:
            self.waits += 1
            return False

    plan(world)
    with world.store.begin() as connection:
        hush(connection, 1)
    bell = Silent()
    wait_for_work(bell, lambda: False)
    assert bell.waits * IDLE == SWEEP * IDLE <= 20
    assert help_out(world) == 1


def test_the_job_of_a_worker_that_died_goes_to_another(world):
    plan(world)
    with world.store.begin() as connection:
        connection.execute(text("DELETE FROM procrastinate_jobs WHERE id > 1"))
        connection.execute(text("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '16 s')"))
        dead = "UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT max(id) FROM procrastinate_workers)"
        connection.execute(text(dead))
    with closing(Bell(world.store.engine)) as bell:
        assert bell.wait(LONG)
    assert LEASE.total_seconds() <= 20
    assert SILENCE <= 20


def test_a_queue_that_fails_is_opened_again(world, address):
    with closing(Bell(world.store.engine)) as bell:
        plan(world)
        assert bell.wait(LONG)
        with closing(Store.open(address)) as other, other.begin() as connection:
            others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
            connection.execute(text(others + "AND datname = current_database()"))
        help_out(world, bell)
        world.people.count = 60
        plan(world)
        assert bell.wait(LONG)


def test_a_worker_waits_for_a_database_that_is_away(world):
    plan(world)
    looks, store = iter([True, True, False]), world.store

    class Away:
        """A store that hangs up twice."""

        def __getattr__(self, name: str) -> object:
            if name == "editions" and next(looks, False):
                with store.begin() as connection:
                    connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
            return getattr(store, name)

    work(Away(), world.provider, lambda _stored: (ENVELOPE, world.people), world.ways, until_idle=True)
    assert sending.report(store, world.edition.id).sent == 25


def test_where_there_is_no_queue_a_worker_looks_every_second(tmp_path):
    store, waited = Store.open(f"sqlite:///{tmp_path}/store.db"), []
    store.editions.save(edition(), EditionState.APPROVED, NOW)
    with bell_of(store, waited.append) as bell:
        wait_for_work(bell, lambda: False)
    assert waited == [IDLE]
    store.close()
