"""Splits the facts at the head of a text file from its text: TOML between ``+++``, plain keys between ``---``."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from digest.errors import SourceError

_FENCED = re.compile(r"\A(---|\+\+\+)[ \t]*\n(.*?)(?:^|\n)(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_KEY = re.compile(r"([A-Za-z_][\w-]*)[ \t]*:[ \t]*(.*)$")
_ITEM = re.compile(r"[ \t]*-[ \t]+(.*)$")
_COMMENT = re.compile(r"\s+#.*$")
_WORDS = {"true": True, "yes": True, "false": False, "no": False, "null": "", "~": ""}


def split(text: str, name: str) -> tuple[dict[str, Any], str]:
    """Return the facts by lower-case key and the text behind them; ``name`` is the file, for the error.

    Between ``---`` stand ``key: value`` lines: text with or without quotes, ``[lists, like this]``, lists of
    ``- items`` below their key, ``true`` and ``false``. Nested keys are not understood and raise SourceError.
    """
    found = _FENCED.match(text)
    if found is None:
        return {}, text
    facts = _toml(found[2], name) if found[1] == "+++" else _plain(found[2], name)
    return {key.lower().replace("-", "_"): value for key, value in facts.items()}, text[found.end() :]


def _toml(text: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SourceError(f"file left out: {name}: its front matter is no TOML: {error}") from error
    except (
        ValueError,
        RecursionError,
    ) as error:  # beyond what Python reads of any file
        what = "holds a number of thousands of digits" if isinstance(error, ValueError) else "is nested too deep"
        raise SourceError(f"file left out: {name}: its front matter {what}") from error


def _plain(text: str, name: str) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    last = ""
    for number, line in enumerate(text.splitlines(), 2):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        item = _ITEM.match(line)
        if item and last and (not facts[last] or isinstance(facts[last], list)):
            facts[last] = [*(facts[last] or []), _value(item[1])]
        elif key := _KEY.match(line):
            last = key[1]
            facts[last] = _list(key[2]) if key[2].startswith("[") else _value(key[2])
        else:
            raise SourceError(f"file left out: {name}:{number}: {line.strip()!r} is no 'key: value'")
    return facts


def _value(text: str) -> Any:
    text = text.strip()
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1].replace('\\"', '"')
    text = _COMMENT.sub("", text)
    return _WORDS.get(text.lower(), text)


def _list(text: str) -> list[Any]:
    return [_value(part) for part in _COMMENT.sub("", text).strip("[] \t").split(",") if part.strip()]
