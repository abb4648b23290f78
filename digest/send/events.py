"""What providers tell after a mail was handed over, in our words; knows no provider and changes nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

#: Each kind of event; 'processed' only proves that a request was accepted.
Kind = Literal[
    "processed",
    "delivered",
    "deferred",
    "bounced",
    "blocked",
    "dropped",
    "complained",
    "unsubscribed",
    "opened",
    "clicked",
]

#: Why an address must not be written to again.
Why = Literal["bounce", "complaint", "unsubscribed", ""]

#: No database keeps NUL or half a character, and mail servers of others are quoted as they are.
_UNKEEPABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def as_told(value: object) -> str:
    """Return what the other side wrote as one line of at most 500 characters, all of which can be kept."""
    return " ".join(_UNKEEPABLE.sub(" ", str(value or "")).split())[:500]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to one mail."""

    kind: Kind
    at: datetime  #: aware, UTC
    recipient: str = ""  #: the subscriber's public id, where the provider was told it
    address: str = ""  #: the address, where that is all that is known
    edition: str = ""  #: the edition's name
    batch: int = 0  #: the ledger's batch, 0 where unknown
    attempt: int = 0  #: the attempt of that batch
    detail: str = ""  #: in the other side's words
    suppresses: Why = ""  #: why the address is not to be written to again, '' where it may
