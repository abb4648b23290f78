"""Keeps the senders of one provider, together, within its limits; knows no provider."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from digest.store.ledger_tables import rates
from digest.store.upsert import upsert


@dataclass(frozen=True, slots=True)
class Limits:
    """How many mails may leave; 0 is no limit."""

    per_second: float = 0
    per_hour: int = 0
    per_day: int = 0
    warm_up: tuple[int, ...] = ()  #: mails on the first day, the second, …; afterwards ``per_day``

    @property
    def smallest(self) -> int:
        """The largest batch that can ever leave at once, 0 where anything can."""
        return min(filter(None, (self.per_hour, self.per_day, *self.warm_up)), default=0)


def hold(connection: Connection, provider: str, until: datetime) -> None:
    """Let nothing leave through a provider before a moment: it told one sender so, and means them all."""
    row = {"provider": provider, "period": "hold", "started": until, "used": 0}
    upsert(connection, rates, [row], keys=("provider", "period"))


def take(connection: Connection, provider: str, limits: Limits, mails: int, now: datetime) -> float:
    """Use up a part of the limits and return 0, or use up nothing and return the seconds to wait."""
    query = select(rates).where(rates.c.provider == provider).with_for_update()
    used = {row.period: (row.started, row.used) for row in connection.execute(query)}
    held = used.get("hold", (now, 0))[0]
    if held > now:
        return float((held - now).total_seconds())
    if limits == Limits():
        return 0.0
    first_day = used.get("first", (now, 0))[0]
    rows = [("first", first_day, 0)]
    for period, length, most in _windows(limits, first_day, now):
        started, count = used.get(period, (now, 0))
        if now >= started + length:
            started, count = now, 0
        if count and count + mails > most:
            return float((started + length - now).total_seconds())
        rows.append((period, started, count + mails))
    if limits.per_second:
        free_at, last = used.get("second", (now, 0))
        longest = timedelta(seconds=last / limits.per_second)  # further off than that, a clock was set back
        if now < free_at <= now + longest:
            return float((free_at - now).total_seconds())
        rows.append(("second", now + timedelta(seconds=mails / limits.per_second), mails))
    columns = ("period", "started", "used")
    new = [{"provider": provider, **dict(zip(columns, row, strict=True))} for row in rows]
    upsert(connection, rates, new, keys=("provider", "period"))
    return 0.0


def _windows(limits: Limits, first_day: datetime, now: datetime) -> list[tuple[str, timedelta, int]]:
    day = max(0, (now - first_day).days)  # the clock of whoever was first may be ahead of ours
    per_day = limits.warm_up[day] if day < len(limits.warm_up) else limits.per_day
    windows = [("hour", timedelta(hours=1), limits.per_hour), ("day", timedelta(days=1), per_day)]
    return [window for window in windows if window[2]]
