"""Whoever listens to what a command says beside its result may go away: no mail stays behind for that."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.newsroom import NOW, Newsroom


def ran(folder: Path, *words: str, stdout: int, stderr: int) -> int:
    """Run a command in a process of its own and return its exit code."""
    command = [sys.executable, "-m", "digest", "--config", str(folder / "config.toml"), *words]
    return subprocess.run(command, stdout=stdout, stderr=stderr, timeout=120, check=False).returncode


@pytest.fixture
def broken() -> int:
    """A pipe that nobody reads any more."""
    reading, writing = os.pipe()
    os.close(reading)
    return writing


def test_a_send_that_nobody_listens_to_reaches_everybody(newsroom: Newsroom, broken: int) -> None:
    newsroom.add("ada@reader.example.org", "ben@reader.example.org")
    newsroom.write_config()
    sent = ran(newsroom.folder, "send", "--yes", "--now", NOW.isoformat(), stdout=subprocess.DEVNULL, stderr=broken)
    os.close(broken)
    assert sent == 0
    assert len(newsroom.mails()) == 2
    assert newsroom.digest("report", "daily/2026-03-04", now=None).code == 0


def test_a_result_that_nobody_reads_ends_in_silence(newsroom: Newsroom, broken: int) -> None:
    newsroom.add("ada@reader.example.org")
    newsroom.write_config()
    assert ran(newsroom.folder, "subscribers", "list", "daily", stdout=broken, stderr=subprocess.DEVNULL) == 1
    assert ran(newsroom.folder, "subscribers", "list", "daily", stdout=broken, stderr=broken) == 1
    os.close(broken)


def test_a_fault_that_nobody_hears_keeps_its_exit_code(newsroom: Newsroom, broken: int) -> None:
    newsroom.write_config()
    assert ran(newsroom.folder, "report", "daily/1999-01-01", stdout=subprocess.DEVNULL, stderr=broken) == 2
    assert ran(newsroom.folder, "nonsense", stdout=subprocess.DEVNULL, stderr=broken) == 2
    os.close(broken)
