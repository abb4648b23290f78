"""The tutorial is run, line by line, in an empty folder."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from digest.cli.root import run

TUTORIAL = Path(__file__).parents[1] / "docs" / "tutorial" / "first-edition.md"


def commands() -> Iterator[str]:
    """Yield what the tutorial tells the reader to type after ``$``."""
    for block in re.findall(r"```console\n(.*?)```", TUTORIAL.read_text("utf-8"), re.DOTALL):
        for line in block.splitlines():
            assert line.startswith("$ "), line
            yield line[2:]


def test_every_line_of_the_tutorial_works_and_nobody_gets_the_edition_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    journals, said = [], {}
    for command in commands():
        program, *words = shlex.split(command)
        if program == "cd":
            monkeypatch.chdir(words[0])
        elif program == "digest":
            code = run(words)
            captured = capsys.readouterr()
            assert code == 0, f"{command}\n{captured.out}\n{captured.err}"
            said[command] = captured.out
        else:
            subprocess.run(["sh", "-c", command], check=True, timeout=60)
        if command.startswith("digest send"):
            journal = Path("out/journal.jsonl")
            journals.append(journal.read_text("utf-8").splitlines() if journal.exists() else [])
    rehearsed, first, second, third = journals
    assert rehearsed == []
    assert len(first) > 1
    assert second == first
    assert len(third) == len(first) + 1
    assert "Corran Bridge" in said["digest group"]
    assert "evening-post" in said["digest check --offline"]
    assert Path("out/preview/edition.html").stat().st_size > 10_000
