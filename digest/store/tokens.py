"""Keeps the tokens that programs ask with: what each may do, and until when; knows no request."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from digest.errors import StoreError, UsageError
from digest.store.door_tables import api_tokens
from digest.store.marks import joined, mark, parted
from digest.store.transactions import Transactions

#: The last use is written down at most this often: no request waits for the disk because of it.
NOTED_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class ApiToken:
    """What a program may do, by a token nobody can read any more."""

    id: int
    name: str  #: of the program, shown in the log
    scopes: tuple[str, ...]  #: what it may do: ``lists:read``
    made_at: datetime  #: aware, UTC
    made_by: str  #: the account, or ``command``
    lists: tuple[str, ...] | None = None  #: the only lists it may touch, None for every list
    until: datetime | None = None  #: aware, UTC; None for no end
    used_at: datetime | None = None  #: aware, UTC, within five minutes
    revoked_at: datetime | None = None  #: aware, UTC

    def holds(self, now: datetime) -> bool:
        """Tell whether it still opens anything."""
        return self.revoked_at is None and (self.until is None or now < self.until)


class ApiTokens:
    """Every token, also those that have ended: the log names them."""

    def __init__(self, store: Transactions) -> None:
        self._store = store

    def all(self) -> tuple[ApiToken, ...]:
        """Return every token, the newest first."""
        with self._store.read() as connection:
            return tuple(_token(row) for row in connection.execute(select(api_tokens).order_by(api_tokens.c.id.desc())))

    def make(
        self,
        token: str,
        name: str,
        scopes: Iterable[str],
        *,
        by: str,
        now: datetime,
        lists: Iterable[str] | None = None,
        until: datetime | None = None,
    ) -> None:
        """Keep a new token; raise UsageError where another one has or had the name."""
        row = {"name": name, "token": mark(token), "scopes": joined(scopes), "lists": joined(lists)}
        try:
            with self._store.begin() as connection:
                connection.execute(insert(api_tokens).values(row | {"made_at": now, "made_by": by, "until": until}))
        except StoreError as fault:
            if not isinstance(fault.__cause__, IntegrityError):
                raise
            raise UsageError(
                f'a token "{name}" is there already, or was; the log names tokens, so take another'
            ) from fault

    def find(self, token: str, now: datetime) -> ApiToken | None:
        """Return the token that a program shows, None where there is none or it has ended."""
        with self._store.read() as connection:
            row = connection.execute(select(api_tokens).where(api_tokens.c.token == mark(token))).one_or_none()
        found = _token(row) if row else None
        return found if found and found.holds(now) else None

    def note_use(self, found: ApiToken, now: datetime) -> None:
        """Write down that a token was used, unless that was done just now."""
        if found.used_at is None or now - found.used_at >= NOTED_EVERY:
            with self._store.begin(durable=False) as connection:
                connection.execute(update(api_tokens).where(api_tokens.c.id == found.id).values(used_at=now))

    def revoke(self, name: str, now: datetime) -> None:
        """End a token at once; raise UsageError where there is none of that name that holds."""
        here = (api_tokens.c.name == name) & api_tokens.c.revoked_at.is_(None)
        with self._store.begin() as connection:
            if not connection.execute(update(api_tokens).where(here).values(revoked_at=now)).rowcount:
                raise UsageError(f'there is no token "{name}" to revoke')


def _token(row: Row[Any]) -> ApiToken:
    return ApiToken(
        row.id,
        row.name,
        tuple(row.scopes.split()),
        row.made_at,
        row.made_by,
        parted(row.lists),
        row.until,
        row.used_at,
        row.revoked_at,
    )
