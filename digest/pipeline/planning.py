"""Plans who gets an edition or a correction to it, and finishes what a crash cut short; sends nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from digest.pipeline.delivering import Audience, Ways
from digest.send.provider import Provider
from digest.store import Limits, Send, Store, Stored
from digest.store.plans import MISSED
from digest.store.sends import Page


@dataclass(frozen=True, slots=True)
class Whom:
    """Whom a send is for, kept with it, so that another process can finish its plan."""

    label: str  #: in words
    lists: tuple[str, ...] = ()
    segment: str = ""  #: who of the lists, in the writing of whoever makes audiences


@dataclass(frozen=True, slots=True)
class Planner:
    """Freezes audiences of one edition, in batches as a provider wants them."""

    store: Store
    provider: Provider
    stored: Stored
    ways: Ways

    def plan(self, audience: Audience, whom: Whom) -> Send | None:
        """Freeze everyone of an audience who is not planned yet; return nothing where there is nobody."""
        messages = self.store.editions.messages(self.stored.id)
        frozen = {each.sections: name for name, each in messages.items() if each.sections}

        def variants(connection: Connection, ids: Sequence[int]) -> Mapping[int, str]:
            return audience.variants(connection, ids, frozen) if frozen else {}

        return self.store.ledger.sends.plan(
            self.stored.row,
            audience.ids_page,
            variants=variants,
            audience=whom.label,
            lists=whom.lists,
            segment=whom.segment,
            provider=self.provider.name,
            size=self._size,
            now=self.ways.clock(),
        )

    def plan_correction(self, purpose: str) -> Send | None:
        """Freeze those who got the edition."""
        return self.store.ledger.sends.plan(
            self.stored.row,
            self._who_got_it(),
            purpose=purpose,
            audience=f"those who got {self.stored.id}",
            provider=self.provider.name,
            size=self._size,
            now=self.ways.clock(),
        )

    def plan_missed(self, *, also_uncertain: bool) -> None:
        """Freeze those known not to have got it; the uncertain only where told so."""
        self.store.ledger.sends.plan_missed(
            self.stored.row,
            provider=self.provider.name,
            size=self._size,
            now=self.ways.clock(),
            also_uncertain=also_uncertain,
        )

    def finish(self, audience_of: Callable[[Send], Audience]) -> None:
        """Finish every plan of the edition that a crash cut short: for the same people, none of them twice."""
        for send in self.store.ledger.sends.of(self.stored.row):
            if send.state != "planning":
                continue
            if send.purpose:
                self.plan_correction(send.purpose)
            elif send.audience == MISSED:
                self.plan_missed(also_uncertain=False)  # the uncertain who were not handed on yet stay so
            else:
                self.plan(audience_of(send), Whom(send.audience, send.lists, send.segment))

    def _who_got_it(self) -> Page:
        sends = [send.id for send in self.store.ledger.sends.of(self.stored.row, "")]

        def page(connection: Connection, after: int, limit: int) -> list[int]:
            return self.store.ledger.accounts.sent_page(connection, sends, after, limit)

        return page

    @property
    def _size(self) -> int:
        return batch_size(self.provider, self.ways.limits)


def batch_size(provider: Provider, limits: Limits) -> int:
    """Return how many recipients a batch may have: what the provider takes at once, and no limit stops for ever."""
    return min(filter(None, (provider.traits.batch_size, limits.smallest)))
