"""Names that leave the installation, and marks that outlive the data; knows no database."""

from __future__ import annotations

import os
from datetime import datetime
from hashlib import sha256


def public_ids(at: datetime, count: int) -> list[str]:
    """Return so many new public ids, ascending.

    Eight hex digits of time, then 56 random bits: new ids come at the end of their index, so a long import
    appends to it instead of touching every page of it.
    """
    when, chance = f"{int(at.timestamp()):08x}", os.urandom(7 * count).hex()
    return sorted(when + chance[at : at + 14] for at in range(0, 14 * count, 14))


def digest_of(address: str) -> bytes:
    """Return the mark of a normal address that a suppression keeps."""
    return sha256(address.encode()).digest()
