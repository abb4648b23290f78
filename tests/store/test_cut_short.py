"""A process that dies while it makes, upgrades or moves a store leaves it as it was; the next one ends it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from digest.model import EditionState
from digest.pipeline import send as sending
from digest.store import Store
from digest.store.engine import connect
from digest.store.migrations import HEAD
from digest.store.moving import move
from digest.store.upgrade import current, upgrade
from tests.dying import Dead, lives
from tests.send.worlds import World, folder_in_memory
from tests.store.samples import NOW, edition
from tests.store.test_history import shape
from tests.store.test_upgrade import fill

NAME = "morning/2026-03-04"

#: Dying at every statement would take long; these are as many apart, on each kind of database.
APART = {"sqlite": 9, "postgresql": 25}


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request) -> Iterator[str]:
    if request.param == "sqlite":
        with folder_in_memory() as memory:
            yield f"sqlite:///{memory}/store.db"
        return
    with request.getfixturevalue("postgres").empty_database() as made:
        yield made


@contextmanager
def opened(address: str) -> Iterator[Engine]:
    engine = connect(address)
    try:
        yield engine
    finally:
        engine.dispose()


def dies_at(engine: Engine, statement: int) -> None:
    """End the process when it has sent so many statements to the database."""
    left = statement

    @event.listens_for(engine, "after_cursor_execute")
    def count(_connection: object, _cursor: object, words: str, *_: object) -> None:
        nonlocal left
        left -= not words.startswith("BEGIN")
        if left <= 0:
            raise Dead


def upgraded_at_last(address: str) -> int:
    """Let process after process die over an upgrade, each a little later; return how many did."""
    with opened(address) as engine, engine.connect() as connection:
        before = current(connection), shape(connection)
    deaths = 0
    while True:
        with opened(address) as engine:
            dies_at(engine, 1 + deaths * APART[engine.dialect.name])
            if lives(partial(upgrade, engine)):
                return deaths
        deaths += 1
        with opened(address) as engine, engine.connect() as connection:
            assert (current(connection), shape(connection)) == before


def test_an_upgrade_that_dies_changes_nothing_and_the_next_start_ends_it(address):
    fill(address)
    assert upgraded_at_last(address) > 2
    world = World.on(Path(), people=8, url=address)
    with world.store.read() as connection:
        assert current(connection) == HEAD
    report = sending.report(world.store, NAME)
    assert (report.planned, report.sent, report.rejected, report.uncertain, report.unsent) == (32, 7, 1, 8, 16)
    assert world.resume().state is EditionState.SENT
    world.store.close()


def test_a_first_start_that_dies_leaves_an_empty_database_which_the_next_one_fills(address):
    assert upgraded_at_last(address) > 2
    with closing(Store.open(address)) as store:
        store.editions.save(edition(), EditionState.APPROVED, NOW)
        assert store.editions.get(NAME).state is EditionState.APPROVED


def test_a_move_that_dies_leaves_the_new_store_empty_and_the_old_one_as_it_was(address):
    with folder_in_memory() as memory, closing(Store.open(f"sqlite:///{memory}/old.db")) as old:
        old.editions.save(edition(), EditionState.APPROVED, NOW)
        with closing(Store.open(address)) as new:
            tables = 1
            while not lives(partial(move, old, new, dead_after(tables))):
                assert new.editions.list() == ()
                assert old.editions.get(NAME).state is EditionState.APPROVED
                tables += 9
            assert tables > 9
            assert new.editions.get(NAME).edition == edition()


def dead_after(tables: int) -> Callable[[str, int], None]:
    """Return what ends the process when so many tables are copied."""
    left = tables

    def count(_table: str, _rows: int) -> None:
        nonlocal left
        left -= 1
        if not left:
            raise Dead

    return count
