"""Keeps editions and moves them from state to state; composes and renders nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, insert, literal, select, tuple_, update
from sqlalchemy.exc import IntegrityError

from digest.errors import EditionConflict, NoSuchEdition, StoreError
from digest.model import Edition, EditionState, Message
from digest.store import published, tables
from digest.store.ledger_tables import sends
from digest.store.transactions import Transactions
from digest.store.upsert import upsert
from digest.store.values import dump, load

S = EditionState

#: Where an edition may go from each state.
MOVES: dict[EditionState, frozenset[EditionState]] = {
    S.COMPOSED: frozenset({S.HELD, S.APPROVED, S.FROZEN, S.SKIPPED, S.CANCELLED}),
    S.HELD: frozenset({S.COMPOSED, S.HELD, S.APPROVED, S.SKIPPED, S.CANCELLED}),
    S.APPROVED: frozenset({S.COMPOSED, S.HELD, S.FROZEN, S.SKIPPED, S.CANCELLED}),
    S.FROZEN: frozenset({S.SENDING, S.CANCELLED}),
    S.SENDING: frozenset({S.PAUSED, S.SENT, S.CANCELLED}),
    S.PAUSED: frozenset({S.SENDING, S.CANCELLED}),
    S.SENT: frozenset({S.SENDING}),  # a later send of the same edition, to those not yet planned for it
    S.SKIPPED: frozenset({S.COMPOSED, S.HELD}),
    S.CANCELLED: frozenset({S.COMPOSED}),
}

#: States in which the edition's words may still change.
OPEN = frozenset({S.COMPOSED, S.HELD, S.APPROVED, S.SKIPPED})


#: Where an edition stands in the order of time: its date, its slot, its number.
Place = tuple[date, str, int]


@dataclass(frozen=True, slots=True)
class Stored:
    """An edition as it is kept."""

    edition: Edition
    state: EditionState
    version: int  #: counts its changes; a change names the version it was made on
    row: int  #: its number in the database
    message: Message | None = None  #: once frozen
    why: str = ""  #: what was said at the last move, '' where nobody said anything
    created_at: datetime | None = None  #: aware, UTC
    changed_at: datetime | None = None  #: aware, UTC

    @property
    def id(self) -> str:
        """The edition's name on the command line."""
        return self.edition.id

    @property
    def reason(self) -> str:
        """Why it is in its state: for one that is held what a person said, and what was found."""
        if self.state is not EditionState.HELD:
            return self.why
        return "; ".join(dict.fromkeys(filter(None, (self.why, self.edition.hold))))

    @property
    def is_held_by_somebody(self) -> bool:
        """Whether a person holds it, whatever was found."""
        return self.state is EditionState.HELD and self.why not in ("", self.edition.hold)

    @property
    def place(self) -> Place:
        """Where it stands in the order of time."""
        return self.edition.date, self.edition.slot, self.row


@dataclass(frozen=True, slots=True)
class Transition:
    """One move of an edition."""

    at: datetime  #: aware, UTC
    was: str
    became: str
    why: str


class Editions:
    """Every edition of every newsletter."""

    def __init__(self, store: Transactions) -> None:
        self._store = store

    def find(self, newsletter: str, date: date, slot: str = "") -> Stored | None:
        """Return the edition of a newsletter for a local date and slot, if there is one."""
        with self._store.read() as connection:
            return _find(connection, newsletter, date, slot)

    def get(self, edition_id: str) -> Stored:
        """Return the edition of this name. Raises NoSuchEdition where there is none."""
        with self._store.read() as connection:
            return _get(connection, edition_id)

    def numbered(self, row: int) -> Stored:
        """Return the edition of this number in the database. Raises NoSuchEdition where there is none."""
        with self._store.read() as connection:
            found = connection.execute(_query().where(tables.editions.c.id == row)).one_or_none()
        if found is None:
            raise NoSuchEdition(f"no edition with the number {row}")
        return _stored(found)

    def save(
        self, edition: Edition, state: EditionState, now: datetime | None = None, *, version: int | None = None
    ) -> Stored:
        """Keep a new edition, or the new words of one not yet frozen.

        Raises EditionConflict where it is frozen, was made by another process in the same moment, or changed since
        ``version``, where that is given; 0 says that it was not there.
        """
        moment = now or datetime.now(UTC)
        try:
            with self._store.begin() as connection:
                return _save(connection, edition, state, moment, version)
        except StoreError as fault:
            if isinstance(fault.__cause__, IntegrityError):
                raise EditionConflict(f"edition {edition.id}: made by another process just now") from fault
            raise

    def move(
        self, edition_id: str, to: EditionState, version: int, why: str = "", now: datetime | None = None
    ) -> Stored:
        """Move an edition to another state.

        Raises EditionConflict where it changed since ``version`` or may not go there from where it is.
        """
        with self._store.begin() as connection:
            return _move(connection, edition_id, to, version, why, now or datetime.now(UTC))

    def freeze(
        self,
        edition_id: str,
        message: Message,
        version: int | None = None,
        now: datetime | None = None,
        variants: Mapping[str, Message] | None = None,
    ) -> Stored:
        """Keep the messages as they will leave and move the edition to frozen; done twice it changes nothing.

        ``variants`` are messages for some readers, by names other than ''.
        """
        with self._store.begin() as connection:
            stored = _get(connection, edition_id)
            if stored.message is not None:
                return stored
            messages = {"": message, **(variants or {})}
            rows = [{"edition": stored.row, "variant": name, "data": dump(each)} for name, each in messages.items()]
            upsert(connection, tables.messages, rows, keys=("edition", "variant"))
            moment = now or datetime.now(UTC)
            return _move(connection, edition_id, S.FROZEN, version or stored.version, "", moment)

    def keep_message(self, edition_id: str, variant: str, message: Message) -> None:
        """Keep a further message of an edition, such as a correction; one kept before stays as it is."""
        with self._store.begin() as connection:
            row = {"edition": _get(connection, edition_id).row, "variant": variant, "data": dump(message)}
            upsert(connection, tables.messages, [row], keys=("edition", "variant"), replace=False)

    def messages(self, edition_id: str) -> dict[str, Message]:
        """Return every message of an edition by variant; '' is the edition's own."""
        with self._store.read() as connection:
            rows = tables.messages.c
            query = select(rows.variant, rows.data).where(rows.edition == _get(connection, edition_id).row)
            return {variant: load(Message, data) for variant, data in connection.execute(query)}

    def past(self, newsletter: str, since: datetime) -> tuple[Edition, ...]:
        """Return the newsletter's editions that left or are leaving, cut off after a moment, newest first."""
        rows = tables.editions.c
        query = _query().where(
            rows.newsletter == newsletter,
            rows.state.in_((S.SENDING, S.PAUSED, S.SENT)),
            rows.date >= since.date() - timedelta(days=1),  # a local date may lie a day before UTC's
        )
        with self._store.read() as connection:
            found = [_stored(row) for row in connection.execute(query.order_by(rows.date.desc(), rows.slot.desc()))]
        return tuple(stored.edition for stored in found if stored.edition.cut_off > since)

    def sending(self) -> tuple[Stored, ...]:
        """Return the editions of which a send is open, a correction too, oldest first.

        With them those whose last send ended, was paused or cancelled by a process that died before it could say so
        of the edition: whoever works on them finds no mail to send, and lets their state follow.
        """
        is_open = tables.editions.c.id.in_(_with_sends("sending", purpose=None))
        with self._store.read() as connection:
            found = connection.execute(_query().where(is_open | _was_left_behind()).order_by(tables.editions.c.id))
            return tuple(_stored(row) for row in found)

    def list(
        self,
        newsletter: str | None = None,
        limit: int = 50,
        *,
        among: Collection[str] | None = None,
        states: Collection[EditionState] | None = None,
        before: Place | None = None,
    ) -> tuple[Stored, ...]:
        """Return the last editions, newest first, of one newsletter or of all.

        Args:
            among: only those of these newsletters.
            states: only those in these states.
            before: only those older than the one in this place.
        """
        rows = tables.editions.c
        order = (rows.date, rows.slot, rows.id)
        query = _query().order_by(*(column.desc() for column in order)).limit(limit)
        if newsletter is not None:
            query = query.where(rows.newsletter == newsletter)
        if among is not None:
            query = query.where(rows.newsletter.in_(among))
        if states is not None:
            query = query.where(rows.state.in_([state.value for state in states]))
        if before is not None:
            query = query.where(tuple_(*order) < tuple_(*map(literal, before)))
        with self._store.read() as connection:
            return tuple(_stored(row) for row in connection.execute(query))

    def texts(self) -> Iterator[str]:
        """Yield every edition as it is kept, one after another: for looking through them all."""
        with self._store.read() as connection:
            yield from connection.execution_options(yield_per=20).scalars(select(tables.editions.c.data))

    def transitions(self, edition_id: str) -> tuple[Transition, ...]:
        """Return every move of an edition, oldest first."""
        with self._store.read() as connection:
            stored = _get(connection, edition_id)
            rows = tables.transitions.c
            query = select(rows.at, rows.was, rows.became, rows.why)
            found = connection.execute(query.where(rows.edition == stored.row).order_by(rows.id))
            return tuple(Transition(*row) for row in found)


def split_id(edition_id: str) -> tuple[str, date, str]:
    """Return newsletter, local date and slot of an edition's name. Raises NoSuchEdition."""
    newsletter, _, rest = edition_id.partition("/")
    day, _, slot = rest.partition("/")
    try:
        found = date.fromisoformat(day)
        if found.isoformat() != day:  # 20260304 or 2026-W10-3: corrections are kept under one spelling
            raise ValueError(day)
    except ValueError as fault:
        how = "write NEWSLETTER/YYYY-MM-DD, with /SLOT where it has one; digest edition list names them"
        raise NoSuchEdition(f"edition {edition_id!r}: {how}") from fault
    return newsletter, found, slot


def _with_sends(*states: str, purpose: str | None = "") -> Select[Any]:
    query = select(sends.c.edition)
    query = query.where(sends.c.state.in_(states)) if states else query
    return query if purpose is None else query.where(sends.c.purpose == purpose)


def _was_left_behind() -> ColumnElement[bool]:
    """Whether nothing of an edition is planned or sent any more, and its state does not say so yet."""
    rows = tables.editions.c
    is_at_rest = (rows.state == S.PAUSED) & rows.id.in_(_with_sends("paused"))
    return and_(
        rows.state.in_((S.FROZEN, S.SENDING, S.PAUSED)),
        rows.id.in_(_with_sends()),
        rows.id.not_in(_with_sends("planning", "sending")),
        ~is_at_rest,
    )


def _query() -> Select[Any]:
    mail = tables.messages
    joined = tables.editions.outerjoin(mail, (mail.c.edition == tables.editions.c.id) & (mail.c.variant == ""))
    return select(tables.editions, mail.c.data.label("message")).select_from(joined)


def _stored(row: Row[Any]) -> Stored:
    return Stored(
        edition=load(Edition, row.data),
        state=EditionState(row.state),
        version=row.version,
        row=row.id,
        message=load(Message, row.message) if row.message else None,
        why=row.why,
        created_at=row.created_at,
        changed_at=row.changed_at,
    )


def _find(connection: Connection, newsletter: str, day: date, slot: str) -> Stored | None:
    rows = tables.editions.c
    query = _query().where(rows.newsletter == newsletter, rows.date == day, rows.slot == slot)
    row = connection.execute(query).one_or_none()
    return _stored(row) if row else None


def _get(connection: Connection, edition_id: str) -> Stored:
    stored = _find(connection, *split_id(edition_id))
    if stored is None:
        raise NoSuchEdition(f"no edition {edition_id}; digest edition list shows those there are")
    return stored


def _save(connection: Connection, edition: Edition, state: EditionState, now: datetime, version: int | None) -> Stored:
    before = _find(connection, edition.newsletter, edition.date, edition.slot)
    if version is not None and version != (before.version if before else 0):
        raise EditionConflict(f"edition {edition.id} was changed by another process meanwhile")
    if before is None:
        _insert(connection, edition, state, now)
    elif before.state in OPEN:
        is_moved = state is not before.state
        why = before.why if before.is_held_by_somebody and not is_moved else ""
        _change(connection, before, now, state=state, why=why, data=dump(edition))
        if is_moved:
            _record(connection, before, state, edition.hold or "composed anew", now)
    else:
        raise EditionConflict(f"edition {edition.id} is {before.state} and can no longer be changed")
    stored = _get(connection, edition.id)
    published.keep(connection, stored.row, edition)
    return stored


def _insert(connection: Connection, edition: Edition, state: EditionState, now: datetime) -> None:
    connection.execute(
        insert(tables.editions).values(
            newsletter=edition.newsletter,
            date=edition.date,
            slot=edition.slot,
            state=state.value,
            version=1,
            why="",
            created_at=now,
            changed_at=now,
            data=dump(edition),
        )
    )


def _move(connection: Connection, edition_id: str, to: EditionState, version: int, why: str, now: datetime) -> Stored:
    stored = _get(connection, edition_id)
    if stored.version != version:
        raise EditionConflict(f"edition {edition_id} was changed by another process meanwhile; it is {stored.state}")
    if to not in MOVES[stored.state]:
        raise EditionConflict(f"edition {edition_id} is {stored.state} and cannot become {to}")
    _change(connection, stored, now, state=to, why=why)
    _record(connection, stored, to, why, now)
    return _get(connection, edition_id)


def _record(connection: Connection, before: Stored, to: EditionState, why: str, now: datetime) -> None:
    move = {"at": now, "was": before.state.value, "became": to.value, "why": why}
    connection.execute(insert(tables.transitions).values(edition=before.row, **move))


def _change(connection: Connection, stored: Stored, now: datetime, **values: Any) -> None:
    rows = tables.editions.c
    changed = connection.execute(
        update(tables.editions)
        .where(rows.id == stored.row, rows.version == stored.version)
        .values(version=stored.version + 1, changed_at=now, **values)
    )
    if changed.rowcount != 1:
        raise EditionConflict(f"edition {stored.id} was changed by another process meanwhile")
