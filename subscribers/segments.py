"""A part of the people, asked for in words: ``tag:staff city=Lund joined>30d -language=de``.

Knows no database: words become conditions, and nothing that a person types becomes SQL.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from subscribers.errors import QueryFault
from subscribers.model import State, demand_year

Kind = Literal["tag", "field", "name", "address", "language", "state", "joined", "received"]
Sign = Literal["=", "~", ">", "<"]

_TERM = re.compile(r"(?P<name>[^=~<>:]+)(?P<sign>[=~<>:])(?P<value>.+)", re.DOTALL)
_AGE = re.compile(r"(\d{1,5})([dwmy])")
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
_TEXTS: dict[str, Kind] = {"name": "name", "address": "address", "email": "address", "language": "language"}
_TIMES: dict[str, Kind] = {"joined": "joined", "received": "received"}

HELP = (
    "tag:staff  city=Lund (a field)  city~lun (holds)  name~ann  address~@example.com  language=de  "
    "state=confirmed  joined>2026-01-31 (since)  joined<30d (longer ago than 30 days; d w m y)  "
    "received>7d (an edition within 7 days)  -tag:staff (not)"
)


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that must be so, or must not."""

    kind: Kind
    sign: Sign
    value: str = ""
    when: datetime | None = None  #: for times: aware, UTC
    field: str = ""  #: a custom field's name
    is_not: bool = False


@dataclass(frozen=True, slots=True)
class Segment:
    """All conditions together; none means everybody."""

    conditions: tuple[Condition, ...] = ()

    @property
    def received(self) -> tuple[Condition, ...]:
        """The conditions that the ledger of deliveries answers, not the lists."""
        return tuple(each for each in self.conditions if each.kind == "received")


def segment_of(text: str, *, now: datetime) -> Segment:
    """Return what the words ask for.

    Raises:
        QueryFault: a word fits nothing; names what may be said.
    """
    try:
        words = shlex.split(text)
    except ValueError as fault:
        raise QueryFault(f"a quote is not closed in: {text[:100]}") from fault
    return Segment(tuple(_condition(word, now) for word in words))


def _condition(word: str, now: datetime) -> Condition:
    is_not = word.startswith("-")
    found = _TERM.fullmatch(word.removeprefix("-"))
    if found is None:
        raise QueryFault(f'"{word[:60]}" asks for nothing that is known; say for example: {HELP}')
    name, sign, value = found["name"].strip(), found["sign"], found["value"].strip()
    if name in _TIMES:
        return Condition(_TIMES[name], _before_or_since(word, sign), when=_when(value, now), is_not=is_not)
    if sign in "<>":
        raise QueryFault(f'"{word[:60]}": only joined and received are times; say {name}={value}')
    if name == "tag":
        return Condition("tag", "=", value, is_not=is_not)
    if name == "state":
        return Condition("state", "=", _state(value), is_not=is_not)
    like: Sign = "~" if sign == "~" else "="
    if name in _TEXTS:
        return Condition(_TEXTS[name], like, value, is_not=is_not)
    if '"' in name:
        raise QueryFault(f"a field's name holds no quote: {name[:60]}")
    return Condition("field", like, value, field=name, is_not=is_not)


def _before_or_since(word: str, sign: str) -> Sign:
    if sign == ">":
        return ">"
    if sign == "<":
        return "<"
    raise QueryFault(f'"{word[:60]}": a time is asked for with > (since) or < (before)')


def _when(value: str, now: datetime) -> datetime:
    try:
        age = _AGE.fullmatch(value)
        when = now - timedelta(days=int(age[1]) * _DAYS[age[2]]) if age else datetime.fromisoformat(value)
        demand_year(when)
    except (ValueError, OverflowError) as fault:
        raise QueryFault(f'"{value[:40]}" is no time; say 2026-01-31, or 30d for thirty days ago') from fault
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _state(value: str) -> str:
    if value not in set(State):
        raise QueryFault(f'"{value[:40]}" is no state; the states are: {", ".join(State)}')
    return value
