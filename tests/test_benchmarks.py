"""The benchmarks say what they take before they begin to take it."""

from __future__ import annotations

import json
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


#: Runs each benchmark as ``python -m`` would, in one process: most of what they cost is what all of them load.
ONE_BY_ONE = """
import contextlib, io, json, runpy, sys
told = {}
for name in sys.argv[1:]:
    sys.argv = [name, "--help"]
    sys.modules.pop(f"benchmarks.{name}", None)  # another one may have taken parts of it
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
        try:
            runpy.run_module(f"benchmarks.{name}", run_name="__main__", alter_sys=True)
            code = None
        except SystemExit as end:
            code = end.code
    told[name] = (code, out.getvalue(), err.getvalue())
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def told() -> dict[str, tuple[int, str, str]]:
    """What each benchmark that is asked for help ends with, prints, and complains of."""
    ran = subprocess.run(
        [sys.executable, "-c", ONE_BY_ONE, *ASKED], cwd=FOLDER, capture_output=True, text=True, check=True
    )
    assert ran.stderr == ""
    return json.loads(ran.stdout)


@pytest.mark.parametrize("name", ASKED)
def test_help_says_what_a_benchmark_measures_and_runs_nothing(name: str, told: dict[str, tuple[int, str, str]]) -> None:
    code, out, err = told[name]
    assert (code, err) == (0, "")
    about = (FOLDER / "benchmarks" / f"{name}.py").read_text().partition('"""')[2].splitlines()[0]
    assert f"python -m benchmarks.{name} " in out or f"{name}.py" in out
    assert about in out


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
