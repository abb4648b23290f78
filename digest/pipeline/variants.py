"""Variants: an edition cut to the sections its readers chose; knows no ledger, sends nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from digest.model import Edition, Message
from digest.pipeline.app import App, Newsletter
from digest.pipeline.rendering import message_of
from digest.pipeline.sections import cut_to, offered, relevant
from subscribers import roster

#: An edition is frozen in so many messages at most, the whole one among them.
MOST = 16


@dataclass(frozen=True, slots=True)
class Variant:
    """One choice of sections, and the edition as those who made it get it."""

    sections: tuple[str, ...]  #: those wanted, sorted
    people: int  #: how many on the newsletter's lists made this choice
    edition: Edition | None  #: None where it has nothing in these sections


def variants(app: App, newsletter: Newsletter, edition: Edition, lists: Sequence[str] = ()) -> tuple[Variant, ...]:
    """Return what each choice made on the newsletter's lists and ``lists`` comes to, the commonest first."""
    sections = offered(newsletter)
    if not sections:
        return ()
    people: dict[tuple[str, ...], int] = {}
    for choice, count in _choices(app, (*newsletter.lists, *lists)):
        wanted = relevant(choice, sections)
        people[wanted] = people.get(wanted, 0) + count
    people.pop((), None)
    ranked = sorted(people.items(), key=lambda each: (-each[1], each[0]))
    return tuple(Variant(wanted, count, cut_to(edition, wanted)) for wanted, count in ranked)


def variant_messages(
    app: App, newsletter: Newsletter, edition: Edition, lists: Sequence[str] = ()
) -> dict[str, Message]:
    """Render the commonest variants that have a story, by the names they are frozen under.

    Those who made a rarer choice get the whole edition, which is one of the ``MOST`` messages.
    """
    cut = [(each.sections, each.edition) for each in variants(app, newsletter, edition, lists) if each.edition]
    return {
        f"sections-{number}": replace(message_of(app, newsletter, variant), sections=sections)
        for number, (sections, variant) in enumerate(cut[: MOST - 1], 1)
    }


def _choices(app: App, lists: Sequence[str]) -> Sequence[tuple[tuple[str, ...], int]]:
    """Return choices of sections as they are kept, which may name another newsletter's too."""
    with app.store.read() as connection:
        there = set(roster.slugs(connection))
        return roster.choices(connection, tuple(slug for slug in dict.fromkeys(lists) if slug in there))
