"""People leave lists: by their own link, or taken off by who keeps the list."""

from __future__ import annotations

from datetime import datetime
from typing import Unpack

from sqlalchemy import Connection, distinct, func, select, update

from subscribers import audit, notices
from subscribers.model import By, State
from subscribers.roster import listed
from subscribers.roster.people import the_one
from subscribers.tables import audit as audit_log
from subscribers.tables import subscriptions


def unsubscribe(conn: Connection, subscriber_id: int, list_slugs: tuple[str, ...], **by: Unpack[By]) -> tuple[str, ...]:
    """Take a person off lists and return those they were on; a second time changes nothing.

    Lists that are no longer there are passed over: an old link must still work.
    """
    known = set(listed.slugs(conn))
    left = tuple(slug for slug in dict.fromkeys(list_slugs) if slug in known)
    return tuple(slug for slug in left if _leave(conn, slug, subscriber_id, "unsubscribed", by))


def unsubscribe_everywhere(conn: Connection, subscriber_id: int, **by: Unpack[By]) -> tuple[str, ...]:
    """Take a person off every list and return those they were on."""
    return unsubscribe(conn, subscriber_id, listed.slugs(conn), **by)


def remove(conn: Connection, list_slug: str, address: str, **by: Unpack[By]) -> bool:
    """Take a person off a list and return whether they were on it; later imports leave them off.

    Raises:
        UnknownList: there is no such list.
        UnknownSubscriber: nobody has the address.
    """
    listed.named(conn, list_slug)
    return _leave(conn, list_slug, the_one(conn, address).id, "removed", by)


def count_leavers(conn: Connection, list_slugs: tuple[str, ...], since: datetime, until: datetime) -> int:
    """Return how many readers left these lists by their own link in a span of time, each counted once.

    Lists that are no longer there are passed over.
    """
    known = tuple(slug for slug in list_slugs if slug in set(listed.slugs(conn)))
    query = (
        select(func.count(distinct(subscriptions.c.subscriber_id)))
        .join(audit_log, audit_log.c.id == subscriptions.c.act)
        .where(
            subscriptions.c.list_id.in_(listed.numbers(conn, known)),
            subscriptions.c.left_at >= since,
            subscriptions.c.left_at < until,
            audit_log.c.how == "link",
        )
    )
    return conn.scalar(query) or 0


def _leave(conn: Connection, slug: str, subscriber_id: int, what: str, by: By) -> bool:
    wanted = listed.named(conn, slug)
    here = (subscriptions.c.list_id == wanted.id) & (subscriptions.c.subscriber_id == subscriber_id)
    state = conn.scalar(select(subscriptions.c.state).where(here))
    if state is None or state is State.UNSUBSCRIBED:
        return False
    act = audit.write(conn, what, list_id=wanted.id, subscriber_id=subscriber_id, **by)
    gone = {"state": State.UNSUBSCRIBED, "left_at": by["at"], "act": act}
    conn.execute(update(subscriptions).where(here).values(gone))
    notices.withdraw(conn, subscriber_id, wanted.id)
    return True
