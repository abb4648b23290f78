"""The config.toml of this repository: valid, complete, and true in its comments."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel

from digest.config import Secrets, Settings, read_config
from digest.config.settings import (
    CallToActionSettings,
    CollectSettings,
    NewsletterSettings,
    OutboxSettings,
    SendgridSettings,
    ServeSettings,
    SiteSettings,
    SmtpSettings,
    SourceSettings,
    SponsorSettings,
    StoreSettings,
    WriterSettings,
)

FILE = Path(__file__).parents[2] / "config.toml"
TABLES: dict[str, tuple[type[BaseModel], ...]] = {
    "[site]": (SiteSettings,),
    "[store]": (StoreSettings,),
    "[provider]": (OutboxSettings, SmtpSettings, SendgridSettings),
    "[collect]": (CollectSettings,),
    "[writer]": (WriterSettings,),
    "[serve]": (ServeSettings,),
    "[[newsletters]]": (NewsletterSettings,),
    "[newsletters.sponsor]": (SponsorSettings,),
    "[newsletters.call_to_action]": (CallToActionSettings,),
}


def block(header: str) -> str:
    text = FILE.read_text(encoding="utf-8")
    return text[text.index(f"\n{header}") + 1 :].split("\n[", 1)[0]


def test_the_demo_config_has_no_fault() -> None:
    settings = read_config(FILE, Secrets({})).settings
    assert len(settings.sources) >= 8
    assert settings.newsletters[0].slug == "morning"


@pytest.mark.parametrize("header", TABLES)
def test_every_setting_stands_in_it_and_shown_defaults_are_true(header: str) -> None:
    lines = block(header)
    for model in TABLES[header]:
        for name, field in model.model_fields.items():
            if name in ("sponsor", "call_to_action"):
                continue
            shown = re.search(rf"^(#\s*)?{name} = (.*?)(\s+#.*)?$", lines, re.MULTILINE)
            assert shown, f"{header} lacks {name}"
            if (
                shown[1]
                and not field.is_required()
                and (name, model) not in {("lists", NewsletterSettings), ("connections", SendgridSettings)}
            ):
                value = tomllib.loads(f"x = {shown[2]}")["x"]
                assert (tuple(value) if isinstance(value, list) else value) == field.default


def test_every_setting_of_a_source_is_named_in_it() -> None:
    text = FILE.read_text(encoding="utf-8")
    for name in SourceSettings.model_fields:
        assert re.search(rf"\b{name}\b", text), name


def test_the_tables_above_are_all_there_are() -> None:
    tables = {header.strip("[]").split(".")[0] for header in TABLES} | {"sources"}
    assert tables == set(Settings.model_fields)
