"""One person found: by address, number or public id; changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from subscribers import address as addresses
from subscribers.errors import UnknownSubscriber
from subscribers.identity import digest_of
from subscribers.model import Person, Reason, Subscriber, Subscription, Suppression
from subscribers.tables import (
    EVERYWHERE,
    audit,
    lists,
    subscribers,
    subscriptions,
    suppressions,
    tagged,
    tags,
)


def subscriber_of(row: Row[Any]) -> Subscriber:
    """Return the value for a row of the subscribers' table."""
    return Subscriber(
        id=row.id,
        public_id=row.public_id,
        address=row.spelling or row.address or "",
        name=row.name,
        language=row.language,
        sections=sections_of(row.sections),
        weekdays_only=row.weekdays_only,
        fields=tuple(sorted((row.fields or {}).items())),
        created_at=row.created_at,
    )


def sections_of(kept: str) -> tuple[str, ...]:
    """Return the sections that a row names."""
    return tuple(filter(None, kept.split(",")))


def by_address(conn: Connection, address: str) -> Subscriber | None:
    """Return the one with this address, however it is spelled; raises AddressFault where it is none."""
    normal, _ = addresses.normal(address)
    row = conn.execute(select(subscribers).where(subscribers.c.address == normal)).one_or_none()
    return None if row is None else subscriber_of(row)


def the_one(conn: Connection, address: str) -> Subscriber:
    """Return the one with this address; raises UnknownSubscriber where nobody has it."""
    found = by_address(conn, address)
    if found is None:
        raise UnknownSubscriber(f"nobody has the address {address}; `digest subscribers find` searches for a part")
    return found


def by_public_id(conn: Connection, public_id: str) -> Subscriber | None:
    """Return the one a link speaks of, None for nobody or someone forgotten."""
    known = (subscribers.c.public_id == public_id) & subscribers.c.address.is_not(None)
    row = conn.execute(select(subscribers).where(known)).one_or_none()
    return None if row is None else subscriber_of(row)


def by_public_ids(conn: Connection, public_ids: Sequence[str]) -> dict[str, int]:
    """Return the numbers of those whom a provider's events speak of; unknown and forgotten ones are left out."""
    known = subscribers.c.public_id.in_(public_ids) & subscribers.c.address.is_not(None)
    return {
        row.public_id: row.id for row in conn.execute(select(subscribers.c.public_id, subscribers.c.id).where(known))
    }


def addresses_of(conn: Connection, ids: Sequence[int]) -> dict[int, str]:
    """Return the addresses of some people by their numbers; forgotten ones are left out."""
    known = subscribers.c.id.in_(ids) & subscribers.c.address.is_not(None)
    return {row.id: row.address for row in conn.execute(select(subscribers.c.id, subscribers.c.address).where(known))}


def find(conn: Connection, address: str) -> Person | None:
    """Return all that is known of the one with this address."""
    found = by_address(conn, address)
    return None if found is None else person(conn, found)


def search(conn: Connection, text: str, *, after_id: int = 0, limit: int = 50) -> tuple[Subscriber, ...]:
    """Return people whose address or name holds the text, in the order of their numbers."""
    wanted = subscribers.c.address.contains(text.lower(), autoescape=True)
    wanted |= subscribers.c.name.icontains(text, autoescape=True)
    wanted |= subscribers.c.spelling.icontains(text, autoescape=True)  # the domain in its own script
    query = select(subscribers).where(wanted, subscribers.c.id > after_id, subscribers.c.address.is_not(None))
    return tuple(subscriber_of(row) for row in conn.execute(query.order_by(subscribers.c.id).limit(limit)))


def person(conn: Connection, found: Subscriber) -> Person:
    """Return all that is known of a subscriber."""
    named = select(tags.c.name).join(tagged).where(tagged.c.subscriber_id == found.id).order_by(tags.c.name)
    return Person(found, _subscriptions(conn, found.id), _suppressions(conn, found), tuple(conn.scalars(named)))


def _subscriptions(conn: Connection, subscriber_id: int) -> tuple[Subscription, ...]:
    query = (
        select(subscriptions, lists.c.slug, audit.c.how, audit.c.source)
        .join(lists, lists.c.id == subscriptions.c.list_id)
        .join(audit, audit.c.id == subscriptions.c.act)
        # Lists are few: naming them all finds a person by the key of (list, person).
        .where(subscriptions.c.list_id.in_(select(lists.c.id)), subscriptions.c.subscriber_id == subscriber_id)
        .order_by(lists.c.slug)
    )
    return tuple(
        Subscription(row.slug, row.state, row.joined_at, row.confirmed_at, row.left_at, how=row.how, source=row.source)
        for row in conn.execute(query)
    )


def _suppressions(conn: Connection, found: Subscriber) -> tuple[Suppression, ...]:
    normal, _ = addresses.normal(found.address)
    query = (
        select(suppressions, lists.c.slug)
        .join(lists, lists.c.id == suppressions.c.list_id, isouter=True)
        .where(suppressions.c.digest == digest_of(normal))
        .order_by(suppressions.c.list_id)
    )
    return tuple(Suppression(Reason(row.reason), row.at, row.slug or "") for row in conn.execute(query))


def reason_against(conn: Connection, normal: str, list_id: int) -> Reason | None:
    """Return why this normal address must not be written to for the list, None where it may."""
    held = suppressions.c.digest == digest_of(normal)
    here = suppressions.c.list_id.in_((EVERYWHERE, list_id))
    found = conn.scalar(select(suppressions.c.reason).where(held, here).order_by(suppressions.c.list_id).limit(1))
    return None if found is None else Reason(found)
