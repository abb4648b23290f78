"""Output for people: progress while something runs, tables at the end; knows no use case.

Progress and remarks go to stderr, results to stdout. On a terminal progress is a bar; in a pipe, plain lines.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Protocol

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime


#: What turns the text around it: embeddings, overrides, isolates (Unicode Standard Annex 9 §2).
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


#: What stands before the words of a line of a list: a number, a sign.
_MARGIN = re.compile(r"\s*(?:[\d.]+\s+)?(?:[-=~] |why: )?")


def line(text: str) -> None:
    """Print others' words on a line of their own, without what could move a terminal's cursor or turn the line.

    On a terminal that is too narrow it goes on below, under its first word.
    """
    plain = "".join(" " if unicodedata.category(c) == "Cc" else c for c in text if c not in _TURNING)
    click.echo(_hanging(plain, _columns()) if sys.stdout.isatty() else plain)


def _hanging(text: str, columns: int) -> str:
    if cells(text) <= columns:
        return text
    import textwrap

    margin = len(_MARGIN.match(text)[0])  # type: ignore[index]  # it matches nothing at all, too
    room = max(margin + LEAST_ROOM, columns * len(text) // cells(text))  # wide letters take two columns
    return textwrap.fill(text, room, subsequent_indent=" " * margin, break_on_hyphens=False)


class Advance(Protocol):
    """Told how far a piece of work has come."""

    def __call__(self, text: str = "", *, steps: int = 1) -> None:
        """Go ``steps`` further; ``text`` says with what."""
        ...


def has_bars() -> bool:
    """Tell whether progress is shown as bars, which are gone afterwards."""
    return sys.stderr.isatty()


@contextmanager
def progress(title: str, total: int) -> Iterator[Advance]:
    """Show work of ``total`` steps while the block runs."""
    if has_bars() and total:
        with _bar(title) as bar:
            yield lambda text="", *, steps=1: bar.move(bar.done + steps, total, text)
    else:
        yield _lines


def _lines(text: str = "", *, steps: int = 1) -> None:  # noqa: ARG001 (a bar counts, a line tells)
    if text:
        click.echo(text, err=True)


@contextmanager
def amount(title: str) -> Iterator[Callable[[int, int], None]]:
    """Show work whose size is known only on the way; yields what is told (done, total).

    In a pipe a line is written each tenth of the way.
    """
    if has_bars():
        with _bar(title) as bar:
            yield bar.move
    else:
        yield _Tenths(title)


class _Bar:
    """A bar that is there from the first step to the last, so that questions and other bars have the screen."""

    def __init__(self, title: str) -> None:
        self._title, self._shown, self.done = title, ExitStack(), 0
        self._update: Callable[[int, int, str], None] | None = None

    def move(self, done: int, total: int, text: str = "") -> None:
        """Show that ``done`` of ``total`` steps are done."""
        self.done = done
        if self._update is None and done < total:
            self._update = self._start()
        if self._update is not None:
            self._update(done, total, text)
        if done >= total:
            self.close()

    def close(self) -> None:
        """Take the bar off the screen."""
        self._shown.close()
        self._update = None

    def _start(self) -> Callable[[int, int, str], None]:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        text = TextColumn("{task.fields[text]}")
        columns = (TextColumn("{task.description:<12}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), text)
        bar = self._shown.enter_context(Progress(*columns, console=Console(stderr=True), transient=True))
        task = bar.add_task(self._title, total=None, text="")
        return lambda done, total, text: bar.update(task, completed=done, total=total, text=text[:50])


@contextmanager
def _bar(title: str) -> Iterator[_Bar]:
    bar = _Bar(title)
    try:
        yield bar
    finally:
        bar.close()


class _Tenths:
    """Tells each tenth of the way on a line."""

    def __init__(self, title: str) -> None:
        self._title, self._told = title, 0

    def __call__(self, done: int, total: int) -> None:
        tenth = 10 * done // total if total else 10
        if tenth > self._told:
            self._told = tenth
            remark(f"{self._title}: {done:,} of {total:,}")


def remark(text: str) -> None:
    """Say something beside the result."""
    click.echo(text, err=True)


def value(data: Any) -> None:
    """Print one JSON value on a line."""
    click.echo(json.dumps(data, ensure_ascii=False, default=str))


def pairs(rows: Sequence[tuple[str, object]]) -> None:
    """Print names and values in two columns, long values wrapped under themselves."""
    import textwrap

    width = max((cells(name) for name, _ in rows), default=0)
    room = max(LEAST_ROOM, _columns() - width - 2)
    for name, content in rows:
        lines = [part for line in str(content).split("\n") for part in (textwrap.wrap(line, room) or [""])]
        for number, line in enumerate(lines):
            click.echo(f"{pad(name if number == 0 else '', width)}  {line}".rstrip())


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table; on a terminal the last column is wrapped into what room is left, or below where that is none."""
    texts = [[str(cell) for cell in row] for row in rows]
    widths = [max(cells(row[n]) for row in [list(header), *texts]) for n in range(len(header))]
    room = _columns() - sum(widths[:-1]) - 2 * (len(widths) - 1)
    below = False
    if sys.stdout.isatty() and room < widths[-1]:
        below = room < LEAST_ROOM
        widths[-1] = cells(header[-1]) if below else room
        if not below:
            texts = [line for row in texts for line in _wrapped(row, room)]
    for row in [list(header), ["-" * width for width in widths], *texts]:
        told = [*row[:-1], ""] if below and cells(row[-1]) > widths[-1] else row
        click.echo("  ".join(pad(cell, width) for cell, width in zip(told, widths, strict=True)).rstrip())
        if told is not row:
            click.echo(_indented(row[-1]))


#: Columns of a terminal below which wrapping a cell helps nobody.
LEAST_ROOM = 16


def _indented(text: str) -> str:
    """Return text as lines of its own below a row."""
    import textwrap

    return textwrap.fill(text, max(LEAST_ROOM, _columns()), initial_indent="  ", subsequent_indent="  ")


def _wrapped(row: list[str], room: int) -> list[list[str]]:
    """Return a row as the lines that its last cell takes."""
    import textwrap

    first, *more = textwrap.wrap(row[-1], room) or [""]
    return [[*row[:-1], first], *([*([""] * (len(row) - 1)), line] for line in more)]


def cells(text: str) -> int:
    """Return how many columns ``text`` takes on a terminal."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def pad(text: str, width: int) -> str:
    """Return ``text`` filled with spaces to ``width`` columns."""
    return text + " " * max(0, width - cells(text))


def count(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun: ``1 story``, ``2 stories``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def until(then: datetime, now: datetime) -> str:
    """Return how long it is from ``now``: ``now``, ``in 25 min``, ``in 3 h``, ``in 2 days``."""
    minutes = -int((now - then).total_seconds() // 60)
    if minutes <= 0:
        return "now"
    if minutes < 100:
        return f"in {minutes} min"
    return f"in {round(minutes / 60)} h" if minutes < 48 * 60 else f"in {round(minutes / 1440)} days"


def _columns() -> int:
    import shutil

    return shutil.get_terminal_size((100, 24)).columns
