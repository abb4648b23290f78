"""What a file tells of people besides their address: name, fields, preferences, tags, suppressions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, update

from subscribers import audit
from subscribers.importing.merge import Case
from subscribers.importing.plan import Terms
from subscribers.model import Reason
from subscribers.roster.suppression import hold
from subscribers.roster.tagging import put_tags
from subscribers.tables import EVERYWHERE, subscribers

_TAKEN = frozenset({"new", "joined", "confirmed", "already"})


def carry_over(conn: Connection, cases: Sequence[Case], terms: Terms) -> int:
    """Write down the details that are new and return how many known people changed."""
    taken = [case for case in cases if case.verdict.fate in _TAKEN]
    tags = {case.number: case.told["tags"] for case in taken if "tags" in case.told}
    if tags:
        put_tags(conn, tags)
    for case in cases:
        if case.told:
            _hold(conn, case, terms)
    if terms.keep:
        return 0
    known = [(case.number, _new(case)) for case in taken if case.known is not None]
    return _change(conn, [(number, new) for number, new in known if new], terms)


def _new(case: Case) -> dict[str, Any]:
    """Return the details that a file brings and the store does not have; nothing empties one."""
    known, told = case.known, case.told
    values: dict[str, Any] = {name: told[name] for name in ("language", "sections", "weekdays_only") if told.get(name)}
    if case.row.name:
        values["name"] = case.row.name
    if case.row.fields:
        values["fields"] = {**(getattr(known, "fields", None) or {}), **json.loads(case.row.fields)}
    return {name: value for name, value in values.items() if getattr(known, name) != value}


def _change(conn: Connection, changes: list[tuple[int, dict[str, Any]]], terms: Terms) -> int:
    """Write changes down, those of the same details together."""
    alike: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for number, new in changes:
        alike.setdefault(tuple(sorted(new)), []).append({"who": number, **new})
    for names, values in alike.items():
        here = subscribers.c.id == bindparam("who")
        conn.execute(update(subscribers).where(here).values({name: bindparam(name) for name in names}), values)
        audit.write_many(conn, "details changed", [each["who"] for each in values], ", ".join(names), **terms.by)
    return len(changes)


def _hold(conn: Connection, case: Case, terms: Terms) -> None:
    everywhere = terms.list_id if terms.only_here else EVERYWHERE
    for name, list_id in (("suppressed", everywhere), ("suppressed_here", terms.list_id)):
        if case.told.get(name):
            hold(conn, case.row.address, Reason(case.told[name]), list_id, **terms.by)
