"""What commands and readers' pages are handed: declared here by its users, built by the application."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection

from subscribers.consent import KeyRing
from subscribers.model import Newsletter
from subscribers.roster.segmenting import Deliveries


class Desk(Protocol):
    """One installation, seen from its lists of people."""

    @property
    def ring(self) -> KeyRing:
        """The keys that sign readers' links."""
        ...

    @property
    def deliveries(self) -> Deliveries | None:
        """The ledger of what was sent, for segments that ask it; None where there is none."""
        ...

    def begin(self) -> AbstractContextManager[Connection]:
        """Open a transaction that may write: committed at the end, rolled back where something was raised."""
        ...

    def read(self) -> AbstractContextManager[Connection]:
        """Open a transaction that only reads."""
        ...

    def newsletters(self) -> tuple[Newsletter, ...]:
        """Return the newsletters, each with the lists that feed it."""
        ...

    def now(self) -> datetime:
        """Return the real time; aware, UTC."""
        ...

    def render(self, template: str, **context: Any) -> str:
        """Fill a template of ``templates/`` by its path there: ``public/message.html``."""
        ...
