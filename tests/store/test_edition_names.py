"""Two processes that make one edition at the same moment, and names that are spelled in other ways."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from digest.errors import EditionConflict, NoSuchEdition, StoreError
from digest.model import EditionState
from digest.store import Store
from digest.store.editions import Editions, split_id
from digest.store.transactions import Joined
from tests.background import PATIENCE
from tests.postgres import Postgres
from tests.store.samples import NOW, edition


@pytest.fixture
def postgresql(postgres: Postgres) -> Iterator[Store]:
    with postgres.database() as address:
        store = Store.open(address)
        yield store
        store.close()


def wait_for_a_lock(store: Store) -> None:
    """Wait until another transaction waits for one that is under way."""
    end = time.monotonic() + PATIENCE
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    while True:
        with store.read() as connection:
            if connection.scalar(waiting):
                return
        assert time.monotonic() < end


def test_of_two_that_make_one_edition_at_the_same_moment_the_second_is_told(postgresql: Store) -> None:
    came: list[StoreError] = []

    def second() -> None:
        try:
            postgresql.editions.save(edition(), EditionState.COMPOSED, NOW, version=0)
        except StoreError as fault:
            came.append(fault)

    other = threading.Thread(target=second)
    with postgresql.begin() as connection:
        Editions(Joined(connection)).save(edition(), EditionState.COMPOSED, NOW, version=0)
        other.start()
        wait_for_a_lock(postgresql)
    other.join(PATIENCE)
    assert [type(fault) for fault in came] == [EditionConflict]
    assert "made by another process" in str(came[0])


@pytest.mark.parametrize("day", ["20260304", "2026-W10-3", "2026W103", "2026-3-4", "2026-02-30", "", "٢٠٢٦-٠٣-٠٤"])
def test_an_edition_has_one_name_under_which_its_corrections_are_kept(day: str) -> None:
    with pytest.raises(NoSuchEdition, match="YYYY-MM-DD"):
        split_id(f"daily/{day}")
