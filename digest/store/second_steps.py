"""Keeps the second step of signing in: secrets, recovery codes, sign-ins half done; knows no way to make a code."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, insert, select, update

from digest.store.accounts import end_signins
from digest.store.door_tables import halfway, recovery_codes, second_steps
from digest.store.marks import mark
from digest.store.transactions import Transactions


class SecondSteps:
    """The second step of every account that has one."""

    def __init__(self, store: Transactions) -> None:
        self._store = store

    def begin(self, account: int, secret: bytes) -> None:
        """Keep an encrypted secret that nothing is asked of yet; an active one stays as it is."""
        with self._store.begin() as connection:
            here = second_steps.c.account == account
            connection.execute(delete(second_steps).where(here, second_steps.c.active_at.is_(None)))
            if connection.scalar(select(second_steps.c.account).where(here)) is None:
                connection.execute(insert(second_steps).values(account=account, secret=secret, last=0))

    def secret(self, account: int, *, active: bool = True) -> bytes | None:
        """Return an account's encrypted secret, in use or waiting for its first code; None for none."""
        with self._store.read() as connection:
            found: bytes | None = connection.scalar(select(second_steps.c.secret).where(_here(account, active=active)))
        return found

    def activate(self, account: int, span: int, codes: Iterable[str], now: datetime, *, but: str = "") -> bool:
        """Ask for codes from now on, keep the recovery codes, end every sign-in but one; False where none waits."""
        with self._store.begin() as connection:
            values = {"active_at": now, "last": span}
            if not connection.execute(update(second_steps).where(_here(account, active=False)).values(values)).rowcount:
                return False
            rows = [{"account": account, "code": mark(code)} for code in codes]
            connection.execute(insert(recovery_codes), rows)
            end_signins(connection, account, but=but)
        return True

    def take(self, account: int, span: int) -> bool:
        """Use the code of a span of time up; False where it, or a later one, was used before."""
        here = _here(account, active=True) & (second_steps.c.last < span)
        with self._store.begin() as connection:
            return bool(connection.execute(update(second_steps).where(here).values(last=span)).rowcount)

    def take_recovery(self, account: int, code: str) -> bool:
        """Use a recovery code up; False where it is none, or was used before."""
        here = (recovery_codes.c.account == account) & (recovery_codes.c.code == mark(code))
        with self._store.begin() as connection:
            return bool(connection.execute(delete(recovery_codes).where(here)).rowcount)

    def codes_left(self, account: int) -> int:
        """Return how many recovery codes are not used yet."""
        with self._store.read() as connection:
            query = select(func.count()).select_from(recovery_codes).where(recovery_codes.c.account == account)
            return connection.scalar(query) or 0

    def renew_codes(self, account: int, codes: Iterable[str]) -> None:
        """Keep new recovery codes in place of the old ones."""
        with self._store.begin() as connection:
            connection.execute(delete(recovery_codes).where(recovery_codes.c.account == account))
            connection.execute(insert(recovery_codes), [{"account": account, "code": mark(code)} for code in codes])

    def remove(self, account: int, *, but: str = "") -> bool:
        """Ask an account for no code any more, and end every sign-in but one; False where it was asked for none."""
        with self._store.begin() as connection:
            connection.execute(delete(recovery_codes).where(recovery_codes.c.account == account))
            had = connection.execute(delete(second_steps).where(second_steps.c.account == account)).rowcount
            if had:
                end_signins(connection, account, but=but)
        return bool(had)

    def wait(self, token: str, account: int, now: datetime, until: datetime) -> None:
        """Keep a sign-in whose code is still to come, and forget those that have ended."""
        with self._store.begin() as connection:
            connection.execute(delete(halfway).where(halfway.c.until <= now))
            connection.execute(insert(halfway).values(token=mark(token), account=account, until=until))

    def waiting(self, token: str, now: datetime) -> int | None:
        """Return the account of a sign-in half done, None where it is none or took too long."""
        here = (halfway.c.token == mark(token)) & (halfway.c.until > now)
        with self._store.read() as connection:
            found: int | None = connection.scalar(select(halfway.c.account).where(here))
        return found

    def arrived(self, token: str) -> None:
        """Forget a sign-in half done."""
        with self._store.begin() as connection:
            connection.execute(delete(halfway).where(halfway.c.token == mark(token)))


def _here(account: int, *, active: bool) -> ColumnElement[bool]:
    state = second_steps.c.active_at.is_not(None) if active else second_steps.c.active_at.is_(None)
    return (second_steps.c.account == account) & state
