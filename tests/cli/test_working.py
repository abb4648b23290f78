"""digest work and digest store move, from the command line."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from digest.cli.root import digest
from digest.store import Store


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(digest, ["init", "."], catch_exceptions=False).exit_code == 0
    return tmp_path


def run(*words: str):
    return CliRunner().invoke(digest, list(words), standalone_mode=False, catch_exceptions=False)


def test_a_worker_with_nothing_to_do_goes_home(place):
    assert run("work", "--until-idle").return_value == 0


def test_a_store_is_copied_and_counted(place):
    assert run("subscribers", "list").exit_code == 0
    result = run("store", "move", f"sqlite:///{place}/copy/digest.db")
    assert result.return_value == 0
    assert "lists\t" in result.stdout
    copy = Store.open(f"sqlite:///{place}/copy/digest.db", migrate=False)
    assert copy.name.endswith("copy/digest.db")
    copy.close()
