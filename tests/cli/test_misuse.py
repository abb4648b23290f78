"""What goes wrong around a command: times out of reach, a full disk, a pipe that closes, an odd terminal, no editor."""

from __future__ import annotations

import os
import shutil
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
    assert run(["--config", str(config), "subscribers", "export", "daily", "-o", str(nowhere)]) == 2
    assert f"{nowhere}: cannot be written: No such file or directory\n" in capsys.readouterr().err


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


def test_a_word_that_is_not_utf_8_is_named(config: Path) -> None:
    words = [
        *DIGEST,
        "--config",
        str(config),
        "subscribers",
        "add",
        "daily",
        "ben@reader.example.org",
        "--tag",
        b"b\xfft",
    ]
    ran = subprocess.run(words, capture_output=True, check=False)
    assert ran.returncode == 2
    assert ran.stderr == b"b\\xfft: not UTF-8, so it can be kept nowhere; write it in UTF-8\n"


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


def test_a_narrow_terminal_goes_on_below_the_first_word_of_a_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "32")
    told = [
        " 12. Bridge closed after a ship hits its pier",
        "     - Well-known ferry takes the lorries",
        "市議会が可決した" * 4,
    ]
    for each in told:
        show.line(each)
    assert capsys.readouterr().out.splitlines() == told
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    for each in told:
        show.line(each)
    first, *rest = capsys.readouterr().out.splitlines()
    assert [first, *rest[:3]] == [
        " 12. Bridge closed after a ship",
        "     hits its pier",
        "     - Well-known ferry takes",
        "       the lorries",
    ]
    assert max(map(show.cells, rest)) <= 32
    assert "".join(rest[3:]) == told[2]


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


def without_rights(*command: str) -> list[str]:
    """Return a command for which files are what their modes say, for root as well."""
    if os.geteuid():
        return list(command)
    if not shutil.which("setpriv"):
        pytest.skip("root may read everything, and there is no setpriv to change that")
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search", *command]


@pytest.mark.parametrize("name", ["digest.db", "link-keys"])
def test_a_file_that_another_user_made_is_named_with_its_mend(config: Path, name: str) -> None:
    file = config.parent / "var" / name
    file.chmod(0)
    command = without_rights(*DIGEST, "--config", str(config), "edition", "list")
    ran = subprocess.run(command, capture_output=True, text=True)
    assert ran.returncode == 1
    assert str(file) in ran.stderr
    assert "make the file and its folder readable and writable for this user" in ran.stderr


def test_init_names_what_it_could_not_write(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o555)
    command = without_rights(*DIGEST, "init", str(tmp_path / "closed"))
    ran = subprocess.run(command, capture_output=True, text=True)
    assert (ran.returncode, f"{tmp_path / 'closed'}" in ran.stderr) == (2, True)
    assert "cannot be written: Permission denied" in ran.stderr


def test_a_folder_in_the_place_of_the_config_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "config.toml").mkdir()
    monkeypatch.chdir(tmp_path)
    assert run(["check"]) == 78
    assert "config.toml:1:1: a folder, where a file should be" in capsys.readouterr().err
