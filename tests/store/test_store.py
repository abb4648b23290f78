"""Opening a store: safe settings, private files, a history that only goes forward."""

from __future__ import annotations

import threading

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text

from digest.errors import StoreError
from digest.store import Store
from digest.store.engine import connect
from digest.store.migrations import HEAD
from digest.store.upgrade import FOLDER, current
from tests.store.samples import NOW, article


def test_sqlite_is_set_up_for_safety(sqlite):
    with sqlite.read() as connection:
        settings = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}


def test_a_server_that_does_not_wait_for_its_disk_is_made_to(postgres):
    with postgres.database() as address:
        first = Store.open(address)
        with first.begin() as connection:
            connection.execute(text(f"ALTER DATABASE {connection.engine.url.database} SET synchronous_commit TO off"))
        first.close()
        second = Store.open(address)
        with second.read() as connection:
            assert connection.scalar(text("SHOW synchronous_commit")) == "on"
        second.close()


def test_only_its_owner_may_read_the_file(tmp_path):
    Store.open(f"sqlite:///{tmp_path}/deep/down/store.db").close()
    assert (tmp_path / "deep/down/store.db").stat().st_mode & 0o777 == 0o600


def test_a_second_opening_finds_what_was_kept(tmp_path):
    address = f"sqlite:///{tmp_path}/store.db"
    first = Store.open(address)
    first.meta.set("installation", "one")
    first.close()
    second = Store.open(address)
    assert second.meta.get("installation") == "one"
    assert second.meta.ensure("installation", "two") == "one"
    second.close()


def test_a_transaction_that_fails_leaves_nothing(store):
    def fail() -> None:
        with store.begin() as connection:
            connection.execute(text("INSERT INTO meta VALUES ('a', 'b')"))
            raise KeyError("a")

    with pytest.raises(KeyError):
        fail()
    assert store.meta.get("a") == ""


def test_readers_do_not_wait_for_a_writer(store):
    store.meta.set("a", "1")
    with store.begin() as connection:
        connection.execute(text("UPDATE meta SET value = '2'"))
        assert store.meta.get("a") == "1"
    assert store.meta.get("a") == "2"


def test_the_newest_revision_is_the_one_looked_for():
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_an_old_store_is_brought_up_to_date_and_keeps_its_rows(tmp_path):
    address = f"sqlite:///{tmp_path}/store.db"
    engine = connect(address)
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(text("INSERT INTO meta VALUES ('installation', 'old')"))
    engine.dispose()
    store = Store.open(address)
    assert store.meta.get("installation") == "old"
    with store.read() as connection:
        assert current(connection) == HEAD
    store.close()


def test_a_store_of_a_newer_version_is_refused(tmp_path):
    address = f"sqlite:///{tmp_path}/store.db"
    store = Store.open(address)
    with store.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    with pytest.raises(StoreError, match="newer version"):
        Store.open(address)


def test_processes_that_open_a_new_store_at_once_do_not_disturb_each_other(tmp_path):
    address, faults = f"sqlite:///{tmp_path}/store.db", []

    def open_it() -> None:
        try:
            Store.open(address).close()
        except Exception as fault:
            faults.append(fault)

    threads = [threading.Thread(target=open_it) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("mysql://host/db", "use sqlite or postgresql"),
        ("no address", "sqlite:///"),
        ("sqlite:////proc/no/store.db", "/proc/no"),
    ],
)
def test_an_address_that_cannot_be_opened_is_explained(address, said):
    with pytest.raises(StoreError, match=said):
        Store.open(address)


def test_a_store_that_is_no_database_is_explained(tmp_path):
    (tmp_path / "store.db").write_text("these are no tables, whatever its name says" * 100)
    with pytest.raises(StoreError, match="not a database"):
        Store.open(f"sqlite:///{tmp_path}/store.db")


def test_a_full_disk_is_told_and_what_was_kept_is_safe(sqlite):
    sqlite.articles.save([article("https://a.example/1")], NOW)
    with sqlite.begin() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar()
        connection.execute(text(f"PRAGMA max_page_count = {pages}"))
    many = [article(f"https://a.example/{n}", body="long " * 1000) for n in range(50)]
    with pytest.raises(StoreError, match=r"full.*free some space"):
        sqlite.articles.save(many, NOW)
    with sqlite.begin() as connection:
        connection.execute(text("PRAGMA max_page_count = 100000"))
    assert sqlite.articles.save(many, NOW).new == 49
