"""How secrets and lists of words are kept in the tables of doors; knows no table.

Tokens are kept as SHA-256 of themselves: they are random, so nobody who reads the table can use it.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256


def mark(token: str) -> bytes:
    """Return what is kept of a random token."""
    return sha256(token.encode()).digest()


def joined(words: Iterable[str] | None) -> str | None:
    """Return words as one text, None where there is no limit to them."""
    return None if words is None else " ".join(sorted(set(words)))


def parted(text: str | None) -> tuple[str, ...] | None:
    """Return the words of a text that ``joined`` made."""
    return None if text is None else tuple(text.split())
