"""The key ring of readers' links as a file: a new key is put on, and whoever runs takes it; knows no link."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import structlog

from digest.errors import BroadsheetError, UsageError
from digest.pipeline.placing import alone_with, put_first, replacing
from subscribers import KeyRing

log = structlog.get_logger()

#: Where the ring lies, seen from the config's folder.
FILE = "var/link-keys"


class FreshRing:
    """The ring as its file has it now: a rotation by another process holds from the next link on.

    A look at a file that is as it was costs microseconds. One that cannot be read changes nothing: the ring there was
    goes on, and the log tells.
    """

    def __init__(self, file: Path, read: Callable[[], KeyRing]) -> None:
        self._file, self._read = file, read
        self._seen = _identity(file)  # before it is read: a change meanwhile is seen at the next look
        self._ring = read()

    def __call__(self) -> KeyRing:
        """Return the ring."""
        found = _identity(self._file)
        if found != self._seen:
            self._seen = found
            self._take()
        return self._ring

    def _take(self) -> None:
        try:
            self._ring = self._read()
        except BroadsheetError as fault:
            log.warning("keys_not_read", why=str(fault))
        else:
            log.info("keys_taken", keys=len(self._ring.keys))


def _identity(file: Path) -> tuple[int, int, int]:
    """Return what is other for a file that was replaced or written anew."""
    try:
        found = file.stat()
    except OSError:
        return (0, 0, 0)
    return (found.st_ino, found.st_mtime_ns, found.st_size)


def keep(ring: KeyRing, file: Path) -> None:
    """Write the first ring of an installation; one that another process has just written stays."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = _draft(ring, file)
    with suppress(FileExistsError):
        put_first(draft, file)
    draft.unlink()


def rotate(file: Path) -> KeyRing:
    """Put a new key in front of a ring's file, whose old keys still verify; return the new ring.

    The file is replaced whole, so that no reader ever sees half of it, and of two rotations at once neither loses the
    other's key. Raises UsageError where it is not there.
    """
    try:
        with alone_with(file):
            ring = KeyRing.from_text(file.read_text(encoding="ascii")).rotate()
            with replacing(file, 0o600) as draft:
                draft.write_text(ring.to_text(), encoding="ascii")
    except TimeoutError as error:
        raise UsageError(f"{file}: {error.strerror}") from error
    except OSError as error:
        raise UsageError(f"{error.filename or file}: {error.strerror}; a ring is made by the first command") from error
    return ring


def _draft(ring: KeyRing, file: Path) -> Path:
    """Write a ring beside its file, whole and for nobody else to read; return where."""
    draft = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}.new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as out:
        out.write(ring.to_text())
    return draft
