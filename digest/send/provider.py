"""What every provider can do, and what is handed to it; knows none of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from digest.model import Envelope, Message, Receipt, Recipient


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Mailing:
    """What all mails of a send have in common."""

    message: Message
    envelope: Envelope
    date: datetime  #: aware; the Date header of every mail


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is handed to a provider at once."""

    recipients: tuple[Recipient, ...]
    batch: int = 0  #: comes back in the provider's events
    attempt: int = 0  #: comes back in the provider's events; 0 where an event proves nothing of the others


class Provider(Protocol):
    """Brings mails on their way. Safe to use from several threads."""

    @property
    def name(self) -> str:
        """The kind, as in ``[provider] kind``."""

    @property
    def traits(self) -> Traits:
        """What the sender has to know to use it well."""

    def deliver(self, mailing: Mailing, parcel: Parcel) -> tuple[Receipt, ...]:
        """Hand over one mail a recipient and return a receipt for each, in any order.

        Raises ProviderRefused or ProviderBusy where nothing was sent, ProviderUncertain where all may have been.
        """

    def prepare(self, mailing: Mailing, parcel: Parcel) -> Callable[[], tuple[Receipt, ...]]:
        """Build what ``deliver`` would send, send nothing, and return what does the rest, once, in any thread."""

    def check(self) -> str:
        """Prove that login and rights suffice, send nothing, and say in words what was found.

        Raises ProviderRefused or ProviderBusy.
        """

    def close(self) -> None:
        """Give back connections and files."""


@dataclass(frozen=True, slots=True)
class Traits:
    """How a provider wants to be used."""

    batch_size: int = 1000  #: recipients a ledger row
    window: int = 1000  #: recipients handed over at once
    connections: int = 1  #: how many hand over at the same time
    queue: int = 1  #: windows marked for each connection, the one on its way among them
    is_repeatable: bool = False  #: delivering the same mail again changes nothing
