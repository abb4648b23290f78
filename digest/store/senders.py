"""Knows which sending processes live; decides nothing about their batches."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, delete, select, update

from digest.store import openings
from digest.store.ledger_tables import batches, senders
from digest.store.transactions import Transactions
from digest.store.upsert import add

#: How long a sender counts as alive after its last sign of life.
LEASE = timedelta(seconds=15)

#: How long a dead sender is remembered.
MEMORY = timedelta(days=1)


class Senders:
    """The processes that send."""

    def __init__(self, store: Transactions) -> None:
        self._store = store

    def enter(self, now: datetime) -> int:
        """Announce this process and return its number."""
        with self._store.begin() as connection:
            old = senders.c.alive_until < now - MEMORY
            if connection.scalar(select(senders.c.id).where(old).limit(1)) is not None:
                owners = select(batches.c.owner).where(batches.c.owner.is_not(None), openings.is_open())
                connection.execute(delete(senders).where(old, senders.c.id.not_in(owners)))
            return add(connection, senders, {"name": process_name(), "alive_until": now + LEASE})

    def renew(self, sender: int, now: datetime) -> None:
        """Give a sign of life; due every few seconds."""
        with self._store.begin() as connection:
            connection.execute(update(senders).where(senders.c.id == sender).values(alive_until=now + LEASE))

    def are_at_work(self, now: datetime) -> bool:
        """Tell whether a process that lives has mails in its hands."""
        with self._store.read() as connection:
            gone = dead(connection, now, is_running)
            held = select(senders.c.id).join(batches, batches.c.owner == senders.c.id)
            found = connection.execute(held.where(openings.is_open(), senders.c.id.not_in(gone)).limit(1))
            return found.first() is not None


def dead(connection: Connection, now: datetime, is_running: Callable[[str], bool | None]) -> list[int]:
    """Return the senders that are gone: silent for a lease, or on this machine and no longer running."""
    rows = connection.execute(select(senders))
    return [row.id for row in rows if row.alive_until < now or is_running(row.name) is False]


def process_name() -> str:
    """Name this process so that another one on the same machine can tell whether it still runs."""
    return f"{_machine()} {os.getpid()} {_started(os.getpid())}"


def is_running(name: str) -> bool | None:
    """Tell whether a named process runs; nothing is known of those on other machines."""
    machine, pid, started = name.rsplit(" ", 2)
    if machine != _machine() or started == "?":
        return None
    return _started(int(pid)) == started


def _machine() -> str:
    """The host and its process namespace: numbers of processes mean something only inside one."""
    try:
        namespace = str(Path("/proc/self/ns/pid").readlink())
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        namespace = boot = "?"
    return f"{socket.gethostname()} {boot} {namespace}"


def _started(pid: int) -> str:
    """When a process started, in ticks since boot, '' where it is gone, '?' where that cannot be known."""
    if not Path("/proc/self/stat").exists():
        return "?"
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return ""
    state, *fields = stat.rpartition(")")[2].split()
    return "" if state in "ZX" else fields[18]
