"""A chunk of staged rows meets the store: asks who is known, and carries out what ``plan`` decides."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, delete, or_, select, update

from subscribers.bulk import among, insert_rows, new_numbers
from subscribers.identity import digest_of, public_ids
from subscribers.importing.plan import Known, Terms, Verdict, decide
from subscribers.importing.rows import Incoming
from subscribers.model import Reason, State
from subscribers.tables import (
    EVERYWHERE,
    STATE_CODES,
    notices,
    subscribers,
    subscriptions,
    suppressions,
)

_CONFIRMED = STATE_CODES[State.CONFIRMED]
_UNSUBSCRIBED = STATE_CODES[State.UNSUBSCRIBED]


_TOLD = (None, *STATE_CODES.values())
_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(slots=True)
class Case:
    """One row, who the store knows by its address, and what becomes of it."""

    row: Incoming
    known: Row[Any] | None
    verdict: Verdict
    number: int  #: the subscriber's, 0 until there is one
    told: Mapping[str, Any]  #: what few lines have: tags, preferences, suppressions

    @property
    def is_fresh(self) -> bool:
        """Whether a subscription has to be made."""
        return self.verdict.state is not None and (self.known is None or self.known.state is None)


def look(conn: Connection, rows: Sequence[Incoming], terms: Terms) -> list[Case]:
    """Decide on rows; changes nothing."""
    addresses = [row.address for row in rows]
    known = {row.address: row for row in conn.execute(_known(conn, terms.list_id, addresses))}
    held = _held(conn, addresses, terms.list_id)
    strange = {state: decide(state, None, None, terms.opt_in, override=terms.override) for state in _TOLD}
    return [
        Case(row, None, strange[row.state], 0, json.loads(row.extra) if row.extra else _NOTHING)
        if row.address not in known and row.address not in held  # as nearly all of a new list
        else _case(row, known.get(row.address), held.get(row.address), terms)
        for row in rows
    ]


def fates(cases: Sequence[Case]) -> Counter[str]:
    """Return how many rows have each fate."""
    return Counter(case.verdict.fate for case in cases)


def apply(conn: Connection, cases: Sequence[Case], terms: Terms) -> None:
    """Carry out what was decided."""
    _make_people(conn, [case for case in cases if case.verdict.fate == "new"], terms)
    _subscribe(conn, [case for case in cases if case.is_fresh], terms)
    _change(conn, [case for case in cases if case.known and case.verdict.state and not case.is_fresh], terms)
    if terms.override:
        _lift(conn, [case.row.address for case in cases if case.verdict.state], terms.list_id)
    at = int(terms.at.timestamp())
    asked = [("confirm", case.number, terms.list_id, at) for case in cases if case.verdict.asks]
    insert_rows(conn, notices, ("kind", "subscriber_id", "list_id", "at"), asked)


def _case(row: Incoming, there: Row[Any] | None, reason: Reason | None, terms: Terms) -> Case:
    known = None if there is None else Known(there.id, STATE_CODES.get(there.state))
    verdict = decide(row.state, known, reason, terms.opt_in, override=terms.override)
    number = there.id if there is not None else 0
    return Case(row, there, verdict, number, json.loads(row.extra) if row.extra else _NOTHING)


def _known(conn: Connection, list_id: int, addresses: Sequence[str]) -> Any:
    here = and_(subscriptions.c.subscriber_id == subscribers.c.id, subscriptions.c.list_id == list_id)
    return (
        select(subscribers, subscriptions.c.state, subscriptions.c.confirmed_at)
        .join(subscriptions, here, isouter=True)
        .where(among(conn, subscribers.c.address, addresses))
    )


def _held(conn: Connection, addresses: Sequence[str], list_id: int) -> dict[str, Reason]:
    if conn.scalar(select(suppressions.c.id).limit(1)) is None:
        return {}
    marks = {digest_of(address): address for address in addresses}
    query = select(suppressions.c.digest, suppressions.c.reason).where(
        suppressions.c.digest.in_(marks), suppressions.c.list_id.in_((EVERYWHERE, list_id))
    )
    return {marks[row.digest]: Reason(row.reason) for row in conn.execute(query)}


#: What most people have, and what few have besides.
_PLAIN = ("id", "public_id", "address", "name")
_RICH = (*_PLAIN, "spelling", "fields", "created_at")
_CHOSEN = (*_RICH, "language", "sections", "weekdays_only")


def _make_people(conn: Connection, cases: list[Case], terms: Terms) -> None:
    plain, rich, chosen = [], [], []
    own = _own_ids(conn, cases)
    made = iter(public_ids(terms.at, len(cases) - len(own)))
    at = int(terms.at.timestamp())
    for case, number in zip(cases, new_numbers(conn, subscribers, len(cases)), strict=True):
        row, told = case.row, case.told
        case.number = number
        known = (number, own.get(row.address) or next(made), row.address, row.name)
        if told:
            choices = (told.get("language", ""), told.get("sections", ""), told.get("weekdays_only", False))
            chosen.append((*known, row.spelling, row.fields, row.joined or at, *choices))
        elif row.spelling is None and row.fields is None and row.joined is None:
            plain.append(known)
        else:
            rich.append((*known, row.spelling, row.fields, row.joined or at))
    insert_rows(conn, subscribers, _PLAIN, plain, {"created_at": at})
    insert_rows(conn, subscribers, _RICH, rich)
    insert_rows(conn, subscribers, _CHOSEN, chosen)


_PUBLIC_ID = re.compile(r"[0-9a-f]{24}\Z")


def _own_ids(conn: Connection, cases: list[Case]) -> dict[str, str]:
    """Return the public ids that an export of ours brings back and nobody else has: old links work again."""
    # The first line that names an id has it.
    told = {case.row.public_id: case.row.address for case in reversed(cases) if case.row.public_id}
    wanted = [public_id for public_id in told if _PUBLIC_ID.match(public_id)]
    if not wanted:
        return {}
    query = select(subscribers.c.public_id).where(among(conn, subscribers.c.public_id, wanted))
    taken = set(conn.scalars(query))
    return {told[public_id]: public_id for public_id in wanted if public_id not in taken}


_SUBSCRIPTION = ("subscriber_id", "state", "joined_at", "confirmed_at", "left_at")


def _subscribe(conn: Connection, cases: list[Case], terms: Terms) -> None:
    at = int(terms.at.timestamp())
    same: dict[str, int | None] = {"list_id": terms.list_id, "act": terms.act}
    plain, rich = [], []
    for case in cases:
        row, state = case.row, case.verdict.state
        if state == _CONFIRMED and row.joined is None and row.confirmed is None:
            plain.append((case.number,))
            continue
        joined = row.joined or at
        confirmed = row.confirmed or (joined if state == _CONFIRMED else None)
        left = (row.left or at) if state == _UNSUBSCRIBED else None
        rich.append((case.number, state, joined, confirmed, left))
    now = {"state": _CONFIRMED, "joined_at": at, "confirmed_at": at}
    insert_rows(conn, subscriptions, _SUBSCRIPTION[:1], sorted(plain), {**same, **now})
    insert_rows(conn, subscriptions, _SUBSCRIPTION, sorted(rich), same)


def _change(conn: Connection, cases: list[Case], terms: Terms) -> None:
    if not cases:
        return
    states = {code: state for state, code in STATE_CODES.items()}
    changes = [
        {
            "who": case.number,
            "state": states[case.verdict.state or 0],
            "left_at": terms.at if case.verdict.state == _UNSUBSCRIBED else None,
            "confirmed_at": terms.at if case.verdict.state == _CONFIRMED else case.known.confirmed_at,
        }
        for case in cases
        if case.known is not None
    ]
    here = (subscriptions.c.list_id == terms.list_id) & (subscriptions.c.subscriber_id == bindparam("who"))
    conn.execute(update(subscriptions).where(here).values(act=terms.act), changes)
    about = notices.c.subscriber_id.in_([case.number for case in cases]) & notices.c.done_at.is_(None)
    conn.execute(delete(notices).where(about, notices.c.list_id == terms.list_id))


def _lift(conn: Connection, addresses: list[str], list_id: int) -> None:
    marks = [digest_of(address) for address in addresses]
    here = or_(suppressions.c.list_id == EVERYWHERE, suppressions.c.list_id == list_id)
    conn.execute(delete(suppressions).where(suppressions.c.digest.in_(marks), here))
