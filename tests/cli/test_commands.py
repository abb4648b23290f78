"""What holds for every command: help with an example, exit codes, no traceback."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from digest.cli.root import COMMANDS, Lazy, digest, run


def every_command(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    ctx = click.Context(group)
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from every_command(command, (*path, name))


ALL = list(every_command(digest))


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_command_has_help_with_an_example(path: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*path, "--help"]) == 0
    shown = capsys.readouterr().out
    assert "example" in shown.lower()
    assert "digest " in shown.split("xample", 1)[1]


def test_the_root_lists_every_command_without_loading_one() -> None:
    code = "import sys; from digest.cli.root import run; run(['--help']); print(sorted(m for m in sys.modules if m.split('.')[0] in ('sqlalchemy','sklearn','pydantic','aiohttp','lxml','jinja2')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert all(name in done.stdout for name in COMMANDS)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_printed_for_each_shell(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["completion", shell]) == 0
    assert "_DIGEST_COMPLETE" in capsys.readouterr().out


def test_a_misspelt_command_is_answered_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sned"]) == 2
    assert 'did you mean "send"?' in capsys.readouterr().err


@pytest.mark.parametrize(
    ("typed", "meant"), [("approve", "edition approve"), ("imprt", "subscribers import"), ("list", "subscribers list")]
)
def test_a_command_of_a_family_is_found_without_it(typed: str, meant: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([typed]) == 2
    assert f'no command "{typed}"; did you mean "{meant}"?' in capsys.readouterr().err


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_help_fits_80_columns_and_no_line_is_cut_short(
    path: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert run([*path, "--help"]) == 0
    usage, *rest = capsys.readouterr().out.splitlines()
    assert max(map(len, [usage, *rest])) <= 80
    assert not [line for line in rest if line.endswith("...")]


def test_no_config_is_answered_with_how_to_make_one(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.chdir(str(tmp_path))
    assert run(["send", "--yes"]) == 78
    assert "digest init" in capsys.readouterr().err


def test_a_fault_of_our_own_is_told_without_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    @click.command()
    def broken() -> None:
        raise RuntimeError("boom")

    class Broken(Lazy):
        def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
            return broken if name == "check" else super().get_command(ctx, name)

    assert run(["check"], root=Broken("digest", params=digest.params, callback=digest.callback)) == 1
    shown = capsys.readouterr().err
    assert "RuntimeError: boom" in shown
    assert "Traceback" not in shown


def test_a_wrong_time_says_how_to_write_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["send", "--now", "yesterday"]) == 2
    assert "2026-03-04T06:30Z" in capsys.readouterr().err


def test_nobody_else_on_the_machine_may_read_what_a_command_writes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "digest", "init", "news"], cwd=tmp_path, check=True, umask=0o022)
    written = list(tmp_path.rglob("*"))
    assert len(written) > 15
    assert [each for each in written if each.stat().st_mode & 0o007] == []


def test_a_test_to_no_address_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["send", "--test", "nobody"]) == 2
    assert '"nobody" is no mail address' in capsys.readouterr().err
