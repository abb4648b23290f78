"""What the shelves of the store need of it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy import Connection


class Transactions(Protocol):
    """Whoever opens transactions."""

    def begin(self, *, durable: bool = True) -> AbstractContextManager[Connection]:
        """Open a transaction that writes."""

    def read(self) -> AbstractContextManager[Connection]:
        """Open a transaction that only reads."""
