"""A file is the old one or the new one, whole, whenever its writer dies."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from digest.config import read_config
from digest.errors import UsageError
from digest.pipeline.placing import alone_with, keep_as, replacing
from digest.pipeline.starting import start
from tests.dying import dies_before_step, lives
from tests.newsroom import NOW


def write(file: Path, words: str) -> None:
    with replacing(file) as draft:
        draft.write_text(words)


def test_it_is_the_old_one_or_the_new_one(tmp_path: Path) -> None:
    for step in range(1, 20):
        file = tmp_path / str(step) / "[file].toml"
        file.parent.mkdir()
        file.write_text("old")
        with dies_before_step(step):
            is_over = lives(partial(write, file, "new"))
        assert file.read_text() in ("old", "new")
        for draft in file.parent.iterdir():
            os.utime(draft, (0, 0))
        write(file, "newer")
        assert [each.name for each in file.parent.iterdir()] == ["[file].toml"]
        if is_over:
            return
    raise AssertionError("more than 20 steps")


def break_off(file: Path) -> None:
    with replacing(file) as draft:
        draft.write_text("half")
        raise KeyError("no more of it")


def test_what_raises_changes_nothing_and_leaves_nothing(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("old")
    with pytest.raises(KeyError):
        break_off(file)
    assert [each.read_text() for each in tmp_path.iterdir()] == ["old"]


def test_a_draft_that_another_process_may_still_write_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "file"
    theirs = tmp_path / ".file.1.ab.new"
    theirs.write_text("theirs")
    write(file, "new")
    assert theirs.read_text() == "theirs"


def test_a_second_name_never_takes_the_place_of_another_file(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_text("one")
    other.write_text("other")
    with pytest.raises(FileExistsError):
        keep_as(one, other)
    assert other.read_text() == "other"


def test_a_folder_whose_maker_died_is_begun_anew_by_the_same_command(tmp_path: Path) -> None:
    for step in range(1, 20):
        folder = tmp_path / str(step)
        with dies_before_step(step):
            is_over = lives(partial(start, folder, NOW))
        if (folder / "config.toml").exists():
            with pytest.raises(UsageError, match="is there already"):
                start(folder, NOW)
        else:
            start(folder, NOW)
        assert read_config(folder / "config.toml").settings.sources
        if is_over:
            return
    raise AssertionError("more than 20 steps")


def count_on(file: Path) -> None:
    with alone_with(file):
        number = int(file.read_text())
        write(file, str(number + 1))


def test_changes_at_once_come_one_after_the_other_and_none_is_lost(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("0")
    with ThreadPoolExecutor(8) as others:
        list(others.map(count_on, [file] * 40))
    assert file.read_text() == "40"
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_who_waits_takes_the_file_that_was_put_there_meanwhile(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("0")
    with ThreadPoolExecutor(1) as other, alone_with(file):
        theirs = other.submit(count_on, file)
        write(file, "10")
        assert not theirs.done()
    theirs.result()
    assert file.read_text() == "11"


def test_who_waits_too_long_is_told(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("0")
    with alone_with(file), pytest.raises(TimeoutError, match="another process is changing it"), alone_with(file, 0.0):
        pass
