"""The store as a whole: its transactions and its shelves; knows no use case."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from sqlalchemy import Connection, Engine

from digest.store import engine as engines
from digest.store.accounts import Accounts
from digest.store.appointments import Appointments
from digest.store.articles import Articles
from digest.store.corrections import EditorCorrections
from digest.store.editions import Editions
from digest.store.ledger import Ledger
from digest.store.meta import Meta
from digest.store.published import Published
from digest.store.second_steps import SecondSteps
from digest.store.sources import Sources
from digest.store.tokens import ApiTokens
from digest.store.upgrade import upgrade
from digest.store.written import Written


class Store:
    """One open database."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writing = Lock()
        self.upgraded_from = ""  #: the revision of the tables before they were brought up to date, '' if they were not
        self.articles = Articles(self)
        self.sources = Sources(self)
        self.editions = Editions(self)
        self.published = Published(self)
        self.appointments = Appointments(self)
        self.corrections = EditorCorrections(self)
        self.ledger = Ledger(self)
        self.meta = Meta(self)
        self.accounts = Accounts(self)
        self.written = Written(self)
        self.second_steps = SecondSteps(self)
        self.tokens = ApiTokens(self)

    @classmethod
    def open(cls, url: str, *, migrate: bool = True) -> Store:
        """Open the database at an address, bringing its tables up to date first.

        Raises StoreError where it cannot be opened or was written by a newer version.
        """
        store = cls(engines.connect(url))
        if migrate:
            with engines.translated(store.engine):
                store.upgraded_from = upgrade(store.engine)
        return store

    @property
    def name(self) -> str:
        """The address, without its password."""
        return engines.name(self.engine)

    @contextmanager
    def begin(self, *, durable: bool = True) -> Iterator[Connection]:
        """Open a transaction that writes; it is committed at the end, undone on an error.

        One that is not ``durable`` survives the death of the process, but may be undone by a power cut until the
        next durable one: it saves waiting for the disk.
        """
        with self._in_turn(), engines.translated(self.engine), self.engine.connect() as connection:
            writing = connection.execution_options(durable=durable)
            with writing.begin():
                yield writing

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """Let the threads of this process write to SQLite one after another.

        SQLite lets a second writer sleep for up to a tenth of a second before it looks again; a lock wakes it at once.
        """
        if self.engine.dialect.name != "sqlite":
            yield
            return
        ours = self._writing.acquire(timeout=engines.BUSY_TIMEOUT / 1000)
        try:
            yield
        finally:
            if ours:
                self._writing.release()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a transaction that only reads; it never waits for a writer."""
        with engines.translated(self.engine), self.engine.connect() as connection:
            reading = connection.execution_options(reads=True)
            with reading.begin():
                yield reading

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()
