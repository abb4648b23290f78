"""An installation to send from: a roster of many people, an edition a run, and runs in processes of their own."""

from __future__ import annotations

import json
import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import text

from benchmarks.memory import peak
from digest.model import Article, Edition, EditionState, Envelope, Masthead, Message, Recipient, Source, Story
from digest.pipeline.audience import ListAudience
from digest.pipeline.delivering import deliver_open
from digest.pipeline.send import Ways, plan_edition, report
from digest.send.provider import Mailing, Provider
from digest.store import Store
from subscribers import Addressee, KeyRing, roster
from subscribers.tables import STATE_CODES, State

NOW = datetime(2026, 3, 4, 6, 30, tzinfo=UTC)
RING = KeyRing((("1", b"k" * 32),))
READERS = ListAudience(("daily",), "morning", RING, "https://news.morning.example")


def message(size: int) -> Message:
    """Return a message whose mail has about so many bytes."""
    line = "The ferry to Tarrow runs again from Thursday, the harbour says.\n"
    body = line * (size // len(line) // 2)
    return Message(
        "The ferry runs again",
        f'<p>{body}</p><a href="%%UNSUBSCRIBE_URL%%">Leave</a> <a href="%%PREFERENCES_URL%%">Choose</a>',
        f"{body}\nLeave: %%UNSUBSCRIBE_URL%%\nChoose: %%PREFERENCES_URL%%\n",
    )


def addressee(number: int) -> Addressee:
    """Return one of the people, as the roster returns them."""
    return Addressee(number, f"{number:024x}", f"reader{number}@readers.example", f"Reader No. {number}")


def recipient(number: int) -> Recipient:
    """Return one of the people, as a send writes to them: with links of their own."""
    return READERS.addressed([addressee(number)])[0]


def edition(day: date) -> Edition:
    """Return an edition of one story."""
    lead = Article("k", "gazette", "https://gazette.example/1", "The ferry runs again")
    return Edition(
        "morning", day, "", Masthead("Tarrow"), (Story("k", lead),), (Source("gazette", "Gazette"),), cut_off=NOW
    )


def envelope(number: int) -> Envelope:
    """Return what the mails of the edition of one run have in common."""
    return Envelope(edition(day(number)).id, "Tarrow <news@morning.example>", "morning.morning.example")


def mailing(number: int, size: int) -> Mailing:
    """Return what the mails of one run carry."""
    return Mailing(message(size), envelope(number), NOW)


def day(number: int) -> date:
    """Return the day of a run's edition."""
    return NOW.date() - timedelta(days=number)


@contextmanager
def installation(people: int) -> Iterator[str]:
    """Give the address of a new SQLite store with so many confirmed people on a list."""
    with tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{folder}/digest.db"
        store = Store.open(address)
        with store.begin() as connection:
            roster.ensure_list(connection, "daily", opt_in="single", at=NOW)
        at, confirmed = int(NOW.timestamp()), STATE_CODES[State.CONFIRMED]
        person = "INSERT INTO subscribers (id, public_id, address, name, created_at) VALUES (?, ?, ?, ?, ?)"
        place = "INSERT INTO subscriptions (list_id, subscriber_id, state, joined_at, act) VALUES (1, ?, ?, ?, 1)"
        for start in range(1, people + 1, 50_000):
            numbers = range(start, min(people + 1, start + 50_000))
            with store.begin() as connection:
                connection.exec_driver_sql(person, [(*addressee(number), at) for number in numbers])
                connection.exec_driver_sql(place, [(number, confirmed, at) for number in numbers])
        store.close()
        yield address


@dataclass(frozen=True)
class Ran:
    """What one run took."""

    mails: int
    seconds: float  #: by the clock
    processor: float  #: seconds, of this process
    planning: float = 0.0  #: seconds by the clock, not in the above

    @property
    def rate(self) -> float:
        """Mails a second, by the clock."""
        return self.mails / self.seconds

    @property
    def effort(self) -> float:
        """Microseconds of the processor for each mail."""
        return self.processor / self.mails * 1e6


@contextmanager
def timed(mails: int) -> Iterator[list[Ran]]:
    """Give a list that holds, in the end, what the block took."""
    ran: list[Ran] = []
    clock, processor = time.perf_counter(), time.process_time()
    yield ran
    ran.append(Ran(mails, time.perf_counter() - clock, time.process_time() - processor))


def whole_send(address: str, provider: Provider, number: int, size: int) -> Ran:
    """Plan an edition to everybody and send it, with everything on; the planning is told apart."""
    store = Store.open(address)
    saved = store.editions.save(edition(day(number)), EditionState.APPROVED, NOW).edition.id
    ways = Ways(clock=lambda: datetime.now(UTC))
    began = time.perf_counter()
    planned = plan_edition(store, provider, saved, message(size), READERS, ways).planned
    planning = time.perf_counter() - began
    with timed(planned) as ran:
        deliver_open(store, provider, saved, envelope(number), READERS, ways)
    done = report(store, saved)
    assert done.sent == planned, done
    provider.close()
    store.close()
    return Ran(planned, ran[0].seconds, ran[0].processor, planning)


def ledger_bytes(address: str) -> int:
    """Return the bytes of the ledger's tables and their indexes, as SQLite counts its pages."""
    tables = ("sends", "audiences", "batches", "exceptions", "batch_events")
    store = Store.open(address)
    with store.read() as connection:
        query = text(
            "SELECT SUM(pgsize) FROM dbstat JOIN sqlite_schema USING (name) "
            "WHERE tbl_name IN (SELECT value FROM json_each(:t))"
        )
        found = connection.execute(query, {"t": json.dumps(tables)}).scalar_one()
    store.close()
    return int(found or 0)


def apart(work: Callable[..., object], *arguments: object) -> tuple[object, int]:
    """Run in a process of its own; return the result and its peak memory in MB."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_apart, args=(theirs, work, arguments))
    process.start()
    theirs.close()  # a child that dies ends the wait
    result, peak = ours.recv()
    process.join()
    return result, peak


def _apart(pipe: multiprocessing.connection.Connection, work: Callable[..., object], arguments: tuple[object]) -> None:
    result = work(*arguments)
    pipe.send((result, peak()))


def median(turns: Sequence[tuple[Ran, Ran]]) -> tuple[Ran, Ran]:
    """Return the turn whose ratio is in the middle: a busy moment spoils one at most."""
    return sorted(turns, key=lambda turn: turn[0].rate / turn[1].rate)[len(turns) // 2]


def ratios(turns: Sequence[tuple[Ran, Ran]]) -> str:
    """Return the ratio of each turn's rates."""
    return ", ".join(f"{ours.rate / theirs.rate:.2f}" for ours, theirs in turns)
