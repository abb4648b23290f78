"""How far an import is: lines in a pipe, once it takes a while; a bar on a terminal."""

from __future__ import annotations

import os
import pty
import sys
from pathlib import Path

import pytest

from subscribers.cli.progress import shown
from subscribers.importing.run import Options, preview
from subscribers.importing.staging import stage
from tests.subscribers.desks import MORNING, FakeDesk


class Clock:
    """Goes on by a step at each look."""

    def __init__(self, step: float) -> None:
        self.time, self.step = 0.0, step

    def __call__(self) -> float:
        self.time += self.step
        return self.time


def work(step: float, *done: int) -> None:
    with shown("reading people.csv", clock=Clock(step)) as on_progress:
        for each in done:
            on_progress(each, 1000)


def test_in_a_pipe_long_work_tells_each_tenth_once(capsys: pytest.CaptureFixture[str]) -> None:
    work(0.6, 10, 120, 130, 320, 1000)
    told = capsys.readouterr()
    lines = [f"reading people.csv: {percent} %" for percent in (10, 30, 100)]
    assert (told.out, told.err.splitlines()) == ("", lines)


def test_short_work_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    work(0.01, 120, 130, 320, 1000)
    assert capsys.readouterr().err == ""


def test_on_a_terminal_it_is_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        work(0.0, 0, 500, 1000)
    seen = os.read(ours, 1 << 16).decode()
    os.close(ours)
    assert "reading people.csv" in seen
    assert "100%" in seen


def test_reading_and_looking_up_tell_how_far_they_are(desk: FakeDesk, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("email\n" + "".join(f"p{number:05}@example.com\n" for number in range(12_000)))
    size, read, looked = file.stat().st_size, [], []
    staged = stage(file, tmp_path, on_progress=lambda *told: read.append(told))
    assert [total for _, total in read] == [size] * 3
    assert 0 < read[0][0] < read[1][0] < size == read[-1][0]
    with desk.read() as conn:
        preview(conn, staged, "daily", Options(), at=MORNING, on_progress=lambda *told: looked.append(told))
    assert looked == [(done, 12_000) for done in range(2000, 12_001, 2000)]
