"""A file's people, read once and laid out in the order of their addresses; knows no list and no rule.

A sorted million of lines costs little here and makes the merge cheap: consecutive addresses lie on the same
pages of the store, and a position in the order is all that is needed to go on after a stop.
"""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from hashlib import file_digest
from io import TextIOWrapper
from operator import lt
from pathlib import Path
from typing import Any, TextIO

from subscribers.errors import FileFault, RosterError
from subscribers.importing.columns import Layout, layout_of
from subscribers.importing.decoding import LONGEST_LINE, Shape, shape_of
from subscribers.importing.pasted import people
from subscribers.importing.rows import Incoming, reader
from subscribers.model import State
from subscribers.tables import STATE_CODES

#: No cell of a list of people is longer.
_LONGEST_CELL = 1 << 17
_MOST_FAULTS = 1000
_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class LineFault:
    """A line that was left out, and why."""

    line: int  #: from 1
    what: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.what}"


@dataclass(frozen=True, slots=True)
class Staged:
    """What a file holds."""

    source: str  #: the file's name
    digest: str  #: of its bytes
    shape: Shape
    layout: Layout | None  #: None for pasted addresses
    lines: int  #: with people on them, faults among them
    people: int  #: good lines, each address once
    repeated: int  #: good lines whose address comes again further down
    faults: tuple[LineFault, ...]  #: the first thousand
    fault_count: int
    path: Path  #: where the rows lie
    is_sorted: bool = False  #: whether the file itself was in the order of addresses

    def rows(self, after: str = "") -> Iterator[Incoming]:
        """Yield the rows in the order of addresses, each address once, behind the one named."""
        lie = "told WHERE address > ? ORDER BY rowid" if self.is_sorted else "people WHERE address > ? ORDER BY address"
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)) as store:
            found = store.execute(f"SELECT * FROM {lie}", (after,))  # noqa: S608 - our own words
            yield from map(Incoming._make, found)


def stage(
    path: Path,
    folder: Path,
    *,
    source: str = "",
    address: str = "",
    on_progress: Callable[[int, int], None] = lambda _read, _size: None,
) -> Staged:
    """Read a file of people into the folder.

    Args:
        folder: an existing folder for about twice the file's size.
        source: the file's name as shown and recorded, where it differs from the path's.
        address: the heading of the column of addresses, where it cannot be told.
        on_progress: told the bytes read and the bytes there are, after every few thousand lines and in the end.

    Raises:
        FileFault: the file as a whole cannot be read. A bad line is a fault among the others.
    """
    try:
        shape = shape_of(path)
    except FileFault as fault:
        raise FileFault(str(fault).replace(str(path), source or str(path))) from fault
    layout = layout_of(shape.first, address=address)
    staging = _Staging(folder / "people.db")
    size = path.stat().st_size
    with path.open("rb") as file, TextIOWrapper(file, shape.encoding, errors="replace", newline="") as text:
        for _ in _read_all(text, shape, layout, staging):
            on_progress(file.tell(), size)
    count = staging.sort()
    on_progress(size, size)
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    return Staged(
        source=source or path.name,
        digest=digest,
        shape=shape,
        layout=layout,
        lines=staging.good + staging.fault_count,
        people=count,
        repeated=staging.good - count,
        faults=tuple(staging.faults),
        fault_count=staging.fault_count,
        path=staging.path,
        is_sorted=staging.is_sorted,
    )


class _Staging:
    """Rows and faults as they are read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.good = 0
        self.faults: list[LineFault] = []
        self.fault_count = 0
        self.is_sorted = True  #: whether every address came behind the one before it
        self._last = ""
        path.unlink(missing_ok=True)
        self._store = sqlite3.connect(path, isolation_level=None)
        self._store.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-16000; PRAGMA temp_store=FILE;"
            f"CREATE TABLE told ({', '.join(Incoming._fields)});"
        )
        self._store.execute("BEGIN")

    def keep(self, rows: list[tuple[Any, ...]]) -> None:
        """Lay rows down in the order of the file; all have as many columns, the first of ``Incoming``."""
        if rows:
            self.good += len(rows)
            if self.is_sorted:
                addresses = [self._last, *(row[0] for row in rows)]
                self.is_sorted = all(map(lt, addresses, addresses[1:]))
                self._last = addresses[-1]
            columns, marks = ", ".join(Incoming._fields[: len(rows[0])]), ", ".join("?" * len(rows[0]))
            self._store.executemany(f"INSERT INTO told ({columns}) VALUES ({marks})", rows)  # noqa: S608 - our names

    def fault(self, line: int, what: str) -> None:
        """Count a bad line and keep it where there are not too many yet."""
        self.fault_count += 1
        if len(self.faults) < _MOST_FAULTS:
            self.faults.append(LineFault(line, what))

    def sort(self) -> int:
        """Lay the rows down in the order of addresses and return how many there are.

        Of several with one address the last line counts, except that one which says the person left wins.
        """
        self._store.commit()
        if self.is_sorted:
            self._store.close()
            return self.good
        self._store.execute(f"CREATE TABLE people ({', '.join(Incoming._fields)}, PRIMARY KEY (address)) WITHOUT ROWID")
        self._store.execute("BEGIN")
        order = f"address, state IS {STATE_CODES[State.UNSUBSCRIBED]}, line"
        self._store.execute(
            f"INSERT OR REPLACE INTO people SELECT * FROM told ORDER BY {order}"  # noqa: S608 - our own words
        )
        count = self._store.execute("SELECT count(*) FROM people").fetchone()[0]
        self._store.commit()
        self._store.close()
        return int(count)


def _read_all(text: TextIO, shape: Shape, layout: Layout | None, staging: _Staging) -> Iterator[None]:
    """Lay the people of a file down, with a stop after every few thousand."""
    lines = _pasted(text) if layout is None else _table(text, shape, staging)
    read = reader(layout or _PASTED)
    batch: list[tuple[Any, ...]] = []
    for line, cells in lines:
        try:
            batch.append(read(cells, line))
        except RosterError as fault:
            staging.fault(line, str(fault))
        if len(batch) == _AT_ONCE:
            staging.keep(batch)
            batch.clear()
            yield
    staging.keep(batch)


_PASTED = Layout({"address": 0, "name": 1}, {}, ())


def _pasted(text: TextIO) -> Iterator[tuple[int, list[str]]]:
    for line, words in enumerate(text, 1):
        for address, name in people(words.strip()):
            yield line, [address, name]


def _table(text: TextIO, shape: Shape, staging: _Staging) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(_LONGEST_CELL)
    lines = _Lines(text)
    rows = csv.reader(lines, delimiter=shape.separator)
    try:
        next((row for row in rows if any(cell.strip() for cell in row)), None)  # the heading
        for cells in rows:
            lines.letters = 0
            if cells and (len(cells) > 1 or cells[0]):
                yield rows.line_num, cells
    except csv.Error as fault:
        staging.fault(rows.line_num, f"{fault}; what follows was not read")


class _Lines:
    """The lines of a file, until a single record has too many: a quote that never closes, or an attack."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self.letters = 0  #: of the record that is being read

    def __iter__(self) -> Iterator[str]:
        for line in self._text:
            self.letters += len(line)
            if self.letters > LONGEST_LINE:
                raise csv.Error(f"a record of more than {LONGEST_LINE >> 20} MiB")
            yield line
