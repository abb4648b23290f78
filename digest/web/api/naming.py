"""How programs name editions, and which of them a token reaches; changes none."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from digest.model import EditionState
from digest.store import Stored
from digest.web.api.endpoint import Call, Given, PageQuery, cursor, place_of
from digest.web.api.problem import Problem
from digest.web.api.words import Words
from subscribers.web.numbers import number_of

#: Where an edition is; the slot is a word of the query.
ONE = "/editions/{newsletter}/{date}"


class EditionsQuery(PageQuery):
    """Which editions are asked for."""

    newsletter: Words = Field("", description="Of this newsletter alone.")


class SlotQuery(Given):
    """Which of a day's editions is meant."""

    slot: Words = Field("", description="Empty unless the newsletter goes several times a day.")


def demand_version(stored: Stored, version: int | None) -> None:
    """Raise Problem where an edition was changed since the program read it."""
    if version is not None and version != stored.version:
        raise Problem(409, f"the edition has version {stored.version} by now; read it again")


def named(call: Call, *, to_change: bool = False) -> Stored:
    """Return the edition that a path and its slot name; raise Problem where it is not there, or not within reach."""
    newsletter, day, slot = call.path["newsletter"], call.path["date"], call.query.slot
    nowhere = Problem(404, f"there is no edition of {newsletter} for {day}")
    lists = lists_of(call, newsletter)
    try:
        stored = call.desk.app.store.editions.find(newsletter, date.fromisoformat(day), slot)
    except ValueError as fault:
        raise nowhere from fault
    if stored is None or not call.reach.touches(lists):
        raise nowhere
    if to_change and not call.reach.covers(lists):
        raise Problem(403, f"{newsletter} goes to lists beyond the token's too")
    return stored


def lists_of(call: Call, newsletter: str) -> tuple[str, ...]:
    """Return the lists that a newsletter goes to; one that is gone goes to a list nobody has."""
    return next((each.lists for each in call.desk.app.newsletters if each.slug == newsletter), ("",))


def page(
    call: Call, query: EditionsQuery, states: tuple[EditionState, ...] | None
) -> tuple[tuple[Stored, ...], str | None]:
    """Return a page of editions within reach, and where the next one begins."""
    among = [each.slug for each in call.desk.app.newsletters if call.reach.touches(each.lists)]
    found = call.desk.app.store.editions.list(
        query.newsletter or None,
        query.limit + 1,
        among=None if call.reach.is_whole else among,
        states=states,
        before=_place(query.after),
    )
    if len(found) <= query.limit:
        return found, None
    day, slot, row = found[query.limit - 1].place
    return found[: query.limit], cursor(f"{day.isoformat()} {row} {slot}")


def _place(after: str) -> tuple[date, str, int] | None:
    if not after:
        return None
    day, _, rest = place_of(after).partition(" ")
    row, _, slot = rest.partition(" ")
    number = number_of(row)
    try:
        if number is None:
            raise ValueError(row)
        return date.fromisoformat(day), slot, number
    except ValueError as fault:
        raise Problem(422, "after: use the `next` of the page before, as it is") from fault
