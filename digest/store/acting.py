"""The store as one act of a person has it: its first change takes a note with it; knows no log."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from digest.store.store import Store


class Acting(Store):
    """A store of which the first change that is kept has a note written into it: both are kept, or neither.

    A change that is undone takes the note back, and the next one has it. What machines keep meanwhile, such as what
    a model wrote, is no change of this kind.
    """

    def __init__(self, store: Store, note: Callable[[Connection], object]) -> None:
        super().__init__(store.engine)
        self._store, self._note, self._is_noted = store, note, False
        self.articles, self.sources, self.meta = store.articles, store.sources, store.meta
        self.written, self.published = store.written, store.published
        self.ledger.is_running = store.ledger.is_running

    @contextmanager
    def begin(self, *, durable: bool = True) -> Iterator[Connection]:
        """Open a transaction that writes, with the note where there is none yet."""
        if self._is_noted:
            with self._store.begin(durable=durable) as connection:
                yield connection
            return
        with self._store.begin() as connection:
            yield connection
            self._note(connection)
        self._is_noted = True

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a transaction that only reads."""
        with self._store.read() as connection:
            yield connection

    def end(self) -> None:
        """Write the note by itself where nothing was changed."""
        if not self._is_noted:
            with self.begin():
                pass
