"""The ledger's size and speed on both databases, measured after a whole send.

``python -m benchmarks.ledger [recipients]``: bytes a delivery (tables and indexes of the ledger, right after the send,
nothing tidied), without a provider's events and with them, for lists that hold all, half or a tenth of all ids; "was X
sent edition E?" among a hundred editions of a million. 200,000 recipients unless told.
"""

from __future__ import annotations

import tempfile
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random

from sqlalchemy import text

from benchmarks.asking import at_least_one, parser
from digest.model import EditionState, Receipt, Recipient
from digest.pipeline.send import Ways, got, send_edition
from digest.send.provider import Mailing, Parcel, Traits
from digest.send.providers.sendgrid import Options as SendgridOptions
from digest.send.providers.sendgrid import Sendgrid
from digest.send.providers.smtp import Options as SmtpOptions
from digest.send.providers.smtp import Smtp
from digest.store import Happening, Store
from digest.store.batches import write_new
from tests.postgres import server
from tests.send.worlds import recipient
from tests.store.samples import ENVELOPE, MESSAGE, NOW, edition

TABLES = ("sends", "audiences", "batches", "exceptions", "batch_events", "senders", "rates", "procrastinate_jobs")

#: How many of a hundred recipients each event is told of: by a provider with a webhook, and by other mail servers,
#: which say what came back and nothing else.
EVENTS = {"delivered": 97.0, "opened": 30.0, "clicked": 3.0, "bounced": 0.5}
BOUNCES = {"bounced": 0.5}


class Everyone:
    """A list that holds some of all ids."""

    def __init__(self, people: int, share: float) -> None:
        random, number, self.ids = Random(1), 0, list[int]()
        while len(self.ids) < people:
            number += 1
            if random.random() < share:
                self.ids.append(number)

    def ids_page(self, _connection: object, after_id: int, limit: int) -> list[int]:
        """Return the next ids."""
        start = bisect_right(self.ids, after_id)
        return self.ids[start : start + limit]

    def recipients(self, _connection: object, ids: Sequence[int]) -> list[Recipient]:
        """Return recipients."""
        return [recipient(number) for number in ids]

    def variants(self, *_ignored: object) -> dict[int, str]:
        """Give everyone the whole edition."""
        return {}


class Accepting:
    """A provider that takes everything and costs nothing."""

    name = "accepting"

    def __init__(self, traits: Traits, reference: str, events: Mapping[str, float]) -> None:
        self.traits, self._reference, self.events = traits, reference, events

    def prepare(self, _mailing: Mailing, parcel: Parcel) -> Callable[[], tuple[Receipt, ...]]:
        """Accept everything."""
        receipts = tuple(Receipt(each.id, reference=self._reference) for each in parcel.recipients)
        return lambda: receipts

    def deliver(self, mailing: Mailing, parcel: Parcel) -> tuple[Receipt, ...]:
        """Accept everything."""
        return self.prepare(mailing, parcel)()

    def check(self) -> str:
        """Be fine."""
        return "fine"

    def close(self) -> None:
        """Nothing is open."""


#: How providers want their ledger: SendGrid answers each request with a name for it, a mail server keeps its own.
SENDGRID = Accepting(Sendgrid(SendgridOptions("SG.none")).traits, "k7Qm2xV9k7Qm2xV9k7Qm2x", EVENTS)
SMTP = Accepting(Smtp(SmtpOptions("mail.example")).traits, "", BOUNCES)


def size(store: Store) -> int:
    """Return the bytes of the ledger's tables and their indexes."""
    with store.begin() as connection:
        if store.engine.dialect.name == "postgresql":
            return sum(
                connection.execute(text("SELECT pg_total_relation_size(:name)"), {"name": name}).scalar_one()
                for name in TABLES
            )
        pages, page = (connection.execute(text(f"PRAGMA {name}")).scalar_one() for name in ("page_count", "page_size"))
        return int(pages * page)


def tell(store: Store, everyone: Everyone, size_of_batch: int, events: Mapping[str, float]) -> None:
    """Tell of every mail what a provider tells."""
    random = Random(2)
    with store.read() as connection:
        batches = connection.execute(text("SELECT id FROM batches ORDER BY id")).scalars().all()
    for n, batch in enumerate(batches):
        people = everyone.ids[n * size_of_batch : (n + 1) * size_of_batch]
        told = [
            Happening(number, what, NOW, attempt=1, detail="550 5.1.1 no such user here")
            for what, share in events.items()
            for number in people
            if random.random() * 100 < share
        ]
        with store.begin() as connection:
            store.ledger.take_in(connection, batch, told, NOW)


def whole_send(address: str, everyone: Everyone, provider: Accepting) -> tuple[float, float]:
    """Return the bytes a delivery that a send adds to a new store, without events and with them."""
    store, people = Store.open(address), len(everyone.ids)
    store.editions.save(edition(), EditionState.APPROVED, NOW)
    before = size(store)
    ways = Ways(clock=lambda: NOW)
    done = send_edition(store, provider, ENVELOPE.edition, MESSAGE, ENVELOPE, everyone, ways)
    assert done.sent == people, done
    sent = size(store) - before
    tell(store, everyone, provider.traits.batch_size, provider.events)
    told = size(store) - before
    store.close()
    return sent / people, told / people


def lookup(address: str, people: int, editions: int = 100) -> tuple[float, float]:
    """Return the seconds that one question takes among many editions, and those of our processor."""
    store = Store.open(address)
    for n in range(editions):
        row = store.editions.save(edition(day=NOW.date() - timedelta(days=n)), EditionState.APPROVED, NOW).row
        send = store.ledger.sends.plan(
            row, lambda _connection, after, _limit: [] if after else [1], audience="x", provider="x", size=1000, now=NOW
        )
        assert send is not None
        with store.begin() as connection:
            write_new(connection, send.id, [("", range(start + 2, start + 1002)) for start in range(0, people, 1000)])
    names = [f"morning/{NOW.date() - timedelta(days=n)}" for n in range(editions)]
    began, began_cpu = time.perf_counter(), time.process_time()
    for n, name in enumerate(names):
        assert got(store, name, people - n * 7) == "unsent"
    took, took_cpu = time.perf_counter() - began, time.process_time() - began_cpu
    store.close()
    return took / editions, took_cpu / editions


@contextmanager
def new_sqlite() -> Iterator[str]:
    """Give the address of a database in a file."""
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{Path(folder)}/digest.db"


def main() -> None:
    """Print the tables."""
    asked = parser(__doc__)
    asked.add_argument("recipients", type=at_least_one, nargs="?", default=200_000)
    people = asked.parse_args().recipients
    with server(syncs=True) as postgres:
        stores = {"SQLite": (new_sqlite, 5), "PostgreSQL": (postgres.database, 3)}
        for provider in (SENDGRID, SMTP):
            for share in (1.0, 0.5, 0.1):
                everyone = Everyone(people, share)
                for name, (new, wanted) in stores.items():
                    with new() as address:
                        sent, told = whole_send(address, everyone, provider)
                    what = f"{name}, batches of {provider.traits.batch_size}, a list of {share:.0%} of all ids"
                    print(f"{what}: {sent:.2f} bytes a delivery, {told:.2f} with its events (wanted {wanted})")
        for name, (new, _) in stores.items():
            with new() as address:
                took, cpu = lookup(address, 1_000_000)
            what = f"{name}: was X sent edition E, among 100 × 1,000,000"
            print(f"{what}: {took * 1000:.2f} ms, {cpu * 1000:.2f} of the processor (wanted 5)")


if __name__ == "__main__":
    main()
