"""Where in time the people of some lists live; changes nothing."""

from __future__ import annotations

from zoneinfo import available_timezones

from sqlalchemy import Connection, func, select

from subscribers.model import State, Subscriber
from subscribers.roster import listed
from subscribers.segments import Condition, Segment
from subscribers.tables import subscribers, subscriptions

#: The custom field in which a person's time zone stands, by its name in the tz database.
FIELD = "timezone"

#: The first parts of zones that are named for a place.
_CONTINENTS = frozenset(
    ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
)


def zones(conn: Connection, list_slugs: tuple[str, ...]) -> tuple[str, ...]:
    """Return the time zones that confirmed people of these lists named, in order; words that are none are left out."""
    named = func.coalesce(subscribers.c.fields[FIELD].as_string(), "")
    query = (
        select(named)
        .distinct()
        .join(subscriptions, subscriptions.c.subscriber_id == subscribers.c.id)
        .where(subscriptions.c.list_id.in_(listed.numbers(conn, list_slugs)), subscriptions.c.state == State.CONFIRMED)
    )
    return tuple(sorted(set(conn.scalars(query)) & available_timezones()))


def names() -> tuple[str, ...]:
    """Return the zones a person may live in: those named for a place, in order."""
    return tuple(sorted(name for name in available_timezones() if name.partition("/")[0] in _CONTINENTS))


def zone_of(subscriber: Subscriber) -> str:
    """Return the zone a person named, '' for none."""
    return dict(subscriber.fields).get(FIELD, "")


def in_zone(zone: str) -> Segment:
    """Return those who named this zone."""
    return Segment((_named(zone),))


def in_no_zone_of(apart: tuple[str, ...]) -> Segment:
    """Return everyone who named none of these zones: another one, none at all, or words that are none."""
    return Segment(tuple(_named(zone, is_not=True) for zone in apart))


def _named(zone: str, *, is_not: bool = False) -> Condition:
    return Condition("field", "=", zone, field=FIELD, is_not=is_not)
