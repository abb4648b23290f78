"""What the store knows of an installation's health, in numbers; changes nothing, and knows nobody's address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, case, func, select

from digest.store import openings
from digest.store.batches import number
from digest.store.columns import Instant
from digest.store.ledger_tables import batches, exceptions, senders, sends
from digest.store.tables import articles, editions, source_checks
from digest.store.transactions import Transactions


@dataclass(frozen=True, slots=True)
class SourceVitals:
    """One source's checks, as long as they are kept."""

    checks: int
    failed: int
    seconds: float  #: spent on all checks
    size: int  #: bytes read in all checks
    last_status: str
    last_at: datetime  #: of the last check


@dataclass(frozen=True, slots=True)
class Vitals:
    """The numbers of one moment."""

    articles: int
    sources: Mapping[str, SourceVitals]  #: by slug
    editions: Mapping[tuple[str, str], int]  #: by newsletter and state
    last_sent: Mapping[str, datetime]  #: newsletter to when its last edition was sent
    last_took: Mapping[str, float]  #: newsletter to how many seconds its last send took, from plan to end
    deliveries: Mapping[str, int]  #: by what became of them, of all sends
    told: Mapping[str, int]  #: refusals, bounces and complaints, by kind
    open_batches: int
    unsent_since: datetime | None  #: when the oldest send that is not finished was begun
    last_answer: datetime | None  #: when the provider last answered for a batch
    senders: int  #: processes that send now


def vitals(store: Transactions, now: datetime) -> Vitals:
    """Take the numbers; ``now`` tells which senders are alive."""
    with store.read() as connection:
        is_open = openings.is_open()
        return Vitals(
            articles=_number(connection, select(func.count()).select_from(articles)),
            sources=_sources(connection),
            editions=_editions(connection),
            last_sent=_last_sent(connection),
            last_took=_last_took(connection),
            deliveries=_deliveries(connection),
            told=_told(connection),
            open_batches=_number(connection, select(func.count()).where(is_open)),
            unsent_since=connection.scalar(
                select(func.min(sends.c.created_at, type_=Instant)).where(
                    sends.c.id.in_(select(batches.c.send).where(is_open)), sends.c.state.in_(("planning", "sending"))
                )
            ),
            last_answer=connection.scalar(select(func.max(batches.c.finished_at, type_=Instant))),
            senders=_number(connection, select(func.count()).where(senders.c.alive_until > now)),
        )


def _number(connection: Connection, query: Select[Any]) -> int:
    return int(connection.scalar(query) or 0)


def _sources(connection: Connection) -> dict[str, SourceVitals]:
    row = source_checks.c
    latest = select(func.max(row.id)).group_by(row.slug)
    last = {
        each.slug: each for each in connection.execute(select(row.slug, row.status, row.at).where(row.id.in_(latest)))
    }
    totals = select(
        row.slug,
        func.count().label("checks"),
        func.sum(case((row.status == "failed", 1), else_=0)).label("failed"),
        func.sum(row.milliseconds).label("milliseconds"),
        func.sum(row.size).label("size"),
    ).group_by(row.slug)
    return {
        each.slug: SourceVitals(
            checks=each.checks,
            failed=int(each.failed),
            seconds=int(each.milliseconds) / 1000,
            size=int(each.size),
            last_status=last[each.slug].status,
            last_at=last[each.slug].at,
        )
        for each in connection.execute(totals)
    }


def _editions(connection: Connection) -> dict[tuple[str, str], int]:
    row = editions.c
    query = select(row.newsletter, row.state, func.count().label("number")).group_by(row.newsletter, row.state)
    return {(each.newsletter, each.state): each.number for each in connection.execute(query)}


def _last_sent(connection: Connection) -> dict[str, datetime]:
    row = editions.c
    at = func.max(row.changed_at, type_=Instant).label("at")
    query = select(row.newsletter, at).where(row.state == "sent").group_by(row.newsletter)
    return {each.newsletter: each.at for each in connection.execute(query)}


def _last_took(connection: Connection) -> dict[str, float]:
    """Take the last finished send of each newsletter, corrections left out."""
    done = sends.join(editions, sends.c.edition == editions.c.id)
    ended = (sends.c.state == "done", sends.c.purpose == "")
    latest = select(func.max(sends.c.id)).select_from(done).where(*ended).group_by(editions.c.newsletter)
    query = select(editions.c.newsletter, sends.c.created_at, sends.c.changed_at).select_from(done)
    found = connection.execute(query.where(sends.c.id.in_(latest)))
    return {each.newsletter: (each.changed_at - each.created_at).total_seconds() for each in found}


def _deliveries(connection: Connection) -> dict[str, int]:
    row = batches.c
    places = {
        "unsent": row.n_todo,
        "uncertain": row.n_uncertain,
        "rejected": row.n_rejected,
        "suppressed": row.n_suppressed,
        "cancelled": row.n_cancelled,
    }
    planned = row.count - number("resent")
    sums = [func.coalesce(func.sum(column), 0) for column in (planned, *places.values())]
    total, *numbers = map(int, connection.execute(select(*sums)).one())
    found = dict(zip(places, numbers, strict=True))
    return {**found, "sent": total - sum(numbers)}


def _told(connection: Connection) -> dict[str, int]:
    row = exceptions.c
    query = select(row.what, func.count().label("number")).group_by(row.what)
    return {each.what: each.number for each in connection.execute(query)}
