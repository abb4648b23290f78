"""What the shelves of the store need of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from sqlalchemy import Connection


class Transactions(Protocol):
    """Whoever opens transactions."""

    def begin(self, *, durable: bool = True) -> AbstractContextManager[Connection]:
        """Open a transaction that writes."""

    def read(self) -> AbstractContextManager[Connection]:
        """Open a transaction that only reads."""


class Joined:
    """A transaction under way, as if each part of it were one of its own."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @contextmanager
    def begin(self, *, durable: bool = True) -> Iterator[Connection]:  # noqa: ARG002 - the whole is durable or not
        """Go on with the transaction; whoever opened it commits it."""
        yield self._connection

    def read(self) -> AbstractContextManager[Connection]:
        """Read within it."""
        return self.begin()
