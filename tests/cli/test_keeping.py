"""digest backup, restore and tidy."""

from __future__ import annotations

import io
import os
import sqlite3
import stat
import zipfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from digest.bootstrap import build
from digest.cli.root import run
from digest.config import read_config
from digest.pipeline.send import report
from digest.pipeline.vitals import note_tick
from digest.store import Store
from digest.store.moving import move
from tests.newsroom import EVENTS, NOW, Newsroom
from tests.postgres import Postgres


def test_what_was_backed_up_comes_back_and_nobody_gets_the_edition_twice(room: Newsroom, tmp_path: Path) -> None:
    archive = tmp_path / "safe" / "news.zip"
    assert room.digest("backup", str(archive)).code == 0
    keys = (room.folder / "var" / "link-keys").read_bytes()
    for file in (room.folder / "var").iterdir():
        file.write_bytes(b"lost")
    assert room.digest("restore", str(archive), "--yes").code == 0
    assert (room.folder / "var" / "link-keys").read_bytes() == keys
    assert room.digest("send", "--yes").code == 0
    assert len(room.journal) == 1


def test_a_backup_is_whole_and_private(room: Newsroom, tmp_path: Path) -> None:
    archive = tmp_path / "news.zip"
    room.digest("backup", str(archive))
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    with zipfile.ZipFile(archive) as packed:
        assert {"digest.db", "link-keys", "config.toml"} <= set(packed.namelist())
        packed.extract("digest.db", tmp_path)
    with closing(sqlite3.connect(tmp_path / "digest.db")) as connection:
        assert connection.execute("SELECT count(*) FROM editions").fetchone() == (1,)


def test_a_backup_never_overwrites_one(room: Newsroom, tmp_path: Path) -> None:
    archive = tmp_path / "news.zip"
    archive.write_bytes(b"older")
    assert room.digest("backup", str(archive)).code == 2
    assert archive.read_bytes() == b"older"


def test_a_backup_that_cannot_be_written_says_where(room: Newsroom) -> None:
    ran = room.digest("backup", "/proc/news.zip")
    assert ran.code == 2
    assert "/proc/news.zip" in ran.err


def test_a_backup_without_a_name_gets_one_with_the_time(room: Newsroom) -> None:
    assert room.digest("backup").code == 0
    assert len(list((room.folder / "backup").glob("broadsheet-*.zip"))) == 1


def test_what_is_there_is_moved_aside(room: Newsroom, tmp_path: Path) -> None:
    archive = tmp_path / "news.zip"
    room.digest("backup", str(archive))
    before = (room.folder / "var" / "digest.db").read_bytes()
    room.digest("restore", str(archive), "--yes")
    (aside,) = (room.folder / "var").glob("digest.db.before-*")
    assert aside.read_bytes() == before


def test_a_running_service_is_not_pulled_away(room: Newsroom, tmp_path: Path) -> None:
    archive = tmp_path / "news.zip"
    room.digest("backup", str(archive))
    app = build(read_config(room.write_config()), now=NOW)
    note_tick(app, {})
    app.store.close()
    ran = room.digest("restore", str(archive), "--yes")
    assert ran.code == 2
    assert "stop it first" in ran.err


def test_a_store_is_not_pulled_away_under_a_send(room: Newsroom, tmp_path: Path) -> None:
    archive = tmp_path / "news.zip"
    room.digest("backup", str(archive))
    app = build(read_config(room.write_config()), now=NOW)
    with closing(app.store):
        sender = app.store.ledger.enter(app.clock())
        with app.store.begin() as connection:
            connection.exec_driver_sql("UPDATE sends SET state = 'sending'")
            connection.exec_driver_sql("UPDATE batches SET finished_at = NULL, owner = ?", (sender,))
        ran = room.digest("restore", str(archive), "--yes")
        assert (ran.code, "a send is under way" in ran.err) == (2, True)
        with app.store.begin() as connection:
            connection.exec_driver_sql("UPDATE senders SET alive_until = '2020-01-01 00:00:00'")
    assert room.digest("restore", str(archive), "--yes").code == 0


BAD = [
    ("no archive", b"hello", "cannot be read as a backup"),
    ("an archive without a store", {"readme.txt": b"hello"}, "holds no digest.db"),
    ("a store that is damaged", {"digest.db": b"SQLite format 3\0" + b"x" * 4000}, "no database that can be read"),
    ("another program's database", {"digest.db": None}, "no store of Broadsheet"),
]


@pytest.mark.parametrize(("content", "says"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_what_is_no_backup_changes_nothing(
    content: bytes | dict[str, bytes | None], says: str, room: Newsroom, tmp_path: Path
) -> None:
    archive = tmp_path / "bad.zip"
    if isinstance(content, bytes):
        archive.write_bytes(content)
    else:
        with zipfile.ZipFile(archive, "w") as packed:
            for name, data in content.items():
                packed.writestr(name, foreign(tmp_path) if data is None else data)
    before = room.everything()
    ran = room.digest("restore", str(archive), "--yes")
    assert ran.code in (1, 2)
    assert says in ran.err
    assert room.everything() == before


def foreign(folder: Path) -> bytes:
    """Return a database that is not ours."""
    file = folder / "foreign.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE birds (name)")
        connection.commit()
    return file.read_bytes()


def test_a_backup_of_a_newer_version_is_refused(room: Newsroom, tmp_path: Path) -> None:
    archive = backup_at("9999", room, tmp_path)
    before = room.everything()
    ran = room.digest("restore", str(archive), "--yes")
    assert ran.code == 1
    assert f"{archive} was written by a newer version" in ran.err
    assert room.everything() == before


def backup_at(revision: str, room: Newsroom, folder: Path) -> Path:
    """Return a backup whose store says that it is of another revision."""
    archive, database = folder / "made.zip", folder / "made.db"
    room.digest("backup", str(archive))
    with zipfile.ZipFile(archive) as packed:
        database.write_bytes(packed.read("digest.db"))
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
        connection.commit()
    changed = folder / "changed.zip"
    with zipfile.ZipFile(changed, "w") as packed:
        packed.write(database, "digest.db")
    return changed


def test_pictures_of_past_editions_come_back_and_those_there_stay(room: Newsroom, tmp_path: Path) -> None:
    pictures = room.folder / "var" / "pictures"
    (pictures / "ab").mkdir(parents=True)
    (pictures / "ab" / "one.jpg").write_bytes(b"one")
    (pictures / "ab" / "two.jpg").write_bytes(b"two")
    archive = tmp_path / "news.zip"
    room.digest("backup", str(archive))
    (pictures / "ab" / "one.jpg").unlink()
    assert room.digest("restore", str(archive), "--yes").code == 0
    assert sorted(each.name for each in pictures.rglob("*.jpg*")) == ["one.jpg", "two.jpg"]


def test_a_store_on_a_server_is_backed_up_and_fills_an_empty_database(
    room: Newsroom, tmp_path: Path, postgres: Postgres
) -> None:
    with postgres.empty_database() as old, postgres.empty_database() as new:
        app = build(read_config(room.write_config()), now=NOW)
        with closing(Store.open(old)) as target:
            move(app.store, target)
        app.store.close()
        config, archive = room.write_config(), tmp_path / "news.zip"
        plain = config.read_text()

        def digest(url: str, *words: str) -> int:
            config.write_text(f'{plain}\n[store]\nurl = "{url}"\n')
            return run(["--config", str(config), *words])

        assert digest(old, "backup", str(archive)) == 0
        assert digest(old, "restore", str(archive), "--yes") == 1, "it is full"
        config.unlink()
        with zipfile.ZipFile(archive) as packed:
            kept = packed.read("config.toml").decode()
        changed = tmp_path / "moved.zip"
        with zipfile.ZipFile(archive) as packed, zipfile.ZipFile(changed, "w") as made:
            for name in packed.namelist():
                made.writestr(name, kept.replace(old, new) if name == "config.toml" else packed.read(name))
        assert run(["--config", str(config), "restore", str(changed), "--yes"]) == 0
        assert new in config.read_text()
        with closing(Store.open(new)) as store:
            (stored,) = store.editions.list()
            assert report(store, stored.id).sent == 1


def test_a_config_that_names_another_store_stays_and_leads_to_what_was_restored(
    room: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres: Postgres
) -> None:
    archive, new = tmp_path / "news.zip", tmp_path / "new"
    room.digest("backup", str(archive))
    new.mkdir()
    with postgres.empty_database() as address:
        plain = room.write_config().read_text()
        (new / "config.toml").write_text(f'{plain}\n[store]\nurl = "{address}"\n')
        monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
        assert run(["--config", str(new), "restore", str(archive)]) == 0
        printed, said = room.capture.readouterr()
        assert "fill the database postgresql://" in said
        assert "restored config.toml.from-backup\n" in printed
        assert "config.toml stays" in said
        assert address in (new / "config.toml").read_text()
        assert (new / "config.toml.from-backup").read_text() == plain
        assert run(["--config", str(new), "report", "daily/2026-03-04"]) == 0


def test_a_path_that_leads_out_of_the_archive_is_left_out(room: Newsroom, tmp_path: Path) -> None:
    archive = tmp_path / "news.zip"
    room.digest("backup", str(archive))
    with zipfile.ZipFile(archive, "a") as packed:
        packed.writestr("templates/../../../escaped.txt", "out")
        packed.writestr("/absolute.txt", "out")
        packed.writestr("templates/email/mine/note.txt", "in")
    assert room.digest("restore", str(archive), "--yes").code == 0
    assert (room.folder / "templates" / "email" / "mine" / "note.txt").read_text() == "in"
    assert not list(tmp_path.rglob("escaped.txt"))


def test_a_template_whose_name_is_no_text_is_named_and_no_backup_is_left(room: Newsroom, tmp_path: Path) -> None:
    (room.folder / "templates").mkdir(exist_ok=True)
    (room.folder / "templates" / os.fsdecode(b"b\xfcro.html")).touch()
    ran = room.digest("backup", str(tmp_path / "safe" / "news.zip"))
    assert (ran.code, "b\\xfcro.html: the name is not UTF-8; rename it" in ran.err) == (2, True)
    assert list((tmp_path / "safe").iterdir()) == []


def test_on_a_new_machine_everything_comes_from_the_archive(
    room: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "news.zip"
    room.digest("backup", str(archive))
    new = tmp_path / "new"
    new.mkdir()
    monkeypatch.chdir(new)
    from digest.cli.root import run

    assert run(["restore", str(archive), "--yes"]) == 0
    assert {"config.toml", "var"} <= {each.name for each in new.iterdir()}
    assert run(["report", "daily/2026-03-04"]) == 0


def test_tidying_throws_old_articles_away_and_never_an_edition(room: Newsroom) -> None:
    ran = room.digest("tidy", "--keep-days", "31")
    assert "articles" in ran.out
    app = build(read_config(room.write_config()), now=NOW)
    since = datetime.now(UTC) - timedelta(days=3650)
    assert app.store.articles.window(since, datetime.now(UTC), ["tide"]) == ()
    assert len(app.store.editions.past("daily", since)) == 1
    app.store.close()
    assert EVENTS[0] in room.digest("edition", "show", "daily/2026-03-04").out


def test_a_file_that_is_no_backup_is_refused_before_anybody_is_asked(room: Newsroom) -> None:
    ran = room.digest("restore", str(room.write_config()))
    assert ran.code == 2
    assert "cannot be read as a backup" in ran.err
    assert "replace" not in ran.err
