"""From SQLite to PostgreSQL and back, nothing lost."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

import subscribers
from digest.errors import StoreError
from digest.model import EditionState, Receipt
from digest.store import Store
from digest.store.ledger_tables import metadata
from digest.store.moving import move
from tests.store.samples import MESSAGE, NOW, article, edition


def filled(store: Store) -> Store:
    """Fill a store with something of every kind."""
    store.meta.set("installation", "one")
    store.articles.save([article(f"https://a.example/{n}") for n in range(50)], NOW)
    stored = store.editions.save(edition(), EditionState.APPROVED, NOW)
    store.editions.freeze(stored.id, MESSAGE, now=NOW)
    store.corrections.add(stored.id, "pin", ("a",), who="kim", now=NOW)
    with store.begin() as connection:
        subscribers.roster.ensure_list(connection, "daily", at=NOW)
        subscribers.roster.add(connection, "daily", "ann@readers.example", at=NOW, who="kim", how="import")
    send = store.ledger.sends.plan(
        stored.row,
        lambda _c, after, limit: list(range(after + 1, min(40, after + limit) + 1)),
        audience="daily",
        provider="fake",
        size=10,
        now=NOW,
    )
    batch = store.ledger.claim(send.id, store.ledger.enter(NOW), NOW).batch
    store.ledger.advance(batch, start=batch.ids, now=NOW)
    store.ledger.release(batch, [Receipt(number, "rejected", detail="550") for number in batch.ids], now=NOW)
    return store


def contents(store: Store) -> dict[str, list[tuple]]:
    tables = [table for each in (metadata, subscribers.metadata) for table in each.sorted_tables]
    with store.read() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
            for table in tables
        }


def test_everything_arrives_and_numbers_go_on(sqlite, postgres):
    filled(sqlite)
    with postgres.database() as address:
        target = Store.open(address)
        moved = move(sqlite, target)
        assert contents(target) == contents(sqlite)
        assert sum(each.rows for each in moved) == sum(map(len, contents(sqlite).values()))
        stored = target.editions.save(edition("evening"), EditionState.APPROVED, NOW)
        assert stored.row > sqlite.editions.get(edition().id).row
        target.close()


def test_the_way_back_is_open_too(postgres, tmp_path):
    with postgres.database() as address:
        source, target = filled(Store.open(address)), Store.open(f"sqlite:///{tmp_path}/back.db")
        move(source, target)
        assert contents(target) == contents(source)
        source.close()
        target.close()


def test_a_store_that_holds_something_is_not_written_to(sqlite, tmp_path):
    target = filled(Store.open(f"sqlite:///{tmp_path}/other.db"))
    before = contents(target)
    with pytest.raises(StoreError, match="not empty"):
        move(filled(sqlite), target)
    assert contents(target) == before
    with target.read() as connection:
        assert connection.scalar(select(func.count()).select_from(metadata.tables["articles"])) == 50
    target.close()
