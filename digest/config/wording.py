"""Pydantic's findings as faults for people: where, what, and the mend; reads no file."""

from __future__ import annotations

import difflib
import re
import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from digest.config.positions import Path as Place
from digest.config.positions import Places
from digest.config.raw import shown
from digest.config.settings import PROVIDERS, Settings
from digest.errors import Fault

SECRET_WORDS = ("password", "secret", "token", "api_key", "apikey", "key", "passphrase")


def fault_of(file: Path, places: Places, document: dict[str, Any], detail: ErrorDetails) -> Fault:
    """Return one finding with the place it has in the file."""
    place = _document_place(document, detail["loc"])
    key = next((part for part in reversed(place) if isinstance(part, str)), "")
    match detail["type"]:
        case "extra_forbidden":
            return Fault(file, *places.of_key(place), _unknown_key(key, detail["loc"]))
        case "missing":
            return Fault(file, *places.of_key(place[:-1]), f'missing key "{shown(key)}"; {_describe(detail["loc"])}')
        case "union_tag_invalid":
            kind = detail["input"].get("kind")
            what = f'unknown kind "{shown(kind)}"{guess(str(kind), list(PROVIDERS), otherwise=True)}'
            return Fault(file, *places.of_value((*place, "kind")), what)
        case _:
            value = detail["input"]
            written = str(value).lower() if isinstance(value, bool) else shown(value)
            quoted = f' "{written}"' if isinstance(value, str | int | float) else ""
            if detail["type"] == "tuple_type" and isinstance(value, dict):
                what = f"[{shown(key)}] is one of several: write [[{shown(key)}]], with two brackets on each side"
                return Fault(file, *places.of_value(place), what)
            return Fault(file, *places.of_value(place), f"{key}{quoted}: {_in_words(detail)}")


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
            return f"should be one of {', '.join(expected)}{guess(str(detail['input']), expected)}"
        case "string_pattern_mismatch" if "a-z0-9-" in str(context["pattern"]):
            return "should be a short name of a-z, 0-9 and '-'"
        case _:
            return detail["msg"].replace("Input should", "should")


def _unknown_key(key: str, loc: tuple[int | str, ...]) -> str:
    if any(word == key.lower() or key.lower().endswith(f"_{word}") for word in SECRET_WORDS):
        return (
            f'"{shown(key)}" looks like a secret; this file is copied and committed, so secrets never belong in it: '
            "set SENDGRID_API_KEY or BROADSHEET_SMTP_PASSWORD in the environment"
        )
    model = _model_at(loc[:-1])
    elsewhere = [kind for kind, one in PROVIDERS.items() if model in PROVIDERS.values() and key in one.model_fields]
    if elsewhere:
        return f'key "{key}" belongs to kind = "{elsewhere[0]}", not to this one'
    known = list(model.model_fields) if model else []
    return f'unknown key "{shown(key)}"{guess(key, known, otherwise=True)}'


def guess(word: str, known: list[str], *, otherwise: bool = False) -> str:
    """Return a hint at the word probably meant; with ``otherwise``, the words there are where none is near."""
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
