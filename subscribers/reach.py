"""Which lists somebody may touch, and so which people and newsletters; knows no account and no request.

A person is within reach by a subscription, of any state, to a list within reach.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, exists, func, select, true

from subscribers.errors import QueryFault, UnknownList, UnknownSubscriber
from subscribers.model import Person
from subscribers.tables import lists as table
from subscribers.tables import subscribers, subscriptions


@dataclass(frozen=True, slots=True)
class Reach:
    """The lists somebody may touch."""

    lists: tuple[str, ...] | None = None  #: None for every list, and those made later

    @property
    def is_whole(self) -> bool:
        """Whether nothing is out of reach."""
        return self.lists is None

    def holds(self, slug: str) -> bool:
        """Tell whether a list is within reach."""
        return self.lists is None or slug in self.lists

    def of(self, slugs: Iterable[str]) -> tuple[str, ...]:
        """Return those of the lists that are within reach."""
        return tuple(slug for slug in slugs if self.holds(slug))

    def touches(self, slugs: Iterable[str]) -> bool:
        """Tell whether something that goes to these lists may be seen: one of them is within reach."""
        return self.lists is None or any(map(self.holds, slugs))

    def covers(self, slugs: Iterable[str]) -> bool:
        """Tell whether something that goes to these lists may be changed: all of them are within reach."""
        return self.lists is None or all(map(self.holds, slugs))

    def within(self, person: Person) -> Person:
        """Return what is known of a person as far as it concerns the lists within reach."""
        return replace(
            person,
            subscriptions=tuple(each for each in person.subscriptions if self.holds(each.list_slug)),
            suppressions=tuple(
                each for each in person.suppressions if not each.list_slug or self.holds(each.list_slug)
            ),
        )

    def demand(self, slug: str) -> None:
        """Raise UnknownList for a list out of reach, in the words for one that is not there."""
        if self.lists is not None and slug not in self.lists:
            raise UnknownList(slug, self.lists)

    def demand_whole(self) -> None:
        """Raise QueryFault where something is out of reach, for what holds everywhere."""
        if self.lists is not None:
            raise QueryFault(f"this holds for every list; name one of yours: {', '.join(self.lists)}")

    def demand_person(self, conn: Connection, public_id: str) -> None:
        """Raise UnknownSubscriber for somebody out of reach, in the words for somebody who is not there."""
        if self.lists is None:
            return
        here = (subscribers.c.public_id == public_id) & self.people(conn, subscribers.c.id)
        if conn.scalar(select(subscribers.c.id).where(here)) is None:
            raise UnknownSubscriber("there is no such person, or their data was erased")

    def demand_people(self, conn: Connection, numbers: Sequence[int]) -> None:
        """Raise UnknownSubscriber where one of the people is out of reach."""
        if self.lists is None:
            return
        here = subscribers.c.id.in_(numbers) & self.people(conn, subscribers.c.id)
        if conn.scalar(select(func.count()).select_from(subscribers).where(here)) != len(set(numbers)):
            raise UnknownSubscriber("one of those people is not there any more; nothing was done")

    def people(self, conn: Connection, column: ColumnElement[Any]) -> ColumnElement[bool]:
        """Return whether the person whose number stands in a column is within reach."""
        if self.lists is None:
            return true()
        place = subscriptions.alias("reached")
        return exists().where(place.c.subscriber_id == column, place.c.list_id.in_(self.numbers(conn)))

    def window(self, conn: Connection, after: int, rows: int) -> tuple[Select[Any], int | None]:
        """Return the numbers of the next people within reach, as a query of about ``rows`` rows, and the last of them.

        The last is None where these are all. Each list is looked at from where its people lie, so that finding ten
        people of a small list costs the same beside a million others.
        """
        numbers, column = self.numbers(conn), subscriptions.c.subscriber_id
        share = max(1, rows // max(1, len(numbers)))
        pages = [select(column).where(subscriptions.c.list_id == number, column > after) for number in numbers]
        ends = [conn.scalar(page.order_by(column).limit(1).offset(share - 1)) for page in pages]
        last = min((end for end in ends if end is not None), default=None)
        query = select(column).where(subscriptions.c.list_id.in_(numbers), column > after)
        return (query if last is None else query.where(column <= last)), last

    def numbers(self, conn: Connection) -> list[int]:
        """Return the numbers of the lists within reach; a list that is gone is passed over."""
        query = select(table.c.id).order_by(table.c.id)
        return list(conn.scalars(query if self.lists is None else query.where(table.c.slug.in_(self.lists))))


#: The reach of an owner, and of everybody who is not kept to some lists.
EVERYTHING = Reach()
