"""Plans sends: freezes who is to get what, in batches, before anything leaves; asks nobody who they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, select, update

from digest.errors import StoreError
from digest.store import batch as moves
from digest.store import batches as rows
from digest.store import openings
from digest.store.cutting import cut
from digest.store.ledger_tables import audiences, batches, sends
from digest.store.packing import unpack
from digest.store.plans import MISSED, Plan, SendState, locked, lost, may_live, move, open_plan, same, seal, sends_of
from digest.store.transactions import Transactions

#: A page of ids above a given one, at most so many, ascending.
Page = Callable[[Connection, int, int], Sequence[int]]

#: Which variant each of some ids gets; who is not named gets the whole edition.
Variants = Callable[[Connection, Sequence[int]], Mapping[int, str]]

#: Batches a transaction writes at most.
CHUNK = 20


@dataclass(frozen=True, slots=True)
class Send:
    """One send: a message and a frozen audience."""

    id: int
    edition: int  #: the edition's row
    purpose: str  #: '' for the edition itself, else a correction's variant
    audience: str  #: in words
    lists: tuple[str, ...]  #: slugs of the lists it was planned for; none where it follows from other sends
    segment: str  #: who of them, in the planner's own writing; '' for all
    provider: str
    state: SendState
    created_at: datetime
    why: str


class Sends:
    """Every send of every edition."""

    def __init__(self, store: Transactions) -> None:
        self._store = store
        self._at_work: list[int] = []  # sends that threads of ours are planning

    def of(self, edition: int, purpose: str | None = None) -> tuple[Send, ...]:
        """Return the sends of an edition, oldest first, for one purpose or for all."""
        query = select(sends).where(sends.c.edition == edition).order_by(sends.c.id)
        if purpose is not None:
            query = query.where(sends.c.purpose == purpose)
        with self._store.read() as connection:
            return tuple(_send(row) for row in connection.execute(query))

    def get(self, send: int) -> Send:
        """Return a send by its number. Raises StoreError where there is none."""
        with self._store.read() as connection:
            row = connection.execute(select(sends).where(sends.c.id == send)).one_or_none()
        if row is None:
            raise StoreError(f"no send {send}")
        return _send(row)

    def abandoned(self, now: datetime) -> tuple[Send, ...]:
        """Return the sends whose planner is gone before it was through, oldest first."""
        query = select(sends).where(sends.c.state == "planning").order_by(sends.c.id)
        with self._store.read() as connection:
            rows = connection.execute(query).all()
        return tuple(_send(row) for row in rows if not may_live(row, self._at_work, now))

    def plan(
        self,
        edition: int,
        page: Page,
        *,
        purpose: str = "",
        audience: str,
        lists: Sequence[str] = (),
        segment: str = "",
        provider: str,
        size: int,
        now: datetime,
        variants: Variants = lambda _connection, _ids: {},
    ) -> Send | None:
        """Freeze an audience, leaving out everyone already planned for this purpose, in batches of ``size``.

        ``variants`` says who gets another variant than the whole; a batch carries one of them.
        ``lists`` and ``segment`` are kept for whoever has to finish the plan after a crash.
        Returns nothing where nobody is left. After a crash the same call goes on.
        Raises EditionConflict while another process plans other people, and where this plan was given up meanwhile.
        """
        whom = {"audience": audience, "lists": " ".join(lists), "segment": segment}
        with self._opened(edition, purpose, whom, provider, now) as plan:
            while (came := self._plan_page(plan, page, variants, size, now)) == "more":
                pass
        with self._store.read() as connection:
            row = connection.execute(same(plan)).one_or_none()
        if row is None and came == "lost":
            raise lost(plan)
        return _send(row) if row else None

    def plan_missed(
        self, edition: int, *, provider: str, size: int, now: datetime, also_uncertain: bool = False
    ) -> None:
        """Plan a send to those known not to have got the edition, and to the uncertain only where told so."""
        with self._opened(edition, "", {"audience": MISSED}, provider, now) as plan:
            for other in (each.id for each in self.of(edition, "") if each.id != plan.send):
                after: int | None = 0
                while after is not None:
                    with self._store.begin() as connection:
                        after = _hand_on(connection, other, plan, after, size, now, also_uncertain=also_uncertain)
            with self._store.begin() as connection:
                if locked(connection, plan) is not None:
                    seal(connection, plan.send, now)

    def move(self, send: int, to: SendState, now: datetime, why: str = "") -> None:
        """Move a send to another state; one that is done or cancelled stays so."""
        with self._store.begin() as connection:
            move(connection, send, to, now, why)

    def rest_once_planned(self, send: int, why: str) -> None:
        """Let a send that is being planned be paused at the end of its plan, or go after all where ``why`` is ''."""
        with self._store.begin() as connection:
            here = (sends.c.id == send) & (sends.c.state == "planning")
            connection.execute(update(sends).where(here).values(why=why))

    def cancel(self, send: int, now: datetime, why: str = "") -> None:
        """Stop a send for good; what is in flight is still finished by whoever sends it."""
        self.move(send, "cancelled", now, why)
        since: int | None = 0
        while since is not None:
            with self._store.begin() as connection:
                waiting = openings.unclaimed(connection, send, since, CHUNK)
                for batch in waiting:
                    rows.write(connection, batch, moves.cancel(batch), now)
                since = waiting[-1].piece if waiting else None

    @contextmanager
    def _opened(
        self, edition: int, purpose: str, whom: Mapping[str, str], provider: str, now: datetime
    ) -> Iterator[Plan]:
        """Give the send being planned, and hold it against others of this process meanwhile."""
        opened: list[int] = []
        try:
            with self._store.begin() as connection:
                opened.append(open_plan(connection, edition, purpose, whom, provider, self._at_work, now))
                self._at_work += opened
            yield Plan(opened[0], edition, purpose, whom["audience"])
        finally:
            for send in opened:
                self._at_work.remove(send)

    def _plan_page(
        self, plan: Plan, page: Page, variants: Variants, size: int, now: datetime
    ) -> Literal["more", "ended", "lost"]:
        """Plan one page of the audience; tell whether there may be more, or whether others ended the plan."""
        with self._store.begin() as connection:
            row = locked(connection, plan)
            if row is None:
                return "lost"
            ids = page(connection, row.cursor, size * CHUNK)
            if not ids:
                seal(connection, plan.send, now)
                return "ended"
            fresh = _not_yet_planned(connection, row, ids)
            rows.write_new(connection, plan.send, cut(fresh, size, variants(connection, fresh)))
            connection.execute(update(sends).where(sends.c.id == plan.send).values(cursor=ids[-1]))
            return "more"


def _not_yet_planned(connection: Connection, send: Row[Any], ids: Sequence[int]) -> list[int]:
    others = [row.id for row in sends_of(connection, send.edition, send.purpose) if row.id != send.id]
    query = select(audiences.c.ids).where(
        audiences.c.send.in_(others), audiences.c.first <= ids[-1], audiences.c.last >= ids[0]
    )
    planned: set[int] = set()
    for packed in connection.scalars(query):
        planned.update(unpack(packed))
    return [number for number in ids if number not in planned] if planned else list(ids)


def _hand_on(
    connection: Connection,
    other: int,
    plan: Plan,
    after: int,
    size: int,
    now: datetime,
    *,
    also_uncertain: bool,
) -> int | None:
    """Hand those who missed it in some batches of another send to this one; return where to go on."""
    if locked(connection, plan) is None:
        return None  # somebody else made the same plan, and was first to end it
    query = (
        rows.WHOLE.where(batches.c.send == other, batches.c.id > after, batches.c.finished_at.is_not(None))
        .where(rows.has_any("rejected", "cancelled", "uncertain"))
        .order_by(batches.c.id)
        .limit(CHUNK)
    )
    missed: list[int] = []
    variant_of: dict[int, str] = {}
    last = None
    for row in connection.execute(query.with_for_update(of=batches)).all():
        batch = rows.from_row(row)
        last = batch.id
        mask = batch.rejected | batch.cancelled | (batch.uncertain if also_uncertain else 0)
        missed += batch.at(mask)
        variant_of |= {number: batch.variant for number in batch.at(mask) if batch.variant}
        rows.write(connection, batch, moves.hand_on(batch, batch.at(mask)), now)
    missed.sort()
    rows.write_new(connection, plan.send, cut(missed, size, variant_of))
    return last


def _send(row: Row[Any]) -> Send:
    return Send(
        id=row.id,
        edition=row.edition,
        purpose=row.purpose,
        audience=row.audience,
        lists=tuple(row.lists.split()),
        segment=row.segment,
        provider=row.provider,
        state=row.state,
        created_at=row.created_at,
        why=row.why,
    )
