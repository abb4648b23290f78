"""What was sent to one person lately, read off the ledger; knows no page."""

from __future__ import annotations

from collections.abc import Callable

from digest.pipeline.desk import Desk
from digest.web.admin.reach import sees_newsletter
from subscribers import Delivery, Reach

#: So many sends are looked through.
LATELY = 20


def deliveries(desk: Desk) -> Callable[[int, Reach], tuple[Delivery, ...]]:
    """Return what tells of the mails planned for a subscriber, newest first."""

    def told(subscriber_id: int, reach: Reach) -> tuple[Delivery, ...]:
        with desk.read() as connection:
            found = desk.deliveries.history(connection, subscriber_id, LATELY)
        return tuple(each for each in found if sees_newsletter(desk, reach, each.newsletter))

    return told
