"""Puts files in their places at one moment: a kill or a power cut leaves the old one or the new; knows no content."""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path

#: A draft this old, in seconds, was left by a process that died.
FORGOTTEN = 3600

#: How long, in seconds, a change of a file waits for that of another process; each takes milliseconds.
PATIENCE = 10.0


@contextmanager
def alone_with(file: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Keep all others who ask so away from a file that is read, changed and replaced.

    It holds the file that is there and writes nothing, so a full disk is no hindrance; where the disk knows no locks,
    nobody is kept away. Whoever dies lets go. Raises OSError: TimeoutError after ``patience`` seconds.
    """
    end = time.monotonic() + patience
    number = _held(file, end)
    try:
        yield
    finally:
        os.close(number)


def _held(file: Path, end: float) -> int:
    """Hold the file that has a name now: whoever held it before may have put another one in its place."""
    while True:
        number = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
        try:
            if _is_taken(number) and os.path.samestat(os.fstat(number), file.stat()):
                return number
        except BaseException:
            os.close(number)
            raise
        os.close(number)
        if time.monotonic() > end:
            raise TimeoutError(errno.ETIMEDOUT, "another process is changing it; try again once it is done", str(file))
        time.sleep(0.01)


def _is_taken(number: int) -> bool:
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a disk that knows no locks
        return True
    return True


@contextmanager
def replacing(file: Path, mode: int = 0o666) -> Iterator[Path]:
    """Give an empty draft beside a file; at the end it takes the file's place, unless something was raised.

    What a link leads to is replaced, not the link. A file that is there keeps its rights and, where that may be, its
    owner; a new one gets ``mode``, less what the process's mask takes away. Raises OSError.
    """
    place = file.resolve()
    _clear_drafts(place)
    draft = place.with_name(f".{place.name}.{os.getpid()}.{secrets.token_hex(4)}.new")
    os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if place.exists() else mode))
    try:
        yield draft
        _take_after(draft, place)
        put(draft, place)
    finally:
        draft.unlink(missing_ok=True)


def put(draft: Path, place: Path) -> None:
    """Let a draft on the same disk take a place, once all of it is on the disk; raise OSError."""
    _sync(draft)
    draft.replace(place)
    _sync_names(place.parent)


def put_first(draft: Path, place: Path) -> None:
    """Give a draft a place besides its own where that is free, once all of it is on the disk; raise FileExistsError."""
    _sync(draft)
    os.link(draft, place)
    _sync_names(place.parent)


def keep_as(file: Path, other: Path) -> None:
    """Give a file a second name, or a copy of it where the disk knows no second names; raise OSError."""
    try:
        os.link(file.resolve(), other)
    except FileExistsError:
        raise
    except OSError:
        shutil.copy2(file, other)


def _take_after(draft: Path, place: Path) -> None:
    """Give a draft the rights and the owner of what it replaces."""
    with suppress(FileNotFoundError):
        there = place.stat()
        with suppress(OSError):  # only root may give a file away, and some disks know no owners
            os.chown(draft, there.st_uid, there.st_gid)
        with suppress(OSError):
            draft.chmod(stat.S_IMODE(there.st_mode))


def _clear_drafts(place: Path) -> None:
    """Throw away the drafts of a file that processes left which died over them."""
    for draft in place.parent.glob(f".{escape(place.name)}.*.new"):
        with suppress(OSError):
            if time.time() - draft.stat().st_mtime > FORGOTTEN:
                draft.unlink()


def _sync_names(folder: Path) -> None:
    """Wait until the names in a folder are on the disk, where it is of a kind that can be waited for."""
    with suppress(OSError):
        _sync(folder)


def _sync(path: Path) -> None:
    """Wait until a file is on the disk."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
