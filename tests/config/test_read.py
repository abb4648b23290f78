"""Faults in config.toml: all at once, each with its place and its mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from digest.config import OutboxSettings, Secrets, SmtpSettings, find_config, read_config
from digest.errors import ConfigError

NO_SECRETS = Secrets({})


def faults_of(folder: Path, text: str) -> list[str]:
    file = folder / "config.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_config(file, NO_SECRETS)
    return [str(fault).removeprefix(f"{file}:") for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('[provider]\nkind = "smtp"\n  prot = 25\n[site]\nsender = "a@b.example"', '3:3: unknown key "prot"; did you mean "port"?'),
        ('[site]\ntimezone = "Paris"', "2:12: timezone \"Paris\": not a time zone; write it as in the tz database, such as Europe/Paris"),
        ('[provider]\nkind = "smpt"', '2:8: unknown kind "smpt"; did you mean "smtp"?'),
        ('[provider]\nkind = "smtp"', '2:8: kind = "smtp" needs [site] sender, the From address'),
        ('[provider]\nhost = "x"', '2:1: key "host" belongs to kind = "smtp", not to this one'),
        ('[[sources]]\nslug = "a"', '1:1: source "a" needs url or path'),
        ('[[sources]]\nslug = "a"\nurl = "https://a.example"\npath = "x"', '1:1: source "a" has url and path; one of them is enough'),
        ('[[sources]]\npath = "x"', '1:1: missing key "slug"; short name in lower case, used everywhere else'),
        ('[[sources]]\nslug = "a"\npath = "x"\nweight = "3"', '4:10: weight "3": should be a number, without quotes'),
        ('[[newsletters]]\nslug = "n"\nsources = ["b"]\n[[sources]]\nslug = "a"\npath = "x"', '3:12: no source has the slug "b"; known here: a'),
        ('[[newsletters]]\nslug = "n"\n[[newsletters]]\nslug = "n"', '4:8: the slug "n" is taken by another of the newsletters'),
        ('[[newsletters]]\nslug = "n"\nsend_at = ["07:00", "7:00"]', '3:21: send_at "7:00": not a time of day; write hours and minutes, such as "07:00"'),
        ('[[newsletters]]\nslug = "n"\ndays = ["mond"]', '3:9: days "mond": should be one of mon, tue, wed, thu, fri, sat, sun; did you mean "mon"?'),
        ("[site\n", "1:6: not TOML: expected ']' at the end of a table declaration"),
        ('[newsletters]\nslug = "n"', "1:1: [newsletters] is one of several: write [[newsletters]], with two brackets on each side"),
        ('[[newsletters]]\nslug = "n"\napproval = true', '3:12: approval "true": should be one of automatic, required'),
        ('[site]\nlanguage = "german"', '2:12: language "german": not the tag of a language; write it as "de", "en-GB" or "pt-BR"'),
        ('[site]\n[collect]\n[site]\n', "3:6: not TOML: [site] stands here a second time; put its lines under the first one"),
        ('[site]\ntitle = "a"\ntitle = "b"\n', "3:12: not TOML: this key was set before; keep one of the two lines"),
        ('[site]\ntitle = The Daily\n', '2:9: not TOML: invalid value; a text stands in straight quotes, as in title = "The Daily"'),
        ('[site]\ntitle = "The Daily\n', '2:19: not TOML: a text has no end on its line; put a " where it ends'),
        ('[serve]\nport = 99999', "2:8: port \"99999\": should be less than or equal to 65535"),
        ('[writer]\nmodel = "small"', "2:9: model alone writes no dek; set base_url too, or neither"),
        ('sources = 3', "1:11: sources \"3\": should be a list, such as [\"…\", \"…\"]"),
    ],
)  # fmt: skip
def test_a_fault_names_its_place_and_its_mend(tmp_path: Path, text: str, fault: str) -> None:
    assert fault in faults_of(tmp_path, text)


def test_all_faults_are_told_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = '[site]\ntitel = "x"\n[[sources]]\nslug = "A b"\n[[newsletters]]\nslug = "n"\nsources = ["zz"]\n'
    assert [fault.split(": ")[0] for fault in faults_of(tmp_path, text)] == ["2:1", "3:1", "4:8", "7:12"]


def test_a_secret_in_the_file_is_refused_with_the_reason(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, '[site]\nsender = "a@b.example"\n[provider]\nkind = "sendgrid"\napi_key = "SG.x"')
    assert fault.startswith('5:1: "api_key" looks like a secret')
    assert "SENDGRID_API_KEY" in fault
    assert "SG.x" not in fault


def test_a_newsletter_with_nothing_but_a_slug_works(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[[newsletters]]\nslug = "daily"\n')
    config = read_config(file, NO_SECRETS)
    (newsletter,) = config.settings.newsletters
    assert newsletter.audience == ("daily",)
    assert newsletter.send_at == ("07:00",)
    assert isinstance(config.settings.provider, OutboxSettings)
    assert config.resolve("var/x.db") == tmp_path / "var/x.db"


def test_a_provider_is_chosen_by_its_kind(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[site]\nsender = "News <n@b.example>"\n[provider]\nkind = "smtp"\nport = 2525\n')
    provider = read_config(file, NO_SECRETS).settings.provider
    assert isinstance(provider, SmtpSettings)
    assert provider.port == 2525


def test_a_missing_file_says_how_to_make_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match="digest init"):
        find_config()


def test_a_file_that_is_no_text_is_a_fault_not_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="not UTF-8"):
        read_config(tmp_path / "config.toml", NO_SECRETS)


def test_secrets_come_from_the_environment_a_file_or_the_credentials_directory(tmp_path: Path) -> None:
    (tmp_path / "SENDGRID_API_KEY").write_text("from-directory\n")
    (tmp_path / "key").write_text("from-file\n")
    directory = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    assert Secrets(directory).get("SENDGRID_API_KEY") == "from-directory"
    assert Secrets({**directory, "SENDGRID_API_KEY_FILE": str(tmp_path / "key")}).get("SENDGRID_API_KEY") == "from-file"
    assert Secrets({**directory, "SENDGRID_API_KEY": "from-env"}).get("SENDGRID_API_KEY") == "from-env"
    assert Secrets({}).get("SENDGRID_API_KEY") == ""
    with pytest.raises(ConfigError, match="SENDGRID_API_KEY_FILE"):
        Secrets({"SENDGRID_API_KEY_FILE": str(tmp_path / "none")}).get("SENDGRID_API_KEY")
