"""A feed as it was read, whatever its format; knows no format and no network."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypeVar

from digest.model import Picture

T = TypeVar("T")
#: Entries that are read of one feed; no newsletter looks further back.
MOST_ENTRIES = 50_000


class Entry(NamedTuple):
    """One item of a feed; a named tuple, because a feed makes hundreds and each is made in a third of the time."""

    guid: str = ""  #: the feed's own identifier, '' when it gives none
    headline: str = ""  #: plain text on one line
    url: str = ""  #: absolute where the feed allows to tell
    published_at: datetime | None = None  #: aware, UTC
    updated_at: datetime | None = None  #: aware, UTC
    dek: str = ""  #: plain text of summary or description
    body: str = ""  #: plain text of the content, paragraphs separated by a blank line
    byline: str = ""  #: names, separated by comma
    image: Picture | None = None
    section: str = ""  #: the first category
    language: str = ""  #: BCP 47 tag, '' when the entry does not say


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed and its entries, in its own order."""

    title: str = ""  #: plain text on one line
    link: str = ""  #: the site the feed belongs to
    language: str = ""  #: BCP 47 tag, '' when the feed does not say
    entries: tuple[Entry, ...] = ()
    logo: str = ""  #: address of the feed's image
    tagline: str = ""  #: plain text of subtitle or description
    ttl_minutes: int = 0  #: how long the feed asks to be left alone, 0 when it does not say
    notes: tuple[str, ...] = ()  #: what was mended, for people


def within_reach(items: list[T]) -> tuple[list[T], tuple[str, ...]]:
    """Return the items that are read, and a note where there are more."""
    if len(items) <= MOST_ENTRIES:
        return items, ()
    return items[:MOST_ENTRIES], (f"read the first {MOST_ENTRIES} of {len(items)} entries",)
