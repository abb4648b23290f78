"""What editors complete config.toml by: it says of every file what reading it says."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from jsonschema import Draft7Validator, Draft202012Validator

from digest.cli.root import run
from digest.config import Secrets, read_config
from digest.config.schema import DIRECTIVE, NAME, schema_text
from digest.errors import ConfigError

SCHEMA = json.loads(schema_text())
LEAST = '[[newsletters]]\nslug = "daily"\n'

GOOD = {
    "nothing but a slug": LEAST,
    "one time": LEAST + 'send_at = "07:00"',
    "several times": LEAST + 'send_at = ["07:00", "17:30"]',
    "a provider of no kind": "[provider]\nfolder = 'mails'",
    "a mail server": '[site]\nsender = "news@example.org"\n[provider]\nkind = "smtp"\nhost = "mail.example.org"',
    "a sponsor": LEAST + '[newsletters.sponsor]\ntext = "Brought to you by tea"',
}
BAD = {
    "a misspelt key": "[serve]\nprot = 8000",
    "a key of another provider": '[site]\nsender = "a@example.org"\n[provider]\nkind = "sendgrid"\nhost = "x"',
    "a number in quotes": '[serve]\nport = "8000"',
    "a day there is not": LEAST + 'days = ["funday"]',
    "a newsletter of no name": '[[newsletters]]\ntitle = "x"',
    "an unknown table": "[sight]\ntitle = 'x'",
    "too late": LEAST + "late_hours = 100",
}


def is_read(text: str, folder: Path) -> bool:
    """Return whether reading the file finds no fault."""
    file = folder / "config.toml"
    file.write_text(text, encoding="utf-8")
    try:
        read_config(file, Secrets({}))
    except ConfigError:
        return False
    return True


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_what_is_read_without_fault_is_shown_without_fault(text: str, tmp_path: Path) -> None:
    assert is_read(text, tmp_path)
    assert list(Draft202012Validator(SCHEMA).iter_errors(tomllib.loads(text))) == []


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_a_fault_is_shown_where_reading_finds_one(text: str, tmp_path: Path) -> None:
    assert not is_read(text, tmp_path)
    assert list(Draft202012Validator(SCHEMA).iter_errors(tomllib.loads(text)))


def test_it_is_a_schema_also_to_editors_that_know_the_seventh_draft_alone() -> None:
    Draft7Validator.check_schema(SCHEMA)
    Draft202012Validator.check_schema(SCHEMA)


def test_every_setting_carries_its_sentence() -> None:
    tables = [SCHEMA, *SCHEMA["$defs"].values()]
    found = {
        name: each
        for table in tables
        for name, each in table["properties"].items()
        if not {"anyOf", "$ref"} & each.keys()
    }
    assert len(found) > 60
    assert [name for name, each in found.items() if "description" not in each] == []


def test_a_new_folder_has_it_beside_a_config_that_names_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", str(tmp_path / "news")]) == 0
    config = (tmp_path / "news" / "config.toml").read_text("utf-8")
    assert config.startswith(DIRECTIVE + "\n")
    assert config.count("#:schema") == 1
    assert (tmp_path / "news" / NAME).read_text("utf-8") == schema_text()
    assert list(Draft202012Validator(SCHEMA).iter_errors(tomllib.loads(config))) == []
    assert NAME in capsys.readouterr().out


def test_it_is_written_anew_and_nothing_else_is_touched(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(LEAST)
    (tmp_path / NAME).write_text("{}")
    assert run(["init", "--schema", str(tmp_path)]) == 0
    assert (tmp_path / NAME).read_text("utf-8") == schema_text()
    assert sorted(each.name for each in tmp_path.iterdir()) == [NAME, "config.toml"]
    assert (tmp_path / "config.toml").read_text() == LEAST


def test_the_bundled_config_names_the_schema_of_the_reference() -> None:
    root = Path(__file__).parents[2]
    first = (root / "config.toml").read_text("utf-8").splitlines()[0]
    assert (root / first.removeprefix("#:schema ")).read_text("utf-8") == schema_text()
