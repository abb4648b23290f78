"""Puts a backup's files in their places, and keeps what they replace; knows no archive."""

from __future__ import annotations

import filecmp
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from glob import escape
from pathlib import Path

from digest.errors import UsageError
from digest.pipeline.placing import keep_as, replacing

#: What stands at place 18 of a database with a write-ahead journal (https://sqlite.org/fileformat.html §1.3.3).
WITH_JOURNAL = b"\x02\x02"


def fold_in(database: Path, now: datetime) -> None:
    """Write into a database what stands in its journal, so that one file is all of it and can go at one moment.

    A damaged one cannot be asked: its journal is set aside as it is. Raises UsageError while another process uses it.
    """
    journals = [database.with_name(database.name + end) for end in ("-wal", "-shm")]
    if not any(journal.exists() for journal in journals):
        return
    if _is_folded(database) and any(journal.exists() for journal in journals):  # the last who closes it removes them
        raise UsageError(f"{database} is in use by another process: stop it first")
    for journal in journals:
        if journal.exists():
            shutil.copy2(journal, set_aside(journal, now))
            journal.unlink()


def _is_folded(database: Path) -> bool:
    """Have SQLite fold the journal in; False where it cannot read the database, and would drop the journal."""
    with database.open("rb") as file:
        if file.read(20)[18:] != WITH_JOURNAL:
            return False
    try:
        with closing(sqlite3.connect(database)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.DatabaseError as error:
        return "locked" in str(error)
    return True


def put_back(file: Path, place: Path, now: datetime) -> None:
    """Put a file in its place, unless it is there already; whoever dies, there is the old one or the new one."""
    if place.is_file() and filecmp.cmp(file, place, shallow=False):
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.exists():
        _set_aside(place, now)
    with replacing(place, 0o600) as draft:
        shutil.copyfile(file, draft)


def _set_aside(place: Path, now: datetime) -> None:
    """Keep what is replaced, under another name; one that a restore gave it and died over is taken back."""
    for left in place.parent.glob(f"{escape(place.name)}.before-*"):
        if left.samefile(place):
            left.unlink()
    keep_as(place, set_aside(place, now))


def set_aside(file: Path, now: datetime) -> Path:
    """Return where a file goes that a restored one replaces."""
    return file.with_name(f"{file.name}.before-{now:%Y%m%dT%H%M%S}")
