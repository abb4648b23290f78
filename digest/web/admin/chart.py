"""Bars of what became of past sends, as shapes that a template draws; knows no edition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from digest.pipeline.send import SendReport

WIDTH, HEIGHT = 600, 120


@dataclass(frozen=True, slots=True)
class Bar:
    """One edition: a bar of those who have it, under one of those who were missed."""

    x: float
    width: float
    sent: float  #: height
    missed: float  #: height
    label: str  #: what it says, for those who do not see it
    day: str  #: '' where there is no room for it


def bars(sent: Sequence[tuple[date, SendReport]]) -> tuple[Bar, ...]:
    """Return a bar for each edition, oldest first; none where there are fewer than two."""
    if len(sent) < 2:
        return ()
    most = max(max(report.planned for _, report in sent), 1)
    step = WIDTH / len(sent)
    every = -(-len(sent) // 8)
    return tuple(
        Bar(
            x=round(n * step + step * 0.1, 1),
            width=round(step * 0.8, 1),
            sent=round(report.sent / most * HEIGHT, 1),
            missed=round((report.planned - report.sent) / most * HEIGHT, 1),
            label=f"{day:%d %b}: {report.sent} sent of {report.planned}",
            day=f"{day:%d %b}" if n % every == 0 else "",
        )
        for n, (day, report) in enumerate(sent)
    )
