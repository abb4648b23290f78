"""Who a newsletter goes to: the subscribers of its lists, each with links of their own; knows no provider."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from digest.model import Recipient
from digest.pipeline.people import EventRoster
from digest.pipeline.sections import relevant
from subscribers import Addressee, KeyRing, Segment, roster


@dataclass(frozen=True, slots=True)
class ListAudience:
    """The confirmed and unsuppressed subscribers of some lists, once each."""

    lists: tuple[str, ...]
    newsletter: str  #: the scope of the links: one click leaves every list that feeds it
    ring: KeyRing
    links_url: str
    weekend: bool = False  #: leave out those who want mail on weekdays only
    segment: Segment | None = None  #: only those who fit it
    sections: tuple[str, ...] = ()  #: those the newsletter lets its readers choose among
    told: frozenset[str] = frozenset()  #: those the edition has stories of, casefolded; '' for stories of none

    def ids_page(self, connection: Connection, after_id: int, limit: int) -> list[int]:
        """Return at most ``limit`` subscriber ids above ``after_id``, in order.

        Those for whose sections the edition has no story are not among them.
        """
        while ids := roster.audience_page(
            connection, self.lists, after_id, limit, weekend=self.weekend, segment=self.segment
        ):
            chosen = roster.chosen_sections(connection, ids) if self.sections else {}
            left_out = {number for number, choice in chosen.items() if not self._has_some(choice)}
            if kept := [number for number in ids if number not in left_out]:
                return kept
            after_id = ids[-1]
        return []

    def variants(
        self, connection: Connection, ids: Sequence[int], frozen: Mapping[tuple[str, ...], str]
    ) -> dict[int, str]:
        """Return which frozen variant each of ``ids`` gets, by their choice of sections; the whole where none fits."""
        chosen = roster.chosen_sections(connection, ids)
        named = {number: frozen.get(relevant(choice, self.sections)) for number, choice in chosen.items()}
        return {number: name for number, name in named.items() if name}

    def _has_some(self, choice: tuple[str, ...]) -> bool:
        wanted = relevant(choice, self.sections)
        return not wanted or not self.told.isdisjoint({"", *(name.casefold() for name in wanted)})

    def recipients(self, connection: Connection, ids: Sequence[int]) -> list[Recipient]:
        """Return those of ``ids`` who may still get it, with their addresses and links."""
        return self.addressed(roster.sendable(connection, ids, self.lists))

    def give_up(self, connection: Connection, ids: Sequence[int], edition: str, at: datetime) -> None:
        """Do what a hard bounce does, for all of ``ids``."""
        people = EventRoster()
        for number in sorted(ids):
            people.suppress(connection, number, "bounce", edition, at)

    def addressed(self, people: Sequence[Addressee]) -> list[Recipient]:
        """Return people as recipients, each with links of their own."""
        known_by = [person.public_id for person in people]
        leave = self.ring.sign_all("unsubscribe", known_by, self.newsletter)
        prefer = self.ring.sign_all("preferences", known_by, self.newsletter)
        there, choice = f"{self.links_url}/u/", f"{self.links_url}/preferences/"
        return [
            Recipient(
                number,
                public_id,
                address,
                name,
                (
                    ("ADDRESS", address),
                    ("NAME", name),
                    ("PREFERENCES_URL", choice + preferring),
                    ("UNSUBSCRIBE_URL", leaving := there + token),
                ),
                leaving,
            )
            for (number, public_id, address, name), token, preferring in zip(people, leave, prefer, strict=True)
        ]
