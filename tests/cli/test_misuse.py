"""What goes wrong around a command: times out of reach, a full disk, a pipe that closes, an odd terminal, no editor."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from digest.cli import show
from digest.cli.root import run
from tests.newsroom import Newsroom

DIGEST = (sys.executable, "-m", "digest")


@pytest.fixture
def config(newsroom: Newsroom) -> Path:
    """A newsletter with a reader."""
    newsroom.add("ada@reader.example.org")
    return newsroom.write_config()


@pytest.mark.parametrize("moment", ["0001-01-01", "9999-12-31T23:59", "1970-12-31"])
def test_a_time_that_nothing_can_be_reckoned_from_is_misuse(newsroom: Newsroom, moment: str) -> None:
    ran = newsroom.digest("preview", "--now", moment, now=None)
    assert ran.code == 2
    assert "1971 to 2999" in ran.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize("words", [["subscribers", "list"], ["--help"], ["subscribers", "export", "daily"]])
def test_a_full_disk_is_said_in_a_sentence(config: Path, words: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            [*DIGEST, "--config", str(config), *words], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (ran.returncode, ran.stderr) == (1, "No space left on device\n")


def test_a_file_that_cannot_be_written_is_named(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nowhere = config.parent / "nowhere" / "people.csv"
    assert run(["--config", str(config), "subscribers", "export", "daily", "-o", str(nowhere)]) == 1
    assert capsys.readouterr().err == f"{nowhere}: No such file or directory\n"


def test_a_pipe_that_closes_early_leaves_nothing_to_say(config: Path) -> None:
    words = [*DIGEST, "--config", str(config), "subscribers", "export", "daily"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 1


def test_a_letter_that_the_terminal_lacks_is_shown_as_its_number(tmp_path: Path) -> None:
    feed = tmp_path / "feed.xml"
    feed.write_text("<rss version='2.0'><channel><title>Møre و</title></channel></rss>")
    ran = subprocess.run(
        [*DIGEST, "inspect", "feed", str(feed)],
        env={"PYTHONIOENCODING": "latin-1", "PATH": "/usr/bin:/bin"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        check=False,
    )
    assert b"M\xf8re \\u0648" in ran.stdout, ran.stderr


def test_a_list_is_not_opened_in_an_editor_that_nobody_sits_at(
    config: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EDITOR", raising=False)
    monkeypatch.delenv("VISUAL", raising=False)
    assert run(["--config", str(config), "subscribers", "edit", "daily"]) == 2
    assert "nobody is there to edit" in capsys.readouterr().err


def test_a_narrow_terminal_wraps_the_last_column(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    rows = [("herald", "it could not be read for a reason of many words"), ("quay", "")]
    show.table(("source", "trouble"), rows)
    whole = capsys.readouterr().out
    assert "herald  it could not be read for a reason of many words" in whole
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    show.table(("source", "trouble"), rows)
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 40
    assert lines[2:5] == ["herald  it could not be read for a", "        reason of many words", "quay"]
    monkeypatch.setenv("COLUMNS", "20")
    show.table(("source", "trouble"), rows)
    lines = capsys.readouterr().out.splitlines()
    below = ["  it could not be", "  read for a reason", "  of many words"]
    assert lines == ["source  trouble", "------  -------", "herald", *below, "quay"]


def test_a_folder_whose_name_is_no_text_is_refused_before_anything_is_made(
    tmp_path: Path, newsroom: Newsroom, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = tmp_path / os.fsdecode(b"Z\xfcrich")
    assert run(["init", str(odd)]) == 2
    assert "Z\\xfcrich: the name is not UTF-8; rename it" in capsys.readouterr().err
    assert not odd.exists()
    odd.mkdir()
    (odd / "config.toml").write_bytes(newsroom.write_config().read_bytes())
    assert run(["--config", str(odd), "collect"]) == 2
    assert "config not read: " in capsys.readouterr().err
    assert [each.name for each in odd.iterdir()] == ["config.toml"]


def test_the_next_step_can_be_typed_where_a_folder_has_a_space_in_its_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["init", str(tmp_path / "my news"), "--without-samples"]) == 0
    assert f"cd '{tmp_path / 'my news'}' && digest sources add" in capsys.readouterr().out
