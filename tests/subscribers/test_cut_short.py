"""Whoever dies while they change lists leaves nothing that doing it again does not bring to the same end."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from digest.store import Store
from subscribers import Reason, State, clear_workplaces, roster
from subscribers.importing.run import ROWS_A_TRANSACTION, Options, run
from subscribers.importing.staging import Staged, stage
from subscribers.importing.workplace import workplace
from subscribers.tables import audit as log
from subscribers.tables import imports, notices, subscribers, subscriptions, suppressions, tagged
from subscribers.web.admin.bulk import AT_ONCE, Order, carry_out
from subscribers.web.admin.finding import Wanted
from tests.dying import MOST, dies_after, dies_before_step, lives
from tests.send.worlds import folder_in_memory
from tests.subscribers.desks import MORNING

BY = {"at": MORNING, "how": "command", "who": "kim"}


@dataclass
class Keeper:
    """One who keeps lists, in a store of a folder."""

    folder: Path

    def open(self) -> Store:
        return Store.open(f"sqlite:///{self.folder}/store.db")

    def do(self, act: Callable[[Store], object], dies_with: int = MOST) -> bool:
        """Be a process that does something, and may die with one of its transactions; tell whether it lived."""
        store = self.open()
        dies_after(store, dies_with)
        try:
            return lives(partial(act, store))
        finally:
            store.close()

    def each_death(self, act: Callable[[Store], object]) -> Iterator[Keeper]:
        """Let a process die with its first, second … transaction; yield what each left."""
        for commits in range(1, MOST):
            place = self.folder.with_name(f"{self.folder.name}-{commits}")
            shutil.copytree(self.folder, place)
            left = Keeper(place)
            is_over = left.do(act, commits)
            yield left
            shutil.rmtree(place)
            if is_over:
                return
        raise AssertionError(f"more than {MOST} transactions")

    def kept(self) -> dict[str, list[tuple[object, ...]]]:
        """Return all that is kept of people, but for ids that are made by chance."""
        people = (subscribers.c.address, subscribers.c.name, subscribers.c.fields, subscribers.c.language)
        place = (subscriptions.c.subscriber_id, subscriptions.c.list_id, subscriptions.c.state, subscriptions.c.act)
        queries = {
            "people": select(*people).order_by(subscribers.c.id),
            "subscriptions": select(*place).order_by(*place[:2]),
            "suppressions": select(suppressions.c.digest, suppressions.c.reason, suppressions.c.list_id),
            "tags": select(tagged).order_by(tagged.c.tag_id, tagged.c.subscriber_id),
            "notices": select(notices.c.kind, notices.c.subscriber_id),
            "log": select(log.c.what, log.c.detail, log.c.list_id, log.c.subscriber_id, log.c.who).order_by(log.c.id),
            "imports": select(imports.c.position, imports.c.tally, imports.c.finished_at),
        }
        store = self.open()
        with store.read() as connection:
            found = {name: [tuple(row) for row in connection.execute(query)] for name, query in queries.items()}
        store.close()
        return found


@dataclass
class Desk:
    """As much of an installation as an act on many people asks for."""

    store: Store

    def begin(self) -> AbstractContextManager[Connection]:
        return self.store.begin()

    def read(self) -> AbstractContextManager[Connection]:
        return self.store.read()


@pytest.fixture
def keeper() -> Iterator[Keeper]:
    with folder_in_memory() as memory:
        (memory / "lists").mkdir()
        made = Keeper(memory / "lists")
        made.do(lists)
        yield made


def lists(store: Store) -> None:
    with store.begin() as conn:
        roster.ensure_list(conn, "daily", opt_in="single", at=MORNING)
        roster.ensure_list(conn, "evening", opt_in="double", at=MORNING)
        roster.add(conn, "daily", "p0007@readers.example", name="Before", **BY)
        roster.add(conn, "daily", "p3000@readers.example", **BY)
        roster.remove(conn, "daily", "p3000@readers.example", **BY)
        roster.suppress(conn, "p3001@readers.example", Reason.COMPLAINT, **BY)


def some_people(folder: Path) -> Staged:
    """Return a file for three transactions, with all that a line may tell."""
    lines = ["email,name,status,tags,city"]
    lines += [f"p{n:04}@readers.example,Reader {n},,," for n in range(2 * ROWS_A_TRANSACTION)]
    lines += [f'q{n}@readers.example,,{state},"a, b",Lund' for n, state in enumerate(("unsubscribed", "active", ""))]
    (folder / "people.csv").write_text("\n".join(lines))
    return stage(folder / "people.csv", folder)


def test_an_import_that_died_goes_on_and_comes_to_the_same_end(keeper, tmp_path):
    staged = some_people(tmp_path)

    def bring_in(store: Store) -> None:
        for _ in run(store.begin, staged, "evening", Options(), now=lambda: MORNING, who="kim"):
            pass

    whole = Keeper(keeper.folder.with_name("whole"))
    shutil.copytree(keeper.folder, whole.folder)
    whole.do(bring_in)
    meant = whole.kept()
    assert len(meant["people"]) == 2 * ROWS_A_TRANSACTION + 2  # one is suppressed
    assert [what for what, *_ in meant["log"]].count("import begun") == 1
    for left in keeper.each_death(bring_in):
        if not left.kept()["imports"][0][2]:  # one that had ended is not begun again
            left.do(bring_in)
        assert left.kept() == meant


def crowd(store: Store) -> None:
    with store.begin() as conn:
        for number in range(AT_ONCE + 3):
            roster.add(conn, "daily", f"c{number:03}@readers.example", **BY)


def test_who_was_tagged_is_in_the_log_wherever_the_act_was_cut_short(keeper):
    keeper.do(crowd)
    order = Order("tag", "spring", Wanted(list_slug="daily", state="confirmed"))

    def tag(store: Store) -> None:
        list(carry_out(Desk(store), order, BY))

    for left in keeper.each_death(tag):
        kept = left.kept()
        told = [detail for what, detail, *_ in kept["log"] if what == "tag: spring"]
        assert sum(int(detail.split()[0]) for detail in told) == len(kept["tags"]) > 0
        left.do(tag)
        assert len(left.kept()["tags"]) == AT_ONCE + 4


def test_people_who_are_moved_again_stay_on_both_lists_until_they_confirm(keeper):
    order = Order("move", "evening", Wanted(list_slug="daily", state="confirmed"))

    def move(store: Store) -> None:
        list(carry_out(Desk(store), order, BY))

    for left in keeper.each_death(move):
        left.do(move)
        states = [state for _, _, state, _ in left.kept()["subscriptions"]]
        assert sorted(states) == [State.CONFIRMED, State.UNCONFIRMED, State.UNSUBSCRIBED]


def damage(folder: Path, fields: str | None) -> None:
    """Give the second person fields that nobody can read, or none."""
    with closing(sqlite3.connect(folder / "var" / "digest.db", isolation_level=None)) as connection:
        connection.execute("UPDATE subscribers SET fields = ? WHERE id = 2", (fields,))


def test_an_export_has_its_name_once_it_is_whole(newsroom):
    newsroom.add("ann@example.org")
    file = newsroom.folder / "readers.csv"
    command = partial(newsroom.digest, "subscribers", "export", "daily", "-o", str(file))
    assert command().code == 0
    file.chmod(0o600)
    before = file.read_text()
    newsroom.add("bo@example.org")
    damage(newsroom.folder, "{")
    with suppress(ValueError):
        assert command().code != 0  # in the middle of the file
    assert file.read_text() == before
    damage(newsroom.folder, None)
    for step in range(1, 20):
        with dies_before_step(step):
            is_over = lives(command)
        assert file.read_text() == before or is_over or "bo@example.org" in file.read_text()
        if is_over:
            break
    assert len(file.read_text().splitlines()) == 3
    assert file.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in newsroom.folder.iterdir() if each.suffix == ".new"] == []


def test_an_export_that_cannot_be_written_says_so_and_goes_through_a_pipe_too(newsroom):
    newsroom.add("ann@example.org")
    ran = newsroom.digest("subscribers", "export", "daily", "-o", str(newsroom.folder / "nowhere" / "readers.csv"))
    assert ran.code == 2
    assert "cannot be written" in ran.err
    assert newsroom.digest("subscribers", "export", "daily", "-o", "/dev/null").code == 0
    assert Path("/dev/null").is_char_device()


def test_nobody_is_said_to_be_added_or_removed_before_they_are(newsroom):
    newsroom.add("ann@example.org", "bo@example.org")
    with closing(sqlite3.connect(newsroom.folder / "var" / "digest.db", isolation_level=None)) as connection:
        no_room = "BEGIN SELECT RAISE(ABORT, 'no room'); END"
        connection.execute(f"CREATE TRIGGER one AFTER INSERT ON subscribers WHEN NEW.id = 4 {no_room}")
        connection.execute(f"CREATE TRIGGER two BEFORE UPDATE ON subscriptions WHEN NEW.subscriber_id = 2 {no_room}")
    for act, *addresses in (
        ("add", "cy@example.org", "di@example.org"),
        ("remove", "ann@example.org", "bo@example.org"),
    ):
        ran = newsroom.digest("subscribers", act, "daily", *addresses)
        assert (ran.code, ran.out) == (1, "")
    assert len(newsroom.digest("subscribers", "list", "daily", "--json").values) == 2


DIES = """
import os, signal
from subscribers.importing.workplace import Workplace

(Workplace().folder / "people.csv").write_text("ann@example.org")
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_files_of_people_do_not_outlive_an_import_that_was_killed(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    ran = subprocess.run([sys.executable, "-c", DIES], env={**os.environ, "TMPDIR": str(tmp_path)}, check=False)
    assert ran.returncode == -signal.SIGKILL
    (left,) = tmp_path.iterdir()
    assert clear_workplaces() == 0, "it may have been made this very moment"
    os.utime(left, (0, 0))
    with workplace() as ours:
        assert list(tmp_path.iterdir()) == [ours]
        os.utime(ours, (0, 0))
        assert clear_workplaces() == 0, "somebody is at work in it"
        assert ours.stat().st_mode & 0o777 == 0o700
    assert list(tmp_path.iterdir()) == []
