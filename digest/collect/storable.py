"""Leaves out of what was read what nothing can keep or show: control characters, halves of characters, impossible days.

A database keeps no NUL (PostgreSQL §8.3), XML none of the others (XML 1.0 §2.2), and UTF-8 no half of a surrogate pair,
which JSON can write. Knows no kind of source.
"""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")

_UNKEEPABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
#: Years in which zones and windows can still be reckoned with.
_YEARS = range(2, 9999)


def storable(value: T) -> T:
    """Return a value of the model with only texts and days that can be kept; the same one where they all can."""
    found: dict[str, Any] = {}
    for field in fields(value):
        before = getattr(value, field.name)
        if before and (after := _mended(before)) is not before:
            found[field.name] = after
    return replace(value, **found) if found else value


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return keepable(value)
    if isinstance(value, datetime):
        return value if value.year in _YEARS else None
    if is_dataclass(value) and not isinstance(value, type):
        return storable(value)
    if isinstance(value, tuple):
        mended = tuple(_mended(each) for each in value)
        return value if all(one is other for one, other in zip(value, mended, strict=True)) else mended
    return value


def keepable(value: str) -> str:
    """Return a text without the characters that cannot be kept."""
    return _UNKEEPABLE.sub("", value) if _UNKEEPABLE.search(value) else value
