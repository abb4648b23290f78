"""Keeps who may use the admin pages: accounts, their sign-ins and their invitations; knows no password's rules.

Tokens are kept as SHA-256 of themselves: they are random, so nobody who reads the table can use it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal

from sqlalchemy import Column, ForeignKey, LargeBinary, Row, String, Table, Text, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from digest.errors import StoreError, UsageError
from digest.store.columns import Id, Instant
from digest.store.tables import metadata
from digest.store.transactions import Transactions
from digest.store.upsert import add

Role = Literal["viewer", "editor", "owner"]

accounts = Table(
    "accounts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(100), nullable=False, unique=True),
    Column("role", String(10), nullable=False),
    Column("password", Text, nullable=False),  # an argon2 hash, with its salt and its cost
    Column("made_at", Instant, nullable=False),
    Column("seen_at", Instant),
)

signins = Table(
    "signins",
    metadata,
    Column("token", LargeBinary(32), primary_key=True),
    Column("account", Id, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("until", Instant, nullable=False),
)

invitations = Table(
    "invitations",
    metadata,
    Column("token", LargeBinary(32), primary_key=True),
    Column("role", String(10), nullable=False),
    Column("until", Instant, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Account:
    """One person who may use the admin pages."""

    id: int
    name: str
    role: Role
    password: str  #: an argon2 hash
    made_at: datetime  #: aware, UTC
    seen_at: datetime | None = None  #: of the last sign-in; aware, UTC


class Accounts:
    """Every account."""

    def __init__(self, store: Transactions) -> None:
        self._store = store

    def all(self) -> tuple[Account, ...]:
        """Return every account, by name."""
        with self._store.read() as connection:
            return tuple(_account(row) for row in connection.execute(select(accounts).order_by(accounts.c.name)))

    def is_empty(self) -> bool:
        """Tell whether nobody can sign in yet."""
        with self._store.read() as connection:
            return connection.scalar(select(accounts.c.id).limit(1)) is None

    def named(self, name: str) -> Account | None:
        """Return the account of this name, however its letters are cased."""
        with self._store.read() as connection:
            row = connection.execute(select(accounts).where(accounts.c.name == _plain(name))).one_or_none()
        return _account(row) if row else None

    def invite(self, token: str, role: Role, until: datetime, *, alone: bool = False) -> None:
        """Keep an invitation to make an account; with ``alone`` all others end."""
        with self._store.begin() as connection:
            if alone:
                connection.execute(delete(invitations))
            connection.execute(invitations.insert().values(token=_mark(token), role=role, until=until))

    def invited(self, token: str, now: datetime) -> Role | None:
        """Return the role an invitation gives, None where it is used, too old or none of ours."""
        here = (invitations.c.token == _mark(token)) & (invitations.c.until > now)
        with self._store.read() as connection:
            role: Role | None = connection.scalar(select(invitations.c.role).where(here))
        return role

    def accept(self, token: str, name: str, password: str, now: datetime) -> None:
        """Use an invitation up and make its account; raise UsageError where it is none or the name is taken."""
        here = (invitations.c.token == _mark(token)) & (invitations.c.until > now)
        try:
            with self._store.begin() as connection:
                role = connection.scalar(select(invitations.c.role).where(here))
                if role is None or not connection.execute(delete(invitations).where(here)).rowcount:
                    raise UsageError("this link was used already, or is too old; ask for another one")
                row = {"name": _plain(name), "role": role, "password": password, "made_at": now}
                add(connection, accounts, row)
        except StoreError as fault:
            if not isinstance(fault.__cause__, IntegrityError):
                raise
            raise UsageError(f'the name "{_plain(name)}" is taken; choose another one') from fault

    def sign_in(self, account: int, token: str, now: datetime, until: datetime) -> None:
        """Keep a sign-in, and forget those that have ended."""
        with self._store.begin() as connection:
            connection.execute(delete(signins).where(signins.c.until <= now))
            connection.execute(signins.insert().values(token=_mark(token), account=account, at=now, until=until))
            connection.execute(update(accounts).where(accounts.c.id == account).values(seen_at=now))

    def signed_in(self, token: str, now: datetime) -> Account | None:
        """Return the account of a sign-in that holds."""
        query = select(accounts).join(signins, signins.c.account == accounts.c.id)
        with self._store.read() as connection:
            here = (signins.c.token == _mark(token)) & (signins.c.until > now)
            row = connection.execute(query.where(here)).one_or_none()
        return _account(row) if row else None

    def sign_out(self, token: str) -> None:
        """End one sign-in."""
        with self._store.begin() as connection:
            connection.execute(delete(signins).where(signins.c.token == _mark(token)))

    def set_password(self, account: int, password: str) -> None:
        """Keep a new password's hash, and end every sign-in of the account."""
        with self._store.begin() as connection:
            connection.execute(update(accounts).where(accounts.c.id == account).values(password=password))
            connection.execute(delete(signins).where(signins.c.account == account))

    def set_role(self, name: str, role: Role) -> None:
        """Give an account another role; raise UsageError where no owner would be left."""
        with self._store.begin() as connection:
            connection.execute(update(accounts).where(accounts.c.name == _plain(name)).values(role=role))
            _demand_owner(connection.scalar(_owners()))

    def remove(self, name: str) -> None:
        """Take an account and its sign-ins away; raise UsageError where no owner would be left."""
        with self._store.begin() as connection:
            gone = select(accounts.c.id).where(accounts.c.name == _plain(name)).scalar_subquery()
            connection.execute(delete(signins).where(signins.c.account == gone))
            connection.execute(delete(accounts).where(accounts.c.name == _plain(name)))
            _demand_owner(connection.scalar(_owners()))


def _owners() -> Any:
    return select(func.count()).select_from(accounts).where(accounts.c.role == "owner")


def _demand_owner(owners: int | None) -> None:
    if not owners:
        raise UsageError("somebody must stay the owner; make another account an owner first")


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _mark(token: str) -> bytes:
    return sha256(token.encode()).digest()


def _account(row: Row[Any]) -> Account:
    return Account(row.id, row.name, row.role, row.password, row.made_at, row.seen_at)
