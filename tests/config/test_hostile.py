"""Whatever stands in config.toml, what comes of it is settings or faults with their places, and never a traceback."""

from __future__ import annotations

import json
from email.utils import parseaddr
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digest.bootstrap import sender
from digest.config import Secrets, Settings, read_config
from digest.config.raw import deep_key
from digest.errors import ConfigError

NO_SECRETS = Secrets({})
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(
    [
        "a\nb",
        "\x00",
        "\x1b[31m",
        "\u202e",
        "http://[",
        "https://x:99999/",
        "24:00",
        "1٢:0٠",
        "W01-1",
        "~nobody/x",
        "x" * 900,
    ]
)
NUMBERS = st.sampled_from(
    ["-0", "1e400", "-inf", "nan", str(2**63), "9" * 400, "9" * 5000, "0x" + "f" * 5000, "true", "23:59:60"]
)
MOMENTS = st.sampled_from(["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "0000-01-01", "07:32:00"])
SHAPES = st.sampled_from(
    ["[]", "{}", "[[]]", "[{a={}}]", "[1, 'a']", "[" * 400 + "]" * 400, "{a=" * 40 + "1" + "}" * 40]
)
VALUES = TEXTS.map(json.dumps) | NUMBERS | MOMENTS | SHAPES
KEYS = st.sampled_from(
    [
        "[site]\ntitle = {}",
        "[site]\nbase_url = {}",
        "[site]\nsender = {}",
        "[store]\nurl = {}",
        "[provider]\nkind = {}",
        "[provider]\nkind = 'smtp'\nport = {}",
        "[collect]\nhost_gap = {}",
        "[[sources]]\nslug = {}",
        "[[sources]]\nslug = 's'\npath = 'x'\nfull_text = {}",
        "[[newsletters]]\nslug = 'n'\nsend_at = [{}]",
        "[[newsletters]]\nslug = 'n'\nholidays = [{}]",
        "[[newsletters]]\nslug = 'n'\nsources = [{}]",
        "[[newsletters]]\nslug = 'n'\nsponsor = {}",
        "newsletters = {}",
        "{} = 1",
    ]
)


def faults_of(folder: Path, text: str) -> list[str]:
    file = folder / "config.toml"
    file.write_text(text, encoding="utf-8", newline="")
    try:
        read_config(file, NO_SECRETS)
    except ConfigError as error:
        return [str(fault).removeprefix(f"{file}:") for fault in error.faults]
    return []


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(key=KEYS, value=VALUES)
def test_any_value_is_taken_or_told_of_in_one_short_line(tmp_path: Path, key: str, value: str) -> None:
    for fault in faults_of(tmp_path, key.format(value)):
        assert fault[0].isdigit()
        assert len(fault) < 900
        assert not any(ord(sign) < 32 or 127 <= ord(sign) < 160 or sign == "\u202e" for sign in fault), fault


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[serve]\n\nport = " + "9" * 5000, "3:1: a number of 5000 digits; write a smaller one"),
        ("[serve]\nport = 0x" + "f" * 5000, "2:8: a number beyond all bounds; write a smaller one"),
        ("[site]\ntitle = " + "[" * 500 + "]" * 500, "1:1: nested deeper than 20 levels"),
        ('[site]\ntitle = "a\\u0000b"', "2:9: this text holds the unseen character U+0000; take it out"),
        ('[site]\n"\\u001b" = 1', "1:1: the key holds the unseen character U+001B; take it out"),
        ('[site]\ntimezone = "\\u202eParis"', '2:12: timezone "\\u202eParis": not a time zone'),
        ("[provider]\nkind = []", "2:8: unknown kind"),
        ('[site]\nbase_url = "https://[news.example"', '2:12: base_url "https://[news.example": not a web address'),
        ('[site]\nbase_url = "https://news.example:99999"', "up to 65535"),
        ('[site]\nbase_url = "https://a news.example"', "there is a space in it"),
        ('[site]\nsender = "a@b..example"', "2:10: sender"),
        ('[[newsletters]]\nslug = "n"\nsend_at = "1٢:0٠"', "3:11: send_at"),
        ('[[newsletters]]\nslug = "n"\nholidays = ["2026-W01-1"]', "3:13: holidays"),
    ],
)
def test_a_value_nothing_can_be_done_with_is_named_with_its_place(tmp_path: Path, text: str, fault: str) -> None:
    assert any(fault in told for told in faults_of(tmp_path, text)), faults_of(tmp_path, text)


def test_the_home_of_somebody_unknown_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("")
    with pytest.raises(ConfigError, match="no home folder is known"):
        read_config(tmp_path / "config.toml", NO_SECRETS).resolve("~nobody-of-this-name/out")


def test_a_title_with_a_comma_is_still_one_sender(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[site]\ntitle = "News, Views (and a \\"word\\")"')
    config = read_config(tmp_path / "config.toml", NO_SECRETS)
    assert isinstance(config.settings, Settings)
    assert parseaddr(sender(config).address) == ('News, Views (and a "word")', "news@localhost")


DEEP = "a." * 30 + "a"


@pytest.mark.parametrize(
    "text",
    [
        f"{'a.' * 200_000}a = 1",
        f"[site]\ntitle = 'x'\n[{'a.' * 200_000}a]",
        f"x = {{{DEEP} = 1}}",
        "'a' . \"b\" . " * 12 + "c = 1",
        f'x = """\n\\"""\n"""\n{DEEP} = 1',
        f"x = {'[' * 5} {{{DEEP} = 1}} {']' * 5}",
    ],
)
def test_a_key_of_too_many_names_is_refused_before_it_is_parsed(tmp_path: Path, text: str) -> None:
    (fault,) = faults_of(tmp_path, text)
    assert fault.endswith("nested deeper than 20 levels")
    assert fault.startswith(f"{text.count(chr(10)) + 1}:")


@pytest.mark.parametrize(
    "title",
    [f'"{DEEP}"', f"'{DEEP}'", f'"""\n{DEEP}\n"""', f"'''{DEEP}'''", f'"x"  # {DEEP}', f'""""{DEEP}""""', '"\\""'],
)
def test_dots_in_a_text_part_no_names(tmp_path: Path, title: str) -> None:
    assert faults_of(tmp_path, f"[site]\ntitle = {title}\n") == []


@pytest.mark.parametrize(
    "text", ['\\"' * 100_000, '"""\\"""\\' * 30_000, "'\"" * 100_000, ("a." * 18 + "a = 1\n") * 5_000]
)
def test_no_text_is_looked_through_for_keys_again_and_again(text: str) -> None:
    assert deep_key(text) is None
