"""Reads the numbers that come with forms and addresses; knows no page."""

from __future__ import annotations

#: Digits of the largest number that every database keeps (2**63 has nineteen).
_MOST_DIGITS = 18


def number_of(word: str) -> int | None:
    """Return the whole number that a word is; None where it is none, or larger than any row's."""
    return int(word) if word.isascii() and word.isdigit() and len(word) <= _MOST_DIGITS else None
