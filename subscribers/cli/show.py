"""How commands print: tables for people, JSON lines for programs; knows no command."""

from __future__ import annotations

import getpass
import json
from collections.abc import Sequence
from dataclasses import asdict, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any
from unicodedata import category, east_asian_width

import click

from subscribers.desk import Desk
from subscribers.model import By, How

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON value a line.")


def by_command(desk: Desk, how: How = "command") -> By:
    """Return who acts: the person at the keyboard, now."""
    return By(at=desk.now(), how=how, source="command line", who=whoever())


def whoever() -> str:
    """Return the name of the person's account, '' where the system knows none."""
    try:
        # A variable of the environment may say anything; what the log keeps is text, and short.
        return getpass.getuser().encode("utf-8", "replace").decode()[:100]
    except (OSError, KeyError, ImportError):
        return ""


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under their heads, each column as wide as it needs."""
    lines = [heads, *([clean(cell) for cell in row] for row in rows)]
    widths = [max(_width(line[column]) for line in lines) for column in range(len(heads))]
    for line in lines:
        cells = (cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


def value(what: Any) -> None:
    """Print one JSON value on a line."""
    click.echo(json.dumps(what, ensure_ascii=False, default=_readable))


def clean(text: str) -> str:
    """Return text without the signs that could move a terminal's cursor."""
    return "".join(sign for sign in text if category(sign) not in ("Cc", "Cf"))


def _width(text: str) -> int:
    wide = sum(east_asian_width(sign) in "WF" for sign in text)
    return len(text) + wide - sum(category(sign) == "Mn" for sign in text)


def _readable(what: Any) -> Any:
    if isinstance(what, datetime):
        return f"{what:%Y-%m-%dT%H:%M:%SZ}"
    if isinstance(what, Enum):
        return what.value
    if is_dataclass(what) and not isinstance(what, type):
        return asdict(what)
    raise TypeError(f"{type(what).__name__} has no JSON")
