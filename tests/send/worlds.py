"""A store, an audience and a clock for tests of sending."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from digest.errors import ProviderError
from digest.model import EditionState, Receipt, Recipient
from digest.pipeline.send import SendReport, Ways, resume, send_edition
from digest.send.provider import Mailing, Parcel, Traits
from digest.store import Limits, Store
from tests.store.samples import ENVELOPE, MESSAGE, NOW, edition
from tests.stores import lay


@contextmanager
def folder_in_memory() -> Iterator[Path]:
    """Give a folder of its own, in memory where there is one: for stores that need not outlast a power cut."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of its own is made inside
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as made:
        yield Path(made)


class People:
    """An audience of numbered people."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.gone: set[int] = set()
        self.given_up: list[tuple[int, str]] = []  # (subscriber, edition)

    def ids_page(self, connection: object, after_id: int, limit: int) -> list[int]:
        return list(range(after_id + 1, min(self.count, after_id + limit) + 1))

    def variants(self, connection: object, ids: Sequence[int], frozen: object) -> dict[int, str]:
        return {}

    def recipients(self, connection: object, ids: Sequence[int]) -> list[Recipient]:
        return [recipient(number) for number in ids if number not in self.gone]

    def give_up(self, connection: object, ids: Sequence[int], edition: str, at: datetime) -> None:
        self.gone.update(ids)
        self.given_up += [(number, edition) for number in ids]


def recipient(number: int, address: str = "", **others) -> Recipient:
    url = f"https://news.example/u/{number}"
    return Recipient(
        id=number,
        public_id=f"p{number}",
        address=address or f"reader{number}@readers.example",
        slots=(("UNSUBSCRIBE_URL", url), ("NAME", others.get("name", ""))),
        one_click_url=url,
        **others,
    )


class Clock:
    """A time that passes only when someone waits."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class FakeProvider:
    """Counts what it is given and fails as told: an error or fates for each delivery to come."""

    name = "fake"

    def __init__(self, traits: Traits | None = None) -> None:
        self.traits = traits or Traits(batch_size=10, window=10)
        self.got: Counter[int] = Counter()
        self.deliveries = 0
        self.plan: list[ProviderError | dict[int, str] | None] = []
        self.when_called = lambda: None
        self.refuses: ProviderError | None = None

    def deliver(self, mailing: Mailing, parcel: Parcel) -> tuple[Receipt, ...]:
        self.deliveries += 1
        self.when_called()
        step = self.plan.pop(0) if self.plan else None
        if isinstance(step, Exception):
            raise step
        fates = step or {}
        receipts = tuple(Receipt(each.id, fates.get(each.id, "sent"), detail="as told") for each in parcel.recipients)
        self.got.update(receipt.recipient for receipt in receipts if receipt.fate == "sent")
        return receipts

    def prepare(self, mailing: Mailing, parcel: Parcel) -> Callable[[], tuple[Receipt, ...]]:
        return lambda: self.deliver(mailing, parcel)

    def check(self) -> str:
        if self.refuses:
            raise self.refuses
        return "fine"

    def close(self) -> None:
        """Nothing is open."""


class World:
    """Everything a send needs, in a folder."""

    def __init__(self, folder: Path | None, people: int = 25, url: str = "") -> None:
        if folder:
            lay(folder / "store.db")
        self.open(url or f"sqlite:///{folder}/store.db", people)
        self.store.editions.save(self.edition, EditionState.APPROVED, NOW)

    @classmethod
    def on(cls, folder: Path, people: int, now: datetime = NOW, url: str = "") -> World:
        """Return a world around a store that is there."""
        world = cls.__new__(cls)
        world.open(url or f"sqlite:///{folder}/store.db", people)
        world.clock.now = now
        return world

    def open(self, url: str, people: int) -> None:
        self.store = Store.open(url)
        self.edition = edition()
        self.people = People(people)
        self.clock = Clock()
        self.provider = FakeProvider()
        self.stopped = False
        self.limits = Limits()

    @property
    def ways(self) -> Ways:
        return Ways(
            clock=self.clock,
            stop=lambda: self.stopped,
            pause=self.clock.wait,
            random=Random(1),
            limits=self.limits,
        )

    def send(self, provider: object = None) -> SendReport:
        chosen = provider or self.provider
        return send_edition(self.store, chosen, self.edition.id, MESSAGE, ENVELOPE, self.people, self.ways)

    def resume(self, provider: object = None) -> SendReport:
        return resume(self.store, provider or self.provider, self.edition.id, ENVELOPE, self.people, self.ways)


@contextmanager
def fleeting(people: int) -> Iterator[World]:
    """Give a world in memory, one of many for a property."""
    with folder_in_memory() as folder:
        world = World(folder, people)
        try:
            yield world
        finally:
            world.store.close()
