"""A backup or a restore that is killed leaves the old store or the new one, and the same command again ends it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from digest.bootstrap import build
from digest.cli.keeping import places
from digest.config import read_config
from digest.errors import UsageError
from digest.pipeline.archiving import Places, back_up, restore
from digest.store import Store
from digest.store.backup import check
from subscribers import roster
from tests.dying import dies_before_step, lives
from tests.newsroom import NOW, Newsroom
from tests.send.worlds import folder_in_memory

#: More steps with files than anything here takes.
MOST = 200

ANN, BO = "ann@example.org", "bo@example.org"


@dataclass
class Machine:
    """An installation in a folder, and a backup beside it."""

    folder: Path

    @property
    def archive(self) -> Path:
        return self.folder / "safe" / "news.zip"

    @property
    def database(self) -> Path:
        return self.folder / "news" / "var" / "digest.db"

    @property
    def keys(self) -> Path:
        return self.folder / "news" / "var" / "link-keys"

    def restore(self, now: datetime, store: str = "") -> None:
        news = self.folder / "news"
        here = Places(
            store or f"sqlite:///{self.database}",
            self.keys,
            news / "config.toml",
            news / "templates",
            news / "pictures",
        )
        restore(self.archive, here, now)

    @property
    def old_keys(self) -> bytes:
        """The keys in the backup."""
        with zipfile.ZipFile(self.archive) as packed:
            return packed.read("link-keys")

    def back_up(self) -> None:
        config = read_config(self.folder / "news" / "config.toml")
        with closing(Store.open(f"sqlite:///{self.database}")) as store:
            back_up(store, places(config), self.archive)

    @property
    def people(self) -> list[str]:
        """Who is in the store, which has to be whole."""
        check(self.database, self.database)
        return people(self.database)

    def copy(self, name: str) -> Machine:
        place = self.folder.with_name(name)
        shutil.copytree(self.folder, place)
        return Machine(place)


def people(database: Path) -> list[str]:
    with closing(sqlite3.connect(database)) as connection:
        return [address for (address,) in connection.execute("SELECT address FROM subscribers ORDER BY id")]


@pytest.fixture
def machine(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    """Return an installation to which somebody was added, and whose keys were rotated, since its backup."""
    with folder_in_memory() as memory:
        monkeypatch.setattr(tempfile, "tempdir", str(memory))
        here = Machine(memory / "machine")
        (here.folder / "news" / "templates").mkdir(parents=True)
        room = Newsroom(here.folder / "news", capsys)
        room.report("tide", "Ferry runs aground")
        room.add(ANN)
        (room.folder / "templates" / "mine.txt").write_text("mine")
        here.back_up()
        room.add(BO)
        assert room.digest("keys", "rotate", now=None).code == 0
        (room.folder / "templates" / "mine.txt").write_text("mine, changed")
        yield here


def each_death(machine: Machine, act: Callable[[Machine], object]) -> Iterator[Machine]:
    """Let a process die before its first, second … step with a file; yield what it left."""
    for step in range(1, MOST):
        left = machine.copy(f"dead-{step}")
        with dies_before_step(step):
            is_over = lives(partial(act, left))
        yield left
        shutil.rmtree(left.folder)
        if is_over:
            return
    raise AssertionError(f"more than {MOST} steps")


def kept_of(file: Path) -> list[Path]:
    return sorted(file.parent.glob(f"{file.name}.before-*"))


def test_a_restore_that_was_killed_leaves_the_old_store_or_the_new_one(machine):
    whole = machine.copy("whole")
    whole.restore(NOW)
    assert whole.people == [ANN]
    keys = {machine.keys.read_bytes(), whole.keys.read_bytes()}
    for left in each_death(machine, lambda dead: dead.restore(NOW)):
        assert left.people in ([ANN, BO], [ANN])
        assert left.keys.read_bytes() in keys
        left.restore(NOW + timedelta(minutes=1))
        assert left.people == [ANN]
        assert left.keys.read_bytes() == whole.keys.read_bytes()
        assert (left.folder / "news" / "templates" / "mine.txt").read_text() == "mine"
        assert [ANN, BO] in map(people, kept_of(left.database))
        assert len(kept_of(left.database)) == 1
        assert machine.keys.read_bytes() in [file.read_bytes() for file in kept_of(left.keys)]


def test_on_a_new_machine_the_keys_are_there_before_the_store(machine):
    shutil.rmtree(machine.folder / "news")
    for left in each_death(machine, lambda dead: dead.restore(NOW)):
        assert left.keys.exists() or not left.database.exists()
        left.restore(NOW + timedelta(minutes=1))
        assert left.people == [ANN]
        assert kept_of(left.keys) == kept_of(left.database) == []


def test_a_store_on_a_server_is_filled_last_so_that_a_restore_can_be_ended(machine, postgres):
    """Once it is full, no restore is let into it: keys that were still missing would never come."""
    new = machine.copy("new")
    shutil.rmtree(new.folder / "news")
    with postgres.empty_database() as address:
        Store.open(address).close()  # the driver looks at the machine's own files when it is first used
        for step in range(1, MOST, 4):
            with dies_before_step(step):
                lives(partial(new.restore, NOW, address))
            with closing(Store.open(address)) as store, store.read() as connection:
                found = roster.search(connection, "@")
            if found:
                break
        assert step > 4
        assert [each.address for each in found] == [ANN]
    assert new.keys.read_bytes() == machine.old_keys
    assert (new.folder / "news" / "templates" / "mine.txt").read_text() == "mine"


def test_a_damaged_store_and_its_journal_are_kept_as_they_are(machine):
    journal = machine.database.with_name("digest.db-wal")
    machine.database.write_bytes(b"damaged")
    journal.write_bytes(b"and its journal")
    machine.restore(NOW)
    assert machine.people == [ANN]
    assert [file.read_bytes() for file in kept_of(machine.database)] == [b"damaged"]
    assert [file.read_bytes() for file in kept_of(journal)] == [b"and its journal"]
    assert not journal.exists()


def test_a_store_that_another_process_uses_is_not_pulled_away_under_it(machine):
    app = build(read_config(machine.folder / "news" / "config.toml"), now=NOW)
    app.store.meta.set("somebody", "is here")
    with pytest.raises(UsageError, match="in use by another process"):
        machine.restore(NOW)
    app.store.close()
    assert machine.people == [ANN, BO]
    machine.restore(NOW)
    assert machine.people == [ANN]


def test_a_backup_that_was_killed_is_not_there_and_leaves_no_people_behind(machine):
    machine.archive.unlink()
    for left in each_death(machine, lambda dead: dead.back_up()):
        for draft in left.archive.parent.glob(".backup-*"):
            os.utime(draft, (0, 0))
        if left.archive.exists():
            left.archive.rename(left.archive.with_name("first.zip"))
        left.back_up()
        assert not list(left.archive.parent.glob(".*"))
        fresh = left.copy(f"{left.folder.name}-fresh")
        shutil.rmtree(fresh.folder / "news" / "var")
        fresh.restore(NOW)
        assert fresh.people == [ANN, BO]
        shutil.rmtree(fresh.folder)
