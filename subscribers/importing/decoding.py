"""Bytes to text: what a file is, its encoding and its separator; knows no column."""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from pathlib import Path

from subscribers.errors import FileFault

#: Larger files are no list of people that a person made.
MOST_BYTES = 1 << 30

#: Bytes of the longest line that is read: without an end to a line, one would fill the memory.
LONGEST_LINE = 1 << 20

_SAMPLE = 1 << 16
_NOT_TEXT = {
    b"PK\x03\x04": "a zip file or a spreadsheet",
    b"\xd0\xcf\x11\xe0": "a spreadsheet",
    b"\x1f\x8b": "a gzip file",
    b"%PDF": "a PDF",
}
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


@dataclass(frozen=True, slots=True)
class Shape:
    """How a file is to be read."""

    encoding: str  #: a codec's name
    separator: str  #: between cells
    first: tuple[str, ...]  #: the cells of the first line that has any


def shape_of(path: Path) -> Shape:
    """Recognise a text file's encoding and separator.

    Raises:
        FileFault: it is not text, is empty or too big; nothing packed is ever unpacked.
    """
    if path.stat().st_size > MOST_BYTES:
        raise FileFault(f"{path}: more than {MOST_BYTES >> 20} MiB; part it into several files")
    with path.open("rb") as file:
        start = file.read(_SAMPLE)
    for mark, what in _NOT_TEXT.items():
        if start.startswith(mark):
            raise FileFault(f"{path}: this is {what}; save the list as CSV and import that")
    _demand_lines(path)
    encoding = _encoding(path, start)
    with path.open(encoding=encoding, errors="replace", newline="") as text:
        sample = text.read(_SAMPLE)
    if "\0" in sample:
        raise FileFault(f"{path}: this is not text")
    separator = _separator(sample)
    rows = csv.reader(StringIO(sample, newline=""), delimiter=separator)
    first = next((row for row in rows if any(cell.strip() for cell in row)), None)
    if first is None:
        raise FileFault(f"{path}: the file is empty")
    return Shape(encoding, separator, tuple(cell.strip() for cell in first))


def _demand_lines(path: Path) -> None:
    """Refuse a file with a block of the longest line's size that holds no end of a line."""
    with path.open("rb") as file:
        while len(block := file.read(LONGEST_LINE)) == LONGEST_LINE:
            if b"\n" not in block and b"\r" not in block:
                raise FileFault(f"{path}: a line of more than {LONGEST_LINE >> 20} MiB; this is no list of people")


def _encoding(path: Path, start: bytes) -> str:
    for mark, name in _MARKS.items():
        if start.startswith(mark):
            return name
    if start[1:2] == b"\0" or start[:1] == b"\0":  # the first letter is ASCII: UTF-16 without a mark
        return "utf-16-le" if start[1:2] == b"\0" else "utf-16-be"
    return "utf-8" if _is_utf8(path) else "cp1252"


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                decoder.decode(block)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _separator(sample: str) -> str:
    """Return the sign that parts most lines into the same number of cells; a comma where none does."""
    lines = [line for line in islice(StringIO(sample, newline=""), 200) if line.strip()]
    best, most = ",", 0
    for sign in ",;\t|":
        sizes = Counter(len(row) for row in csv.reader(lines, delimiter=sign))
        sizes.pop(1, None)
        alike = max(sizes.values(), default=0)
        if alike > most:
            best, most = sign, alike
    return best
