"""The people, as events concern them: found by what a provider was told, and kept from further mail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from digest.send.events import Why
from subscribers import Reason, roster

REASONS: dict[Why, Reason] = {
    "bounce": Reason.HARD_BOUNCE,
    "complaint": Reason.COMPLAINT,
    "unsubscribed": Reason.UNSUBSCRIBED,
}


class EventRoster:
    """Looks people up and suppresses them, every change recorded as the provider's."""

    def by_public_ids(self, connection: Connection, public_ids: Sequence[str]) -> Mapping[str, int]:
        """Return the subscribers' ids of those known."""
        return roster.by_public_ids(connection, public_ids)

    def by_address(self, connection: Connection, address: str) -> int | None:
        """Return the subscriber's id of an address, None where nobody has it."""
        subscriber = roster.by_address(connection, address)
        return subscriber.id if subscriber is not None else None

    def suppress(self, connection: Connection, subscriber: int, why: Why, edition: str, at: datetime) -> bool:
        """See to it that they get no more and return whether that is new."""
        return roster.suppress_subscriber(connection, subscriber, REASONS[why], at=at, how="provider", source=edition)
