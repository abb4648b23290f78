"""Cells to a person as the file tells of them; knows no database."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from subscribers.address import normal
from subscribers.errors import RosterError
from subscribers.importing.columns import OWN, Layout
from subscribers.model import Reason, State, demand_year
from subscribers.roster.tagging import tags_in
from subscribers.tables import STATE_CODES


class RowFault(RosterError):
    """the line cannot be read"""


class Incoming(NamedTuple):
    """One line, read; a plain tuple, since a file has a million."""

    address: str  #: the normal form
    line: int  #: from 1
    spelling: str | None  #: where it differs from the normal form
    name: str
    state: int | None = None  #: a code of ``STATE_CODES``; None where the file does not say
    joined: int | None = None  #: seconds since 1970, UTC
    confirmed: int | None = None
    left: int | None = None
    public_id: str | None = None
    fields: str | None = None  #: JSON of the custom fields, as the store keeps them
    extra: str | None = None  #: JSON of what few lines have: tags, preferences, suppressions


_C, _W, _U = (STATE_CODES[state] for state in (State.CONFIRMED, State.UNCONFIRMED, State.UNSUBSCRIBED))
_STATES = {
    **dict.fromkeys(("confirmed", "subscribed", "active", "enabled", "true", "yes", "1"), _C),
    **dict.fromkeys(("unconfirmed", "pending"), _W),
    **dict.fromkeys(("unsubscribed", "inactive", "disabled", "archived", "false", "no", "0"), _U),
}
_HELD = {
    **dict.fromkeys(("cleaned", "bounced"), Reason.HARD_BOUNCE),
    **dict.fromkeys(("blocklisted", "blacklisted"), Reason.MANUAL),
    **dict.fromkeys(("complained", "complaint"), Reason.COMPLAINT),
}
_YES = frozenset({"1", "true", "yes", "t", "y"})
_DETAILS = ("language", "sections", "suppressed", "suppressed_here")
_RARE = frozenset({*_DETAILS, "tags", "weekdays_only", "cleaned"})
_encode = json.JSONEncoder(ensure_ascii=False).encode

#: Reads a line's cells, with its number, into all columns of ``Incoming`` or the first four.
Reader = Callable[[Sequence[str], int], tuple[Any, ...]]


def reader(layout: Layout) -> Reader:
    """Return the function that reads lines; it raises RosterError for a bad one."""
    roles = layout.roles
    if set(roles) <= {"address", "name"} and not layout.fields and not layout.is_own:
        return _plain(roles["address"], roles.get("name"))
    return _own(layout) if layout.is_own else _Full(layout)


def _plain(address_at: int, name_at: int | None) -> Reader:
    def read(cells: Sequence[str], line: int) -> tuple[Any, ...]:
        address, spelling = normal(_cell(cells, address_at))
        name = "" if name_at is None or name_at >= len(cells) else cells[name_at]
        if name and (name[0] == " " or name[-1] == " " or not name.isprintable()):
            name = " ".join(name.split())
        return address, line, spelling if spelling != address else None, name

    return read


_EMPTY = [""] * len(OWN[OWN.index("suppressed") : OWN.index("public_id")])


def _own(layout: Layout) -> Reader:
    """Return what reads our own export: most of its lines have no cell that few have, and need no looking up."""
    full, fields, width = _Full(layout), layout.fields, len(OWN)

    def read(cells: Sequence[str], line: int) -> tuple[Any, ...]:
        if len(cells) < width or cells[6:12] != _EMPTY:
            return full(cells, line)
        address, name, word, joined, confirmed, left = cells[:6]
        state = _STATES.get(word)
        if state is None or not address or not _is_as_it_was(address) or not _is_as_it_was(name):
            return full(cells, line)
        try:
            times = _instants(joined, confirmed, left)
        except ValueError:
            return full(cells, line)
        normal_form, spelling = normal(address)
        told = full.fields_of([*map(undone, cells)], {}) if fields else None
        return (
            normal_form,
            line,
            spelling if spelling != normal_form else None,
            name,
            state,
            *times,
            cells[12].strip() or None,
            _encode(told) if told else None,
            None,
        )

    return read


def _is_as_it_was(cell: str) -> bool:
    """Tell whether there is nothing in a cell that reading would take away."""
    return cell.isprintable() and cell[:1] not in _TO_MEND and cell[-1:] != " "


_TO_MEND = frozenset((" ", "'"))


@lru_cache(maxsize=1024)
def _instants(*texts: str) -> tuple[int | None, ...]:
    return tuple(_instant(text) if text else None for text in texts)


def _cell(cells: Sequence[str], at: int) -> str:
    if at >= len(cells) or not cells[at].strip():
        raise RowFault("there is no address")
    return cells[at]


class _Full:
    """Reads lines that tell more than an address and a name."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._roles = tuple(layout.roles.items())
        self._fields = tuple(layout.fields.items())

    def __call__(self, cells: Sequence[str], line: int) -> Incoming:
        if self._layout.is_own:
            cells = [undone(cell) if cell[:1] == "'" else cell for cell in cells]
        size = len(cells)
        told = {role: cells[at].strip() for role, at in self._roles if at < size and cells[at]}
        if not told.get("address"):
            raise RowFault("there is no address")
        address, spelling = normal(told["address"])
        name = told.get("name") or f"{told.get('first_name', '')} {told.get('last_name', '')}"
        extra = _extra(told) if not _RARE.isdisjoint(told) else {}
        fields = self.fields_of(cells, told) if self._fields or "attributes" in told else None
        return Incoming(
            address,
            line,
            spelling if spelling != address else None,
            " ".join(name.split()),
            _state(told, extra),
            _seconds(told, "joined"),
            _seconds(told, "confirmed"),
            _seconds(told, "left"),
            told.get("public_id"),
            _encode(fields) if fields else None,
            _encode(extra) if extra else None,
        )

    def fields_of(self, cells: Sequence[str], told: dict[str, str]) -> dict[str, str]:
        """Return the custom fields that a line fills."""
        size = len(cells)
        fields = {name: cells[at].strip() for name, at in self._fields if at < size and cells[at].strip()}
        return fields | _attributes(told["attributes"]) if "attributes" in told else fields


def _extra(told: dict[str, str]) -> dict[str, object]:
    extra: dict[str, object] = {name: _fit(name, told[name]) for name in _DETAILS if told.get(name)}
    if "tags" in told and (tags := tags_in(told["tags"])):
        extra["tags"] = sorted(tags)
    if told.get("weekdays_only", "").lower() in _YES:
        extra["weekdays_only"] = True
    if told.get("cleaned"):
        extra["suppressed"] = Reason.HARD_BOUNCE.value
    return extra


def _fit(name: str, value: str) -> str:
    if name.startswith("suppressed") and value not in _REASONS:
        raise RowFault(f'{name} "{value[:40]}" is none of {", ".join(sorted(_REASONS))}')
    if name == "language" and len(value) > 35:  # BCP 47 §4.4.1
        raise RowFault(f'language "{value[:40]}" is no language tag')
    return ",".join(sorted(filter(None, value.split(",")))) if name == "sections" else value


_REASONS = frozenset(Reason)


def _state(told: dict[str, str], extra: dict[str, object]) -> int | None:
    word = told.get("state", "").lower()
    if word in _HELD:
        extra.setdefault("suppressed", _HELD[word].value)
        return _C
    if word and word not in _STATES:
        raise RowFault(f'state "{word[:40]}" is none of confirmed, unconfirmed, unsubscribed')
    if told.get("left") and word not in ("confirmed", "unconfirmed"):
        return _U
    if "disabled" in told:
        return _U if told["disabled"].lower() in _YES else _C
    if "subscribed" in told:
        return _C if told["subscribed"].lower() in _YES else _U
    if word:
        return _STATES[word]
    return _C if told.get("confirmed") else None  # who confirmed elsewhere is not asked once more


def _seconds(told: dict[str, str], role: str) -> int | None:
    text = told.get(role)
    if not text:
        return None
    try:
        return _instant(text)
    except ValueError as fault:
        raise RowFault(f'{role} "{text[:40]}" is not a time; write 2026-03-04 or 2026-03-04T06:30:00Z') from fault


@lru_cache(maxsize=1024)
def _instant(text: str) -> int:
    when = datetime.fromisoformat(text)
    demand_year(when)
    return int((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp())


#: What JSON can write and no database keeps: NUL and its like, and halves of characters.
_UNKEEPABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def _attributes(text: str) -> dict[str, str]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise RowFault("attributes are not JSON") from fault
    if not isinstance(found, dict):
        raise RowFault("attributes are not a JSON object")
    return {
        _UNKEEPABLE.sub("", key)[:80]: _UNKEEPABLE.sub("", value) if isinstance(value, str) else json.dumps(value)
        for key, value in found.items()
    }


def undone(cell: str) -> str:
    """Return a cell as it was before ``csvfile.safe`` made it safe for spreadsheets."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in _RISKY else cell


_RISKY = frozenset("=+-@'\t\r\n")


def safe(cell: str) -> str:
    """Return a cell that no spreadsheet runs as a formula; ``undone`` gives it back unchanged."""
    return "'" + cell if cell[:1] in _RISKY and cell else cell
