"""What several commands are tried on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.newsroom import EVENTS, Newsroom


@pytest.fixture
def room(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Newsroom:
    """Return a newsletter in a folder of its own, with a reader and an edition that was sent."""
    room = Newsroom(tmp_path / "news", capsys)
    room.folder.mkdir()
    room.report("tide", *EVENTS)
    room.add("ada@reader.example.org")
    assert room.digest("send", "--yes").code == 0
    return room
