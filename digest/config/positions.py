"""Where each key and value of a TOML text stands; knows no setting.

``tomllib`` tells what a file says, not where. This walks a text that ``tomllib`` has already accepted,
so it may trust the grammar (TOML 1.0) and only has to keep count.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

#: A path through the document: table names, keys, and indexes of arrays.
Path = tuple[str | int, ...]

SPACE = re.compile(r"[ \t]*")
BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
BARE = re.compile(r"[A-Za-z0-9_-]+")
SCALAR = re.compile(r"[^,\]}#\r\n]+")
STRINGS = (
    re.compile(r'"""(?:\\.|[^\\])*?"""(?:"{0,2})', re.DOTALL),
    re.compile(r"'''.*?'''(?:'{0,2})", re.DOTALL),
    re.compile(r'"(?:\\.|[^"\\])*"'),
    re.compile(r"'[^']*'"),
)


@dataclass(frozen=True, slots=True)
class Places:
    """Offsets of keys and values, and the lines they fall on."""

    text: str
    keys: dict[Path, int] = field(default_factory=dict)
    values: dict[Path, int] = field(default_factory=dict)

    def of_key(self, path: Path) -> tuple[int, int]:
        """Return line and column, from 1, of the key at ``path``, or of the nearest thing around it."""
        return self._nearest(path, self.keys, self.values)

    def of_value(self, path: Path) -> tuple[int, int]:
        """Return line and column, from 1, of the value at ``path``, or of the nearest thing around it."""
        return self._nearest(path, self.values, self.keys)

    def _nearest(self, path: Path, *tables: dict[Path, int]) -> tuple[int, int]:
        for length in range(len(path), 0, -1):
            for table in tables:
                if path[:length] in table:
                    return line_and_column(self.text, table[path[:length]])
        return (1, 1)


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Return the line and the column, from 1, of a place in a text."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def locate(text: str) -> Places:
    """Return the place of every key and value of ``text``, which must be valid TOML."""
    places = Places(text)
    table: Path = ()
    arrays: dict[Path, int] = {}
    at = _skip(text, 0)
    while at < len(text):
        if text[at] == "[":
            table, at = _header(places, arrays, at)
        else:
            at = _pair(places, table, at)
        at = _skip(text, at)
    return places


def _skip(text: str, at: int) -> int:
    match = BLANK.match(text, at)
    return match.end() if match else at


def _spaces(text: str, at: int) -> int:
    match = SPACE.match(text, at)
    return match.end() if match else at


def _header(places: Places, arrays: dict[Path, int], at: int) -> tuple[Path, int]:
    text, start = places.text, at
    is_array = text.startswith("[[", at)
    names, at = _key(text, _spaces(text, at + (2 if is_array else 1)))
    at = text.index("]", at) + (2 if is_array else 1)
    path: Path = ()
    for name in names[:-1]:
        path = (*path, name)
        if path in arrays:
            path = (*path, arrays[path])
    path = (*path, names[-1])
    if is_array:
        arrays[path] = arrays.get(path, -1) + 1
        places.keys.setdefault(path, start)
        path = (*path, arrays[path])
    places.keys[path] = start
    return path, at


def _key(text: str, at: int) -> tuple[list[str], int]:
    names = []
    while True:
        name, at = _name(text, at)
        names.append(name)
        at = _spaces(text, at)
        if text[at] != ".":
            return names, at
        at = _spaces(text, at + 1)


def _name(text: str, at: int) -> tuple[str, int]:
    if text[at] in "\"'":
        end = _string_end(text, at)
        return text[at + 1 : end - 1], end
    match = BARE.match(text, at)
    end = match.end() if match else at + 1
    return text[at:end], end


def _pair(places: Places, table: Path, at: int) -> int:
    start = at
    names, at = _key(places.text, at)
    path = (*table, *names)
    for length in range(len(table) + 1, len(path) + 1):
        places.keys.setdefault(path[:length], start)
    return _value(places, path, _spaces(places.text, at + 1))


def _value(places: Places, path: Path, at: int) -> int:
    text = places.text
    places.values[path] = at
    if text[at] == "[":
        return _array(places, path, at + 1)
    if text[at] == "{":
        return _inline_table(places, path, at + 1)
    if text[at] in "\"'":
        return _string_end(text, at)
    match = SCALAR.match(text, at)
    return match.end() if match else at + 1


def _array(places: Places, path: Path, at: int) -> int:
    text, index = places.text, 0
    at = _skip(text, at)
    while text[at] != "]":
        at = _skip(text, _value(places, (*path, index), at))
        at = _skip(text, at + 1) if text[at] == "," else at
        index += 1
    return at + 1


def _inline_table(places: Places, path: Path, at: int) -> int:
    text = places.text
    at = _skip(text, at)
    while text[at] != "}":
        at = _skip(text, _pair(places, path, at))
        at = _skip(text, at + 1) if text[at] == "," else at
    return at + 1


def _string_end(text: str, at: int) -> int:
    for pattern in STRINGS:
        if match := pattern.match(text, at):
            return match.end()
    return len(text)
