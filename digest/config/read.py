"""Reads config.toml and says every fault in it at once, each with its line, column and mend."""

from __future__ import annotations

import difflib
import re
import tomllib
import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from digest.config.positions import Path as Place
from digest.config.positions import Places, locate
from digest.config.secrets import Secrets
from digest.config.settings import PROVIDERS, Settings
from digest.errors import ConfigError, Fault

SECRET_WORDS = ("password", "secret", "token", "api_key", "apikey", "key", "passphrase")


@dataclass(frozen=True, slots=True)
class Config:
    """A config file that has been read: its settings, its secrets, and the folder its paths start from."""

    file: Path  #: as the person named it
    settings: Settings
    secrets: Secrets

    @property
    def folder(self) -> Path:
        """The folder that relative paths in the file start from."""
        return self.file.resolve().parent

    def resolve(self, path: str) -> Path:
        """Return ``path`` as seen from the config file's folder."""
        return self.folder / Path(path).expanduser()


def find_config(named: str | None = None) -> Path:
    """Return the config file: the one named, else config.toml here; raise ConfigError where there is none."""
    file = Path(named or "config.toml")
    if file.is_dir():
        file = file / "config.toml"
    if not file.is_file():
        mend = "make one with: digest init ." if not named else "check the name given with --config"
        raise ConfigError([Fault(file, 1, 1, f"no such file; {mend}")])
    return file


def read_config(file: Path, secrets: Secrets | None = None) -> Config:
    """Read and validate ``file``; raise ConfigError with all its faults."""
    text = _text(file)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([_syntax_fault(file, text, error)]) from error
    places = locate(text)
    faults = list(_faults(file, document, places))
    if faults:
        raise ConfigError(sorted(faults, key=lambda fault: (fault.line, fault.column)))
    settings = Settings.model_validate(_frozen(document))
    return Config(file, settings, secrets or Secrets.from_environment())


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError([Fault(file, 1, 1, "not UTF-8 text; save the file as UTF-8")]) from error
    except OSError as error:
        raise ConfigError([Fault(file, 1, 1, f"cannot be read: {error.strerror}")]) from error


def _syntax_fault(file: Path, text: str, error: tomllib.TOMLDecodeError) -> Fault:
    """Make a fault of tomllib's message, which carries the place in words."""
    message = str(error)
    if match := re.search(r"\s*\(at line (\d+), column (\d+)\)", message):
        return Fault(file, int(match[1]), int(match[2]), f"not TOML: {message[: match.start()].lower()}")
    lines = text.split("\n")
    what = re.sub(r"\s*\(at end of document\)", " at the end of the file", message).lower()
    return Fault(file, len(lines), len(lines[-1]) + 1, f"not TOML: {what}")


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _frozen(item) for key, item in value.items()}
    if isinstance(value, list):
        return tuple(_frozen(item) for item in value)
    return value


def _faults(file: Path, document: dict[str, Any], places: Places) -> Iterator[Fault]:
    if isinstance(provider := document.get("provider"), dict):
        provider.setdefault("kind", "outbox")
    try:
        Settings.model_validate(_frozen(document))
    except ValidationError as error:
        yield from _unique(_fault(file, places, document, detail) for detail in error.errors())
    for place, what in _contradictions(document):
        yield Fault(file, *places.of_value(place), what)


def _unique(faults: Iterator[Fault]) -> Iterator[Fault]:
    """Let one wrong value speak once, also where a union tried it in several ways."""
    seen = set()
    for fault in faults:
        if (fault.line, fault.column) not in seen:
            seen.add((fault.line, fault.column))
            yield fault


def _fault(file: Path, places: Places, document: dict[str, Any], detail: ErrorDetails) -> Fault:
    place = _document_place(document, detail["loc"])
    key = next((part for part in reversed(place) if isinstance(part, str)), "")
    match detail["type"]:
        case "extra_forbidden":
            return Fault(file, *places.of_key(place), _unknown_key(key, detail["loc"]))
        case "missing":
            return Fault(file, *places.of_key(place[:-1]), f'missing key "{key}"; {_describe(detail["loc"])}')
        case "union_tag_invalid":
            kind = detail["input"].get("kind")
            what = f'unknown kind "{kind}"{_guess(str(kind), list(PROVIDERS), otherwise=True)}'
            return Fault(file, *places.of_value((*place, "kind")), what)
        case _:
            shown = f' "{detail["input"]}"' if isinstance(detail["input"], str | int | float) else ""
            return Fault(file, *places.of_value(place), f"{key}{shown}: {_in_words(detail)}")


def _document_place(document: Any, loc: tuple[int | str, ...]) -> Place:
    """Drop the parts of a pydantic location that name a member of a union, not a key."""
    place: Place = ()
    at = document
    for index, part in enumerate(loc):
        is_last = index == len(loc) - 1
        if isinstance(at, dict) and (part in at or is_last):
            if part not in at and (part in PROVIDERS or "[" in str(part)):
                continue
            place, at = (*place, part), at.get(str(part))
        elif isinstance(at, list) and isinstance(part, int):
            place, at = (*place, part), at[part] if part < len(at) else None
    return place


def _in_words(detail: ErrorDetails) -> str:
    """Say pydantic's complaint the way a person would."""
    context = detail.get("ctx", {})
    match detail["type"]:
        case "value_error":
            return str(context["error"])
        case "string_type":
            return 'should be text in quotes, such as "…"'
        case "int_type" | "float_type":
            return "should be a number, without quotes"
        case "bool_type":
            return "should be true or false, without quotes"
        case "tuple_type":
            return 'should be a list, such as ["…", "…"]'
        case "model_type" | "model_attributes_type" | "dict_type":
            return "should be a table, written under a [header] of its own"
        case "literal_error":
            expected = re.findall(r"'([^']*)'", str(context["expected"]))
            return f"should be one of {', '.join(expected)}{_guess(str(detail['input']), expected)}"
        case "string_pattern_mismatch" if "a-z0-9-" in str(context["pattern"]):
            return "should be a short name of a-z, 0-9 and '-'"
        case _:
            return detail["msg"].replace("Input should", "should")


def _unknown_key(key: str, loc: tuple[int | str, ...]) -> str:
    if any(word == key.lower() or key.lower().endswith(f"_{word}") for word in SECRET_WORDS):
        return (
            f'"{key}" looks like a secret; this file is copied and committed, so secrets never belong in it: '
            "set SENDGRID_API_KEY or BROADSHEET_SMTP_PASSWORD in the environment"
        )
    model = _model_at(loc[:-1])
    elsewhere = [kind for kind, one in PROVIDERS.items() if model in PROVIDERS.values() and key in one.model_fields]
    if elsewhere:
        return f'key "{key}" belongs to kind = "{elsewhere[0]}", not to this one'
    known = list(model.model_fields) if model else []
    return f'unknown key "{key}"{_guess(key, known, otherwise=True)}'


def _guess(word: str, known: list[str], *, otherwise: bool = False) -> str:
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if close:
        return f'; did you mean "{close[0]}"?'
    return f"; known here: {', '.join(known)}" if otherwise and known else ""


def _describe(loc: tuple[int | str, ...]) -> str:
    model = _model_at(loc[:-1])
    name = str(loc[-1])
    described = model.model_fields[name].description if model and name in model.model_fields else None
    return described[0].lower() + described[1:].rstrip(".") if described else "it has no default"


def _model_at(loc: tuple[int | str, ...]) -> type[BaseModel] | None:
    """Return the model that a pydantic location leads into."""
    model: type[BaseModel] | None = Settings
    for part in loc:
        if isinstance(part, int):
            continue
        if part in PROVIDERS:
            model = PROVIDERS[str(part)]
        elif model is not None and part in model.model_fields:
            model = next(_models_in(model.model_fields[str(part)].annotation), None)
    return model


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif typing.get_origin(annotation) in (tuple, types.UnionType, typing.Union, typing.Annotated):
        for argument in typing.get_args(annotation):
            yield from _models_in(argument)


def _contradictions(document: dict[str, Any]) -> Iterator[tuple[Place, str]]:
    """Find what each value allows and all together do not; takes the raw document, faulty or not."""
    sources, newsletters = _tables(document, "sources"), _tables(document, "newsletters")
    yield from _twice("sources", sources)
    yield from _twice("newsletters", newsletters)
    for index, source in enumerate(sources):
        if bool(source.get("url")) == bool(source.get("path")):
            what = "has url and path; one of them is enough" if source.get("url") else "needs url or path"
            yield ("sources", index), f'source "{source.get("slug", index + 1)}" {what}'
    slugs = [str(source.get("slug")) for source in sources]
    for index, newsletter in enumerate(newsletters):
        named = newsletter.get("sources", [])
        for number, slug in enumerate(named if isinstance(named, list) else []):
            if slug not in slugs:
                place = ("newsletters", index, "sources", number)
                yield place, f'no source has the slug "{slug}"{_guess(str(slug), slugs, otherwise=True)}'
    provider, site = document.get("provider"), document.get("site")
    kind = provider.get("kind", "outbox") if isinstance(provider, dict) else "outbox"
    if kind in PROVIDERS and kind != "outbox" and not (isinstance(site, dict) and site.get("sender")):
        yield ("provider", "kind"), f'kind = "{kind}" needs [site] sender, the From address'


def _tables(document: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = document.get(name, [])
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _twice(table: str, rows: list[dict[str, Any]]) -> Iterator[tuple[Place, str]]:
    slugs = [row.get("slug") for row in rows]
    for index, slug in enumerate(slugs):
        if slug is not None and slug in slugs[:index]:
            yield (table, index, "slug"), f'the slug "{slug}" is taken by another of the {table}'
