"""Questions that commands ask: a yes, a no, nobody there, and streams that were closed."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest

from digest.cli.root import run
from tests.newsroom import Newsroom

DATE = "daily/2026-03-04"


ASKED = [
    ("restore", ("restore", "FILE"), "nothing was restored"),
    ("cancel", ("cancel", DATE), "nothing was changed"),
    ("correct", ("correct", DATE, "--message", "Friday, not Monday."), "nothing was sent"),
    ("forget", ("subscribers", "forget", "ada@reader.example.org"), "nothing was erased"),
]


@pytest.mark.parametrize(("words", "says"), [case[1:] for case in ASKED], ids=[case[0] for case in ASKED])
@pytest.mark.parametrize(
    ("answer", "code"), [("n\n", 1), ("\n", 1), ("", 2)], ids=["a no", "the usual answer", "nobody"]
)
def test_without_a_yes_nothing_happens_and_this_is_said(
    words: tuple[str, ...], says: str, answer: str, code: int, room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = room.folder.parent / "kept.zip"
    room.digest("backup", str(archive))
    before = room.everything()
    monkeypatch.setattr(sys, "stdin", io.StringIO(answer))
    ran = room.digest(*(str(archive) if word == "FILE" else word for word in words))
    assert (ran.code, room.everything()) == (code, before)
    assert (says if code == 1 else "nobody is there to answer; say --yes") in ran.err


def test_a_yes_restores_and_says_where_the_store_is_that_was_there(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = room.folder.parent / "kept.zip"
    room.digest("backup", str(archive))
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    ran = room.digest("restore", str(archive))
    assert (ran.code, "restored digest.db" in ran.out) == (0, True)
    (aside,) = (room.folder / "var").glob("digest.db.before-*")
    assert f"the store that was there is {aside}" in ran.err


CLOSED = [("0<&-", 2), ("1>&-", 0), ("0<&- 1>&- 2>&-", 0)]


@pytest.mark.parametrize(("closed", "code"), CLOSED)
def test_streams_that_are_closed_cost_nothing_but_what_was_to_be_read_or_said(
    closed: str, code: int, room: Newsroom, tmp_path: Path
) -> None:
    archive, config = tmp_path / "kept.zip", room.write_config()
    assert run(["--config", str(config), "backup", str(archive)]) == 0
    yes = "" if code else "--yes"
    command = f'exec "$0" -m digest --config "$1" restore "$2" {yes} {closed}'
    ran = subprocess.run(["/bin/sh", "-c", command, sys.executable, str(config), str(archive)], capture_output=True)
    assert ran.returncode == code
    assert b"a fault in digest" not in ran.stderr
    assert (room.folder / "var" / "digest.db").read_bytes().startswith(b"SQLite format 3")
