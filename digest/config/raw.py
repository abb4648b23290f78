"""What no value of config.toml may be, whatever its key: too large, too deep, unseen; knows no setting."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from digest.config.positions import Path as Place

#: Levels of tables and lists; the settings need four.
DEEPEST = 20
#: Numbers that TOML asks every reader to keep exactly (TOML 1.0, "Integer").
_LEAST, _MOST = -(2**63), 2**63 - 1
#: Control characters but tab and line ends, and what is no character at all.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
#: These, and the marks that turn the direction of what is shown behind them (Unicode Standard Annex 9 §2).
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]")

#: A name of a key. A quote that is never closed goes to the end of its line, so that nothing is looked at twice.
_NAME = r"""(?:[A-Za-z0-9_-]++|"(?:\\.|[^"\\\n])*+"?+|'[^'\n]*+'?+)"""
#: A key of more names than anything may be deep, and what may hold dots that part no names.
_DEEP = re.compile(
    rf"""
    \#[^\n]*+ | "{{3}}(?:\\.|[^\\])*?(?:"{{3,5}}+|\Z) | '{{3}}.*?(?:'{{3,5}}+|\Z) |
    (?P<deep>(?:{_NAME}[ \t]*+\.[ \t]*+){{{DEEPEST}}}) | {_NAME}
    """,
    re.DOTALL | re.VERBOSE,
)


def deep_key(text: str) -> int | None:
    """Return where the first key of more names than anything may be deep begins, in a text that nobody parsed yet.

    To parse a key takes the square of its names, in time and in memory.
    """
    return next((found.start() for found in _DEEP.finditer(text) if found.lastgroup), None)


def unusable(document: dict[str, Any]) -> Iterator[tuple[Place, str]]:
    """Find the values and keys that nothing can be done with."""
    waiting: list[tuple[Place, Any]] = [((), document)]
    while waiting:
        place, value = waiting.pop()
        if len(place) > DEEPEST:
            yield place, f"nested deeper than {DEEPEST} levels"
        elif isinstance(value, dict):
            yield from (((*place, key), f"the key {told}") for key in value if (told := _unseen(key)))
            waiting += [((*place, key), item) for key, item in value.items()]
        elif isinstance(value, list):
            waiting += [((*place, index), item) for index, item in enumerate(value)]
        elif isinstance(value, int) and not _LEAST <= value <= _MOST:
            yield place, "a number beyond all bounds; write a smaller one"
        elif isinstance(value, str) and (told := _unseen(value)):
            yield place, f"this text {told}"


def shown(value: object, most: int = 80) -> str:
    """Return a value for a message: in one line, nothing unseen in it, and not longer than ``most`` characters."""
    text = _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", " ".join(str(value).split()))
    return text if len(text) <= most else f"{text[:most]}…"


def _unseen(text: str) -> str:
    found = _CONTROL.search(text)
    return f"holds the unseen character U+{ord(found[0]):04X}; take it out" if found else ""
