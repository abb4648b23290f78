"""Folders for files of people: gone with whoever needed them, also where that one was killed; knows no file."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

#: What the names of such folders begin with, among the system's temporary files.
PREFIX = "broadsheet-people-"

#: A folder this young, in seconds, may be one that its process has not taken for itself yet.
JUST_MADE = 60


class Workplace:
    """A folder that only its owner may read, held for as long as its process lives and does not give it back."""

    def __init__(self) -> None:
        clear_workplaces()
        self.folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        self._hold, _ = _held(self.folder)

    def give_back(self) -> None:
        """Throw the folder away, with all that is in it."""
        shutil.rmtree(self.folder, ignore_errors=True)
        os.close(self._hold)


@contextmanager
def workplace() -> Iterator[Path]:
    """Give a folder that is thrown away at the end."""
    place = Workplace()
    try:
        yield place.folder
    finally:
        place.give_back()


def clear_workplaces() -> int:
    """Throw away the folders of processes that are gone, and return how many: people's data must not stay in them."""
    gone = 0
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            if time.time() - folder.stat().st_mtime > JUST_MADE:
                hold, is_alone = _held(folder)
                if is_alone:
                    shutil.rmtree(folder, ignore_errors=True)
                    gone += 1
                os.close(hold)
    return gone


def _held(folder: Path) -> tuple[int, bool]:
    """Hold a folder against other processes until the number is closed; tell whether none of them does."""
    hold = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(hold, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # somebody is at work in it, or the disk knows no locks
        return hold, False
    return hold, True
