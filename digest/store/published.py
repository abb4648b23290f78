"""What readers may look up: editions that left, a line each, found by their headlines; knows no page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from digest.model import Edition, EditionState
from digest.store import tables
from digest.store.transactions import Transactions
from digest.store.upsert import upsert

#: Only editions that readers have, or are getting, are shown.
SHOWN = (EditionState.SENDING, EditionState.PAUSED, EditionState.SENT)


@dataclass(frozen=True, slots=True)
class Listed:
    """One edition as a line of a list."""

    newsletter: str  #: slug
    date: date
    slot: str
    title: str  #: the newsletter's
    language: str  #: BCP 47 tag
    headline: str  #: the lead story's

    @property
    def id(self) -> str:
        """The edition's name on the command line, and the end of its page's address."""
        return "/".join(filter(None, (self.newsletter, self.date.isoformat(), self.slot)))


class Published:
    """Editions that left, or are leaving."""

    def __init__(self, store: Transactions) -> None:
        self._store = store

    def page(self, wanted: str = "", *, limit: int, offset: int = 0) -> tuple[Listed, ...]:
        """Return editions, newest first, whose headlines or date hold every word that is wanted.

        A word may be part of a longer one, in capitals or not. No edition is read whole, so the number of editions
        there are hardly matters.
        """
        rows, lines = tables.editions.c, tables.listings.c
        query = (
            select(rows.newsletter, rows.date, rows.slot, lines.title, lines.language, lines.headline)
            .join(tables.listings, lines.edition == rows.id)
            .where(rows.state.in_([state.value for state in SHOWN]))
            .order_by(rows.date.desc(), rows.slot.desc(), rows.id.desc())
        )
        for word in folded(wanted).split():
            query = query.where(lines.words.contains(word, autoescape=True))
        with self._store.read() as connection:
            return tuple(Listed(*row) for row in connection.execute(query.limit(limit).offset(offset)))


def keep(connection: Connection, row: int, edition: Edition) -> None:
    """Keep the line of an edition, or its new one."""
    values = {
        "edition": row,
        "title": edition.masthead.title,
        "language": edition.masthead.language,
        "headline": edition.lead.title if edition.stories else "",
        "words": words(edition.date, [story.title for story in (*edition.stories, *edition.brief)]),
    }
    upsert(connection, tables.listings, [values], keys=("edition",))


def words(day: date, headlines: list[str]) -> str:
    """Return what an edition is found by."""
    return folded("\n".join([day.isoformat(), *headlines]))


def folded(text: str) -> str:
    """Return text without the difference of small and large letters; PostgreSQL keeps no NUL."""
    return text.replace("\0", "").casefold()
