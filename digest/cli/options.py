"""Options that several commands share; knows no command."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


#: Far enough from the first and the last year a date can have that windows and time zones fit in.
YEARS = range(1971, 3000)


class Moment(click.ParamType[datetime]):
    """An instant in ISO 8601: ``2026-03-04T06:30Z``; one without a zone is UTC."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return an aware datetime in UTC."""
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f'"{value}" is no time; write it as 2026-03-04T06:30Z', param, ctx)
        if moment.year not in YEARS:
            self.fail(f'"{value}" is out of reach: {YEARS[0]} to {YEARS[-1]} can be worked with', param, ctx)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


class Address(click.ParamType[str]):
    """A mail address; what a provider thinks of it is the provider's to say."""

    name = "address"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the address as it is."""
        if not re.fullmatch(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+", str(value)):
            self.fail(f'"{value}" is no mail address', param, ctx)
        return str(value)


def now_option(command: F) -> F:
    """Add ``--now``, editorial time."""
    return click.option(
        "--now",
        type=Moment(),
        default=lambda: datetime.now(UTC),
        metavar="TIME",
        help="Act as if it were this time, such as 2026-03-04T06:30Z.",
    )(command)


def json_option(command: F) -> F:
    """Add ``--json``: one JSON value a line."""
    return click.option("--json", "as_json", is_flag=True, help="One JSON value a line, for programs.")(command)


def newsletter_option(command: F) -> F:
    """Add ``--newsletter``."""
    return click.option("--newsletter", metavar="SLUG", help="Which one, where config.toml names several.")(command)
