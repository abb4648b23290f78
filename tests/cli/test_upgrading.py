"""An installation of an earlier version under this program: what is said, what is kept, and the way back."""

from __future__ import annotations

import re
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from digest.bootstrap import build
from digest.config import read_config
from digest.pipeline.publishing import publish
from digest.store import Store
from digest.store.migrations import HEAD
from tests.newsroom import EVENTS, NOW, Newsroom
from tests.postgres import Postgres
from tests.store.test_upgrade import fill

BROUGHT = "the store was brought up to date"


@pytest.fixture
def old(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Newsroom:
    """Return a newsletter whose store is of version 0004."""
    room = Newsroom(tmp_path / "news", capsys)
    (room.folder / "var").mkdir(parents=True)
    room.report("tide", *EVENTS)
    fill(f"sqlite:///{room.folder}/var/digest.db")
    return room


def revision(file: Path) -> str:
    with closing(sqlite3.connect(file)) as connection:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def test_a_backup_of_an_older_store_is_one_the_older_version_can_open(old: Newsroom, tmp_path: Path) -> None:
    ran = old.digest("backup", str(tmp_path / "back.zip"))
    assert (ran.code, BROUGHT in ran.err) == (0, False)
    with zipfile.ZipFile(tmp_path / "back.zip") as packed:
        packed.extract("digest.db", tmp_path)
    assert revision(tmp_path / "digest.db") == revision(old.folder / "var" / "digest.db") == "0004"


def test_what_changes_nothing_says_that_the_store_is_of_another_version(old: Newsroom) -> None:
    ran = old.digest("report", "morning/2026-03-04")
    assert ran.code == 1
    assert "its tables are those of another version" in ran.err
    assert "digest check tells what to do" in ran.err
    assert revision(old.folder / "var" / "digest.db") == "0004"
    assert "make a digest backup first" in old.digest("check", "--offline").out


def test_the_first_command_that_keeps_something_says_that_it_brought_the_store_up_to_date(old: Newsroom) -> None:
    assert old.digest("collect").err.count(BROUGHT) == 1
    assert revision(old.folder / "var" / "digest.db") == HEAD
    assert BROUGHT not in old.digest("collect").err


def test_a_new_store_was_not_brought_up_to_date(old: Newsroom) -> None:
    (old.folder / "var" / "digest.db").unlink()
    assert BROUGHT not in old.digest("collect").err


def test_an_empty_file_is_a_store_that_was_not_begun(old: Newsroom) -> None:
    database = old.folder / "var" / "digest.db"
    database.write_bytes(b"")
    assert old.digest("check", "--offline").code == 0
    assert database.read_bytes() == b""
    assert old.digest("collect").code == 0


def test_a_server_of_an_older_version_is_left_to_that_version_or_pg_dump(
    old: Newsroom, tmp_path: Path, postgres: Postgres
) -> None:
    with postgres.empty_database() as address:
        fill(address)
        config = old.write_config()
        config.write_text(f'{config.read_text()}\n[store]\nurl = "{address}"\n')
        from digest.cli.root import run

        old.capture.readouterr()
        assert run(["--config", str(config), "backup", str(tmp_path / "back.zip")]) == 1
        assert "pg_dump" in old.capture.readouterr().err
        assert run(["--config", str(config), "report", "morning/2026-03-04"]) == 1
        assert "its tables are those of another version" in old.capture.readouterr().err
        with closing(Store.open(address)) as store:
            assert store.upgraded_from == "0004"


def test_a_send_that_goes_on_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    room = Newsroom(tmp_path, capsys)
    room.report("tide", *EVENTS)
    room.add("ada@reader.example.org", "bo@reader.example.org")
    app = build(read_config(room.write_config()), now=NOW)
    assert publish(app, app.newsletters[0], NOW, stop=lambda: True) is not None
    app.store.close()
    assert "goes on     with 2 that an earlier send had left" in room.digest("send", "--dry-run").out
    ran = room.digest("send", "--yes")
    assert "went on with 2 recipients that an earlier send had left" in ran.err
    assert "sent already" not in ran.err
    assert "sent already" in room.digest("send", "--yes").err


def test_a_backup_of_an_older_version_is_taken_and_brought_up_to_date(old: Newsroom, tmp_path: Path) -> None:
    assert old.digest("backup", str(tmp_path / "back.zip")).code == 0
    ran = old.digest("restore", str(tmp_path / "back.zip"), "--yes")
    assert ran.code == 0
    assert revision(old.folder / "var" / "digest.db") == HEAD
    assert re.search(r"the backup is of \d{4}-\d\d-\d\d \d\d:\d\d and does not know what left since", ran.err)
    assert "morning/2026-03-04 was on its way and is paused: digest resume morning/2026-03-04" in ran.err


def test_a_newer_store_is_not_backed_up_by_an_older_program_and_named_as_it_is_known(
    old: Newsroom, tmp_path: Path
) -> None:
    database = old.folder / "var" / "digest.db"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    ran = old.digest("backup", str(tmp_path / "back.zip"))
    assert (ran.code, f"store sqlite:///{database} was written by a newer version" in ran.err) == (1, True)
    assert not (tmp_path / "back.zip").exists()
