"""The ground gives way in mid-send: the power, the disk, the database. Nobody twice, nobody lost, and it goes on."""

from __future__ import annotations

import resource
import shutil
import signal
from collections import Counter
from contextlib import closing
from multiprocessing.connection import Connection
from pathlib import Path

import pytest
from sqlalchemy import event

from digest.errors import StoreError
from digest.pipeline import send as sending
from digest.pipeline.delivering import work as help_out
from digest.send.provider import Traits
from tests.send.fake_sendgrid import FakeSendgrid
from tests.send.hands import PROCESSES, all_over, hands
from tests.send.pairs import two_at_work, what_became
from tests.send.sender_process import Task, file_of, provider_of, ways_of, work
from tests.send.test_kills import begin
from tests.send.worlds import People, World
from tests.store.samples import ENVELOPE, MESSAGE, edition

#: Bytes that the full disk still takes: the first rounds of a send, not the last.
ROOM = 100_000


def work_on_a_full_disk(given: tuple[Task, int, Connection]) -> None:
    """Send where no file can grow beyond some bytes, and pass on what a person would be told."""
    task, most, said = given
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    try:
        work(task)
    except StoreError as fault:
        said.send(str(fault))
    said.close()


def test_a_disk_that_is_full_in_mid_send_is_told_and_nobody_is_lost(tmp_path):
    store, api = begin(file_of(tmp_path)), FakeSendgrid()
    task = Task(file_of(tmp_path), edition().id, 3000, "sendgrid", api.address, 0, batch=50)
    provider = provider_of(task)
    sending.plan_edition(store, provider, edition().id, MESSAGE, People(3000), ways_of(task))
    provider.close()
    most = (tmp_path / "store.db-wal").stat().st_size + ROOM
    ours, theirs = PROCESSES.Pipe()
    with closing(store), closing(api), closing(ours):
        with hands(work_on_a_full_disk, (task, most, theirs)) as processes:
            theirs.close()
            all_over(processes)
        assert "free some space; what was written before is safe" in ours.recv()
        api.settle()
        assert 0 < len(api.mails) < 3000
        work(task)
        report = sending.report(store, edition().id)
    assert set(api.mails.values()) == {1}
    assert report.planned == 3000 == report.sent + report.uncertain
    assert report.sent <= len(api.mails) <= 3000
    assert report.uncertain <= 4 * 50  # what was under way when nothing could be written down any more


def test_a_power_cut_at_any_moment_sends_nothing_twice(tmp_path):
    world = World(tmp_path, people=30)
    world.provider.traits = Traits(batch_size=10, window=4)
    moments: list[tuple[Path, Counter[int]]] = []

    def cut() -> None:
        """Keep what is on the disk by now, and who may have it: those handed over, and those being handed over."""
        kept = tmp_path / str(len(moments))
        kept.mkdir()
        for part in ("store.db", "store.db-wal"):
            shutil.copy(tmp_path / part, kept / part)
        moments.append((kept, Counter(world.provider.got)))

    world.provider.when_called = cut
    world.send()
    world.store.close()
    assert len(moments) == 9
    for kept, got_before in moments:
        after = World.on(kept, people=30, now=world.clock.now)
        after.store.ledger.is_running = lambda _name: False  # nothing runs after a power cut
        report = after.send()
        assert not set(got_before) & set(after.provider.got)
        assert report.planned == 30 == report.sent + report.uncertain
        assert len(got_before) + report.uncertain + len(after.provider.got) == 30
        after.store.close()


def test_every_step_of_a_send_waits_for_the_disk(tmp_path):
    world = World(tmp_path)
    said: list[str] = []
    event.listen(world.store.engine, "before_cursor_execute", lambda *args: said.append(args[2]))
    world.send()
    with world.store.begin() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
    world.store.close()
    assert not [each for each in said if "NORMAL" in each]


def restarted_in_mid_send(postgres, address: str, people: int, batch: int) -> None:
    """Let two workers at a send, crash the database under them, and see what became of everyone."""
    with two_at_work(address, people, batch, patience=1.0) as (world, apis, webhook, processes):
        postgres.restart()
        all_over(processes)
        report, accepted = what_became(world, apis, webhook)
        assert [process.exitcode for process in processes] == [0, 0]
    assert set(accepted.values()) == {1}
    assert report.planned == people == report.sent
    assert len(accepted) == people


def test_a_database_that_crashes_under_two_workers_loses_nobody(postgres):
    with postgres.database() as address:
        restarted_in_mid_send(postgres, address, 10_000, 100)


@pytest.mark.parametrize("silent_for", [0.0, 30.0])
def test_an_owner_that_outlives_its_lease_starts_nothing_more(tmp_path, silent_for):
    """A machine that slept wakes up in the middle of a batch that another one has by now."""
    world = World(tmp_path, people=10)
    world.provider.traits = Traits(batch_size=10, window=2)
    other = World.on(tmp_path, people=10, now=world.clock.now)
    other.provider.traits = world.provider.traits

    def sleep() -> None:
        world.provider.when_called = lambda: None
        world.clock.wait(silent_for)
        other.clock.now = world.clock.now
        if silent_for:
            prepare = lambda _stored: (ENVELOPE, other.people)  # noqa: E731
            help_out(other.store, other.provider, prepare, other.ways, until_idle=True)

    world.provider.when_called = sleep
    world.send()
    report = sending.report(world.store, world.edition.id)
    got = world.provider.got + other.provider.got
    for each in (world, other):
        each.store.close()
    assert set(got.values()) == {1}
    assert len(got) == report.sent == 10
    assert bool(other.provider.got) == bool(silent_for)
