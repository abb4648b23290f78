"""How far a long piece of work is: a bar on a terminal, lines in a pipe; knows no command."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

#: Work that took less than this many seconds so far is not told of in a pipe.
SHORT = 1.0


@contextmanager
def shown(title: str, *, clock: Callable[[], float] = time.monotonic) -> Iterator[Callable[[int, int], None]]:
    """Show work whose size is known only on the way; yields what is told (done, total).

    What is done at the first look is not shown. In a pipe a line is written once it takes longer than a moment, and
    another at each further tenth of the way.
    """
    with ExitStack() as stack:
        yield _Bar(title, stack) if sys.stderr.isatty() else _Tenths(title, clock)


class _Bar:
    """A bar that is there from the first step on."""

    def __init__(self, title: str, stack: ExitStack) -> None:
        self._title, self._stack, self._done = title, stack, 0
        self._bar: ProgressBar[int] | None = None

    def __call__(self, done: int, total: int) -> None:
        if self._bar is None and done < total:
            self._bar = self._stack.enter_context(click.progressbar(length=total, label=self._title, file=sys.stderr))
        if self._bar is not None:
            self._bar.update(done - self._done)
        self._done = done


class _Tenths:
    """Tells each tenth of the way on a line, once it has taken a while."""

    def __init__(self, title: str, clock: Callable[[], float]) -> None:
        self._title, self._clock, self._told = title, clock, -1
        self._began = clock()

    def __call__(self, done: int, total: int) -> None:
        tenth = 10 * done // total if total else 10
        if tenth > self._told and self._clock() - self._began > SHORT:
            self._told = tenth
            click.echo(f"{self._title}: {10 * tenth} %", err=True)
