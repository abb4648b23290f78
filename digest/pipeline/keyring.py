"""Rotate: the key ring of readers' links gets a new key; knows no link and no reader."""

from __future__ import annotations

import os
from pathlib import Path

from digest.errors import UsageError
from subscribers import KeyRing

#: Where the ring lies, seen from the config's folder.
FILE = "var/link-keys"


def rotate(file: Path) -> KeyRing:
    """Put a new key in front of a ring's file, whose old keys still verify; return the new ring.

    The file is replaced whole, so that no reader ever sees half of it. Raises UsageError where it is not there.
    """
    try:
        ring = KeyRing.from_text(file.read_text(encoding="ascii")).rotate()
        draft = file.with_name(f".{file.name}.{os.getpid()}.new")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as out:
            out.write(ring.to_text())
        draft.replace(file)
    except OSError as error:
        raise UsageError(f"{error.filename or file}: {error.strerror}; a ring is made by the first command") from error
    return ring
