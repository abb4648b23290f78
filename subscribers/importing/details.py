"""What a file tells of people besides their address: name, fields, preferences, tags, suppressions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, update

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
    changed = 0
    tags: dict[int, list[str]] = {}
    for case in cases:
        if case.verdict.fate in _TAKEN:
            changed += case.known is not None and not terms.keep and _update(conn, case, terms)
            if "tags" in case.told:
                tags[case.number] = case.told["tags"]
        if case.told:
            _hold(conn, case, terms)
    if tags:
        put_tags(conn, tags)
    return changed


def _update(conn: Connection, case: Case, terms: Terms) -> bool:
    known, told = case.known, case.told
    assert known is not None  # noqa: S101 - asked by the caller
    values: dict[str, Any] = {name: told[name] for name in ("language", "sections", "weekdays_only") if told.get(name)}
    if case.row.name:
        values["name"] = case.row.name
    if case.row.fields:
        values["fields"] = {**(known.fields or {}), **json.loads(case.row.fields)}
    new = {name: value for name, value in values.items() if getattr(known, name) != value}
    if not new:
        return False
    conn.execute(update(subscribers).where(subscribers.c.id == case.number).values(new))
    audit.write(conn, "details changed", subscriber_id=case.number, detail=", ".join(sorted(new)), **terms.by)
    return True


def _hold(conn: Connection, case: Case, terms: Terms) -> None:
    for name, list_id in (("suppressed", EVERYWHERE), ("suppressed_here", terms.list_id)):
        if case.told.get(name):
            hold(conn, case.row.address, Reason(case.told[name]), list_id, **terms.by)
