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
        if case.verdict.fate == "new" and case.row.extra is None:
            continue
        told = json.loads(case.row.extra) if case.row.extra else {}
        if case.verdict.fate in _TAKEN:
            changed += case.known is not None and not terms.keep and _update(conn, case, told, terms)
            if told.get("tags"):
                tags[case.number] = told["tags"]
        _hold(conn, case, told, terms)
    if tags:
        put_tags(conn, tags)
    return changed


def _update(conn: Connection, case: Case, told: dict[str, Any], terms: Terms) -> bool:
    known = case.known
    assert known is not None  # noqa: S101 - asked by the caller
    values = {name: told[name] for name in ("language", "sections", "weekdays_only") if told.get(name)}
    if case.row.name:
        values["name"] = case.row.name
    if told.get("fields"):
        values["fields"] = {**(known.fields or {}), **told["fields"]}
    new = {name: value for name, value in values.items() if getattr(known, name) != value}
    if not new:
        return False
    conn.execute(update(subscribers).where(subscribers.c.id == case.number).values(new))
    audit.write(conn, "details changed", subscriber_id=case.number, detail=", ".join(sorted(new)), **terms.by)
    return True


def _hold(conn: Connection, case: Case, told: dict[str, Any], terms: Terms) -> None:
    for name, list_id in (("suppressed", EVERYWHERE), ("suppressed_here", terms.list_id)):
        if told.get(name):
            hold(conn, case.row.address, Reason(told[name]), list_id, **terms.by)
