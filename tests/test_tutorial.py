"""The tutorial is run, line by line, in an empty folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

TUTORIAL = Path(__file__).parents[1] / "docs" / "tutorial" / "first-edition.md"
BIN = Path(sys.executable).parent


def commands() -> Iterator[str]:
    """Yield what the tutorial tells the reader to type after ``$``."""
    for block in re.findall(r"```console\n(.*?)```", TUTORIAL.read_text("utf-8"), re.DOTALL):
        for line in block.splitlines():
            assert line.startswith("$ "), line
            yield line[2:]


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run one line in a shell."""
    environment = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "COLUMNS": "100"}
    return subprocess.run(
        ["sh", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, timeout=120
    )


def test_every_line_of_the_tutorial_works_and_nobody_gets_the_edition_twice(tmp_path: Path) -> None:
    folder, journals, said = tmp_path, [], {}
    for command in commands():
        if command.startswith("cd "):
            folder = folder / command[3:]
            continue
        done = run(command, folder)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        said[command] = done.stdout
        journal = folder / "out" / "journal.jsonl"
        if command.startswith("digest send"):
            journals.append(journal.read_text("utf-8").splitlines() if journal.exists() else [])
    rehearsed, first, second, third = journals
    assert rehearsed == []
    assert len(first) > 1
    assert second == first
    assert len(third) == len(first) + 1
    assert "Corran Bridge" in said["digest group"]
    assert "evening-post" in said["digest check --offline"]
    assert (folder / "out" / "preview" / "edition.html").stat().st_size > 10_000
