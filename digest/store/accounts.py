"""Keeps who may use the admin pages: accounts, their sign-ins and their invitations; knows no password's rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, Select, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from digest.errors import StoreError, UsageError
from digest.store.door_tables import accounts as accounts
from digest.store.door_tables import halfway, recovery_codes, second_steps
from digest.store.door_tables import invitations as invitations
from digest.store.door_tables import signins as signins
from digest.store.marks import joined, mark, parted
from digest.store.transactions import Transactions
from digest.store.upsert import add

Role = Literal["viewer", "editor", "owner"]


@dataclass(frozen=True, slots=True)
class Account:
    """One person who may use the admin pages."""

    id: int
    name: str
    role: Role
    password: str  #: an argon2 hash
    made_at: datetime  #: aware, UTC
    seen_at: datetime | None = None  #: of the last sign-in; aware, UTC
    lists: tuple[str, ...] | None = None  #: the only lists it may touch, None for every list
    has_second_step: bool = False  #: a code is asked for after the password


class Accounts:
    """Every account."""

    def __init__(self, store: Transactions) -> None:
        self._store = store

    def all(self) -> tuple[Account, ...]:
        """Return every account, by name."""
        with self._store.read() as connection:
            return tuple(_account(row) for row in connection.execute(_query().order_by(accounts.c.name)))

    def is_empty(self) -> bool:
        """Tell whether nobody can sign in yet."""
        with self._store.read() as connection:
            return connection.scalar(select(accounts.c.id).limit(1)) is None

    def named(self, name: str) -> Account | None:
        """Return the account of this name, however its letters are cased."""
        with self._store.read() as connection:
            row = connection.execute(_query().where(accounts.c.name == _plain(name))).one_or_none()
        return _account(row) if row else None

    def numbered(self, number: int) -> Account | None:
        """Return the account of this number."""
        with self._store.read() as connection:
            row = connection.execute(_query().where(accounts.c.id == number)).one_or_none()
        return _account(row) if row else None

    def invite(
        self, token: str, role: Role, until: datetime, *, lists: Iterable[str] | None = None, alone: bool = False
    ) -> None:
        """Keep an invitation to make an account, for some lists or for all; with ``alone`` all others end."""
        _demand_reach(role, lists)
        row = {"token": mark(token), "role": role, "until": until, "lists": joined(lists)}
        with self._store.begin() as connection:
            if alone:
                connection.execute(delete(invitations))
            connection.execute(invitations.insert().values(row))

    def invited(self, token: str, now: datetime) -> Role | None:
        """Return the role an invitation gives, None where it is used, too old or none of ours."""
        here = (invitations.c.token == mark(token)) & (invitations.c.until > now)
        with self._store.read() as connection:
            role: Role | None = connection.scalar(select(invitations.c.role).where(here))
        return role

    def accept(self, token: str, name: str, password: str, now: datetime) -> None:
        """Use an invitation up and make its account; raise UsageError where it is none or the name is taken."""
        here = (invitations.c.token == mark(token)) & (invitations.c.until > now)
        try:
            with self._store.begin() as connection:
                given = connection.execute(select(invitations.c.role, invitations.c.lists).where(here)).one_or_none()
                if given is None or not connection.execute(delete(invitations).where(here)).rowcount:
                    raise UsageError("this link was used already, or is too old; ask for another one")
                row = {
                    "name": _plain(name),
                    "password": password,
                    "made_at": now,
                    "role": given.role,
                    "lists": given.lists,
                }
                add(connection, accounts, row)
        except StoreError as fault:
            if not isinstance(fault.__cause__, IntegrityError):
                raise
            raise UsageError(f'the name "{_plain(name)}" is taken; choose another one') from fault

    def sign_in(self, account: int, token: str, now: datetime, until: datetime) -> None:
        """Keep a sign-in, and forget those that have ended."""
        with self._store.begin() as connection:
            connection.execute(delete(signins).where(signins.c.until <= now))
            connection.execute(signins.insert().values(token=mark(token), account=account, at=now, until=until))
            connection.execute(update(accounts).where(accounts.c.id == account).values(seen_at=now))

    def signed_in(self, token: str, now: datetime) -> Account | None:
        """Return the account of a sign-in that holds."""
        here = (signins.c.token == mark(token)) & (signins.c.until > now)
        with self._store.read() as connection:
            whose = select(signins.c.account).where(here).scalar_subquery()
            row = connection.execute(_query().where(accounts.c.id == whose)).one_or_none()
        return _account(row) if row else None

    def sign_out(self, token: str) -> None:
        """End one sign-in."""
        with self._store.begin() as connection:
            connection.execute(delete(signins).where(signins.c.token == mark(token)))

    def set_password(self, account: int, password: str) -> None:
        """Keep a new password's hash, and end every sign-in of the account."""
        with self._store.begin() as connection:
            connection.execute(update(accounts).where(accounts.c.id == account).values(password=password))
            end_signins(connection, account)

    def set_role(self, name: str, role: Role) -> None:
        """Give an account another role; an owner keeps every list. Raise UsageError where no owner would be left."""
        values: dict[str, Any] = {"role": role} | ({"lists": None} if role == "owner" else {})
        with self._store.begin() as connection:
            connection.execute(update(accounts).where(accounts.c.name == _plain(name)).values(values))
            _demand_owner(connection.scalar(_owners()))

    def set_lists(self, name: str, lists: Iterable[str] | None) -> None:
        """Let an account touch these lists alone, every list for None; raise UsageError for an owner or nobody."""
        with self._store.begin() as connection:
            here = accounts.c.name == _plain(name)
            role = connection.scalar(select(accounts.c.role).where(here))
            if role is None:
                raise UsageError(f'nobody is called "{name}"')
            _demand_reach(role, lists)
            connection.execute(update(accounts).where(here).values(lists=joined(lists)))

    def remove(self, name: str) -> None:
        """Take an account and its sign-ins away; raise UsageError where no owner would be left."""
        with self._store.begin() as connection:
            gone = connection.scalar(select(accounts.c.id).where(accounts.c.name == _plain(name)))
            for table in (signins, halfway, recovery_codes, second_steps):
                connection.execute(delete(table).where(table.c.account == gone))
            connection.execute(delete(accounts).where(accounts.c.id == gone))
            _demand_owner(connection.scalar(_owners()))


def end_signins(connection: Connection, account: int, *, but: str = "") -> None:
    """End every sign-in of an account, also those half done; the one of the token ``but`` goes on."""
    connection.execute(delete(signins).where(signins.c.account == account, signins.c.token != mark(but)))
    connection.execute(delete(halfway).where(halfway.c.account == account))


def _query() -> Select[Any]:
    steps = (second_steps.c.account == accounts.c.id) & second_steps.c.active_at.is_not(None)
    return select(accounts, second_steps.c.active_at).outerjoin(second_steps, steps)


def _owners() -> Any:
    return select(func.count()).select_from(accounts).where(accounts.c.role == "owner")


def _demand_owner(owners: int | None) -> None:
    if not owners:
        raise UsageError("somebody must stay the owner; make another account an owner first")


def _demand_reach(role: str, lists: Iterable[str] | None) -> None:
    if role == "owner" and lists is not None:
        raise UsageError("an owner keeps every list; make the account an editor or a viewer first")


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _account(row: Row[Any]) -> Account:
    return Account(
        row.id, row.name, row.role, row.password, row.made_at, row.seen_at, parted(row.lists), row.active_at is not None
    )
