"""The benchmarks say what they take before they begin to take it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.asking import at_least_one, parser

FOLDER = Path(__file__).parents[1]
ASKED = ("admin", "collect", "fuzz", "ledger", "mailcheck", "pages", "peers", "render", "send", "subscribers")


def benchmark(name: str, *words: str) -> subprocess.CompletedProcess[str]:
    words = (sys.executable, "-m", f"benchmarks.{name}", *words)
    return subprocess.run(words, cwd=FOLDER, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", ASKED)
def test_help_says_what_a_benchmark_measures_and_runs_nothing(name: str) -> None:
    ran = benchmark(name, "--help")
    assert (ran.returncode, ran.stderr) == (0, "")
    about = (FOLDER / "benchmarks" / f"{name}.py").read_text().partition('"""')[2].splitlines()[0]
    assert f"python -m benchmarks.{name} " in ran.stdout or f"{name}.py" in ran.stdout
    assert about in ran.stdout


def test_what_is_no_number_is_refused_with_the_way_it_is_written() -> None:
    ran = benchmark("send", "many")
    assert ran.returncode == 2
    assert 'argument recipients: "many" is no number of at least 1' in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("word", ["0", "-1", "1.5", "²", ""])
def test_numbers_are_whole_and_at_least_one(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    asked = parser(None)
    asked.add_argument("--people", type=at_least_one)
    assert asked.parse_args(["--people", "1_000"]).people == 1000
    with pytest.raises(SystemExit):
        asked.parse_args([f"--people={word}"])
    assert "is no number of at least 1" in capsys.readouterr().err
