"""A config that is edited while a program goes by it."""

from __future__ import annotations

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from digest.cli.edited import Edited


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "config.toml"
    file.write_text('[site]\ntitle = "The Tide"\n')
    return file


def looks(edited: Edited, times: int = 2) -> list[str]:
    """Return what is told in some looks, one after the other."""
    with capture_logs() as logs:
        for _ in range(times):
            edited.look()
    return [each["event"] for each in logs]


def test_a_change_is_told_once_and_when_the_file_is_left_alone(config: Path) -> None:
    edited = Edited(config)
    assert looks(edited) == []
    config.write_text('[site]\ntitle = "The New Tide"\n')
    assert looks(edited, 1) == []
    assert looks(edited, 3) == ["config_changed"]


def test_a_change_with_faults_is_told_with_them_and_so_is_its_mend(config: Path) -> None:
    edited = Edited(config)
    config.write_text('[site]\ntitel = "The Tide"\n')
    with capture_logs() as logs:
        edited.look()
        edited.look()
    (told,) = logs
    assert told["event"] == "config_faulty"
    assert told["faults"] == [f'{config}:2:1: unknown key "titel"; did you mean "title"?']
    config.write_text('[site]\ntitle = "The Other Tide"\n')
    assert looks(edited) == ["config_changed"]


def test_a_file_that_is_written_as_it_was_or_gone_for_a_moment_is_no_change(config: Path) -> None:
    edited, before = Edited(config), config.read_bytes()
    config.unlink()
    assert looks(edited) == []
    config.write_bytes(before)
    assert looks(edited) == []
    config.write_text("[site]\n")
    assert looks(edited) == ["config_changed"]
    config.write_bytes(before)
    assert looks(edited) == []
