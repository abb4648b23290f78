"""One person, as programs see them; knows no request."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from sqlalchemy import Connection

from digest.web.api.endpoint import Shown
from digest.web.api.words import Moment
from subscribers import Reach, roster
from subscribers import Subscriber as Known
from subscribers import Subscription as KnownSubscription


class Subscription(Shown):
    """One person's place on one list."""

    list: str
    state: Literal["unconfirmed", "confirmed", "unsubscribed"]
    joined_at: Moment
    confirmed_at: Moment | None
    left_at: Moment | None


class Suppression(Shown):
    """Why somebody must not be written to."""

    reason: str
    at: Moment
    list: str | None = Field(description="Null for every list.")


class Subscriber(Shown):
    """All that is known of one person, as far as the token reaches."""

    id: str = Field(description="Opaque; the same that providers are told.")
    address: str
    name: str
    language: str = Field(description="A BCP 47 tag; empty for the newsletter's own.")
    sections: tuple[str, ...] = Field(description="The sections wanted; none for all.")
    weekdays_only: bool
    fields: dict[str, str]
    tags: tuple[str, ...]
    created_at: Moment | None
    subscriptions: tuple[Subscription, ...]
    suppressions: tuple[Suppression, ...]


def shown(connection: Connection, found: Known, reach: Reach) -> Subscriber:
    """Return a person with what concerns the lists within reach."""
    person = reach.within(roster.person(connection, found))
    known = person.subscriber
    return Subscriber(
        id=known.public_id,
        address=known.address,
        name=known.name,
        language=known.language,
        sections=known.sections,
        weekdays_only=known.weekdays_only,
        fields=dict(known.fields),
        tags=person.tags,
        created_at=known.created_at,
        subscriptions=tuple(map(_subscription, person.subscriptions)),
        suppressions=tuple(
            Suppression(reason=each.reason, at=each.at, list=each.list_slug or None) for each in person.suppressions
        ),
    )


def _subscription(one: KnownSubscription) -> Subscription:
    return Subscription(
        list=one.list_slug,
        state=one.state.value,
        joined_at=one.joined_at,
        confirmed_at=one.confirmed_at,
        left_at=one.left_at,
    )
