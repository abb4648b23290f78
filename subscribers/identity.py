"""Names that leave the installation, and marks that outlive the data; knows no database."""

from __future__ import annotations

import os
from datetime import datetime
from hashlib import sha256


def public_ids(at: datetime, count: int) -> list[str]:
    """Return so many new public ids, ascending.

    Twelve hex digits of time, then 48 random bits: new ids come at the end of their index, so a long import
    appends to it instead of touching every page of it.
    """
    when, chance = f"{int(at.timestamp() * 65536):012x}", os.urandom(6 * count).hex()
    return sorted(when + chance[place : place + 12] for place in range(0, 12 * count, 12))


def digest_of(address: str) -> bytes:
    """Return the mark of a normal address that a suppression keeps."""
    return sha256(address.encode()).digest()
