"""Bars of what became of past sends, as shapes that a template draws; knows no edition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT = 600, 80
SMALL_WIDTH, SMALL_HEIGHT = 280, 48
WIDEST = 22  #: of a bar, so that few of them are no wall


@dataclass(frozen=True, slots=True)
class Bar:
    """One edition: a bar of those who have it, under one of those who were missed."""

    x: float
    width: float
    sent: float  #: height
    missed: float  #: height
    label: str  #: what it says, for those who do not see it
    day: str  #: '' where there is no room for it


@dataclass(frozen=True, slots=True)
class Share:
    """A small chart of one share over the same editions."""

    title: str
    most: str  #: what the highest bar stands for, such as ``0.42 %``
    bars: tuple[Bar, ...]


def bars(sent: Sequence[tuple[date, int, int]]) -> tuple[Bar, ...]:
    """Return a bar for each (day, planned, sent), oldest first; none where there are fewer than two."""
    if len(sent) < 2:
        return ()
    most = max(*(planned for _, planned, _ in sent), 1)
    step = WIDTH / len(sent)
    every = -(-len(sent) // 8)
    return tuple(
        Bar(
            x=round(n * step, 1),
            width=round(min(step * 0.8, WIDEST), 1),
            sent=round(reached / most * HEIGHT, 1),
            missed=round((planned - reached) / most * HEIGHT, 1),
            label=f"{day:%d %b}: {reached:,} sent of {planned:,}",
            day=f"{day:%d %b}" if n % every == 0 else "",
        )
        for n, (day, planned, reached) in enumerate(sent)
    )


def share(title: str, told: Sequence[tuple[date, int, float]]) -> Share | None:
    """Return a small chart of each (day, count, share of those sent to), oldest first; None where all are nothing."""
    most = max((part for _, _, part in told), default=0.0)
    if len(told) < 2 or not most:
        return None
    step = SMALL_WIDTH / len(told)
    drawn = tuple(
        Bar(
            x=round(n * step, 1),
            width=round(min(step * 0.8, WIDEST), 1),
            sent=round(part / most * SMALL_HEIGHT, 1),
            missed=0,
            label=f"{day:%d %b}: {count:,}, {percent(part)}",
            day="",
        )
        for n, (day, count, part) in enumerate(told)
    )
    return Share(title, percent(most), drawn)


def percent(part: float) -> str:
    """Return a share as people read it: ``12 %``, ``1.2 %``, ``0.02 %``."""
    digits = 0 if part >= 0.1 else 1 if part >= 0.01 else 2
    return f"{part * 100:.{digits}f} %"
