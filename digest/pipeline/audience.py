"""Who a newsletter goes to: the subscribers of its lists, each with links of their own; knows no provider."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from digest.model import Recipient
from subscribers import KeyRing, Segment, Subscriber, roster


@dataclass(frozen=True, slots=True)
class ListAudience:
    """The confirmed and unsuppressed subscribers of some lists, once each."""

    lists: tuple[str, ...]
    newsletter: str  #: the scope of the links: one click leaves every list that feeds it
    ring: KeyRing
    links_url: str
    weekend: bool = False  #: leave out those who want mail on weekdays only
    segment: Segment | None = None  #: only those who fit it

    def ids_page(self, connection: Connection, after_id: int, limit: int) -> list[int]:
        """Return at most ``limit`` subscriber ids above ``after_id``, in order."""
        return roster.audience_page(connection, self.lists, after_id, limit, weekend=self.weekend, segment=self.segment)

    def recipients(self, connection: Connection, ids: Sequence[int]) -> list[Recipient]:
        """Return those of ``ids`` who may still get it, with their addresses and links."""
        return [self.recipient(each) for each in roster.sendable(connection, ids, self.lists)]

    def recipient(self, subscriber: Subscriber) -> Recipient:
        """Return the subscriber as a recipient."""
        unsubscribe = f"{self.links_url}/u/{self.ring.sign('unsubscribe', subscriber.public_id, self.newsletter)}"
        token = self.ring.sign("preferences", subscriber.public_id, self.newsletter)
        return Recipient(
            id=subscriber.id,
            public_id=subscriber.public_id,
            address=subscriber.address,
            name=subscriber.name,
            slots=(
                ("ADDRESS", subscriber.address),
                ("NAME", subscriber.name),
                ("PREFERENCES_URL", f"{self.links_url}/preferences/{token}"),
                ("UNSUBSCRIBE_URL", unsubscribe),
            ),
            one_click_url=unsubscribe,
        )
