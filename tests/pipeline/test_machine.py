"""What digest check says of the machine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from digest.bootstrap import build
from digest.config import read_config
from digest.pipeline.app import App
from digest.pipeline.machine import machine
from digest.pipeline.vitals import note_tick
from tests.newsroom import NOW, Newsroom


@pytest.fixture
def app(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[App]:
    """Return an installation."""
    built = replace(build(read_config(Newsroom(tmp_path, capsys).write_config()), now=NOW), clock=lambda: NOW)
    yield built
    built.store.close()


def test_a_machine_with_room_and_a_right_clock_has_no_fault(app: App) -> None:
    assert [(part, is_fault) for part, is_fault, _ in machine(app, NOW, free=lambda _folder: 10**10)] == [
        ("disk", False),
        ("clock", False),
        ("store", False),
    ]


def test_a_full_disk_and_a_clock_set_back_are_faults(app: App) -> None:
    note_tick(app, {})
    found = list(machine(app, NOW - timedelta(hours=2), free=lambda _folder: 50_000_000))
    assert [part for part, is_fault, _ in found if is_fault] == ["disk", "clock"]
    assert "50 MB left" in found[0][2]
