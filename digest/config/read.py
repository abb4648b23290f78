"""Reads config.toml and says every fault in it at once, each with its line, column and mend."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from digest.config.contradictions import contradictions
from digest.config.positions import Places, line_and_column, locate
from digest.config.raw import DEEPEST, deep_key, unusable
from digest.config.secrets import Secrets
from digest.config.settings import Settings
from digest.config.wording import fault_of
from digest.errors import ConfigError, Fault, UsageError, demand_text


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
        try:
            return self.folder / Path(path).expanduser()
        except RuntimeError as error:
            what = f'no home folder is known for "{path}"; write the folder out'
            raise ConfigError([Fault(self.file, 1, 1, what)]) from error


def find_config(named: str | None = None) -> Path:
    """Return the config file: the one named, else config.toml here; raise ConfigError where there is none."""
    file = Path(named or "config.toml")
    if named and file.is_dir():
        file = file / "config.toml"
    if not file.is_file():
        if file.is_dir():
            raise ConfigError([Fault(file, 1, 1, "a folder, where a file should be; move it away, or name another")])
        mend = "make one with: digest init ." if not named else "check the name given with --config"
        raise ConfigError([Fault(file, 1, 1, f"no such file; {mend}")])
    demand_text(file.resolve(), UsageError, "config not read")
    return file


def read_config(file: Path, secrets: Secrets | None = None) -> Config:
    """Read and validate ``file``; raise ConfigError with all its faults."""
    text = _text(file)
    if (at := deep_key(text)) is not None:
        raise ConfigError([Fault(file, *line_and_column(text, at), f"nested deeper than {DEEPEST} levels")])
    document = _document(file, text)
    places = locate(text)
    faults = [Fault(file, *places.of_value(place), what) for place, what in unusable(document)]
    faults = faults or list(_faults(file, document, places))
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


def _document(file: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([_syntax_fault(file, text, error)]) from error
    except RecursionError:
        raise ConfigError([Fault(file, 1, 1, f"nested deeper than {DEEPEST} levels")]) from None
    except ValueError as error:  # Python reads no number of more digits (sys.int_info.default_max_str_digits)
        number = max(re.finditer(r"[0-9_]+", text), key=lambda run: len(run[0]))
        line = text.count("\n", 0, number.start()) + 1
        raise ConfigError(
            [Fault(file, line, 1, f"a number of {len(number[0])} digits; write a smaller one")]
        ) from error


def _syntax_fault(file: Path, text: str, error: tomllib.TOMLDecodeError) -> Fault:
    """Make a fault of tomllib's message, which carries the place in words."""
    message = str(error)
    if match := re.search(r"\s*\(at line (\d+), column (\d+)\)", message):
        what = _plain(message[: match.start()])
        return Fault(file, int(match[1]), int(match[2]), f"not TOML: {what}")
    lines = text.split("\n")
    what = re.sub(r"\s*\(at end of document\)", " at the end of the file", message)
    return Fault(file, len(lines), len(lines[-1]) + 1, f"not TOML: {_plain(what)}")


#: What tomllib says of the usual slips, and what it means to somebody who does not know TOML.
SLIPS = {
    "Cannot overwrite a value": "this key was set before; keep one of the two lines",
    "Invalid value": 'invalid value; a text stands in straight quotes, as in title = "The Daily"',
    "Illegal character '\\n'": 'a text has no end on its line; put a " where it ends',
    "Invalid statement": "invalid statement; a line is KEY = VALUE, [table], or begins with #",
}


def _plain(message: str) -> str:
    if twice := re.fullmatch(r"Cannot declare \((.+)\) twice", message):
        table = ".".join(re.findall(r"'([^']+)'", twice[1]))
        return f"[{table}] stands here a second time; put its lines under the first one"
    return SLIPS.get(message, message[:1].lower() + message[1:])


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
        yield from _unique(fault_of(file, places, document, detail) for detail in error.errors())
    for place, what in contradictions(document):
        yield Fault(file, *places.of_value(place), what)


def _unique(faults: Iterator[Fault]) -> Iterator[Fault]:
    """Let one wrong value speak once, also where a union tried it in several ways."""
    seen = set()
    for fault in faults:
        if (fault.line, fault.column) not in seen:
            seen.add((fault.line, fault.column))
            yield fault
