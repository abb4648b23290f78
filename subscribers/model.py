"""The values: subscriber, list, subscription, suppression; knows no database, file or page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, NamedTuple, Required, TypedDict

OptIn = Literal["single", "double"]

#: What asking for a subscription came to.
Status = Literal["added", "pending", "already", "suppressed", "left"]

#: Who acts, in one word: a reader (form, link), a person who keeps the list, a file, a provider, the config.
How = Literal["form", "link", "command", "editor", "admin", "api", "import", "provider", "config"]

#: The ways in which the reader acts, not somebody for the reader.
OWN_ACTS: frozenset[How] = frozenset({"form", "link"})


#: Years in which all zones and all ages can be reckoned with.
_YEARS = range(1900, 3000)


def demand_year(when: datetime) -> None:
    """Raise ValueError for a moment that no calendar of ours reaches."""
    if when.year not in _YEARS:
        raise ValueError(f"{when.year} is out of reach")


class State(StrEnum):
    """What a subscription is: only a confirmed one gets mail."""

    UNCONFIRMED = "unconfirmed"
    CONFIRMED = "confirmed"
    UNSUBSCRIBED = "unsubscribed"


class Reason(StrEnum):
    """Why an address must not be written to."""

    HARD_BOUNCE = "hard bounce"
    COMPLAINT = "complaint"
    UNSUBSCRIBED = "unsubscribed"
    MANUAL = "manual"
    FORGOTTEN = "forgotten"


class By(TypedDict, total=False):
    """Who changes something, when and from where; recorded with every change."""

    at: Required[datetime]  #: aware, UTC
    how: Required[How]
    source: str  #: from where: a file's name, a network address, a page
    who: str  #: the person's account, '' for a reader


@dataclass(frozen=True, slots=True)
class Subscriber:
    """One person who may be written to."""

    id: int  #: the number used in ledgers; never used twice
    public_id: str  #: opaque, the only identifier that leaves the installation
    address: str  #: as the person writes it
    name: str = ""
    language: str = ""  #: BCP 47 tag, '' for the newsletter's own
    sections: tuple[str, ...] = ()  #: the sections wanted, sorted; empty for all
    weekdays_only: bool = False
    fields: tuple[tuple[str, str], ...] = ()  #: custom fields, sorted by name
    created_at: datetime | None = None  #: aware, UTC


class Addressee(NamedTuple):
    """What a mail needs of a subscriber; a plain tuple, because a send makes one for everybody."""

    id: int
    public_id: str
    address: str  #: as the person writes it
    name: str


@dataclass(frozen=True, slots=True)
class Subscription:
    """One person's place on one list."""

    list_slug: str
    state: State
    joined_at: datetime  #: aware, UTC
    confirmed_at: datetime | None = None  #: aware, UTC
    left_at: datetime | None = None  #: aware, UTC
    how: str = ""  #: by what act it came to this state
    source: str = ""  #: from where that act came


@dataclass(frozen=True, slots=True)
class Suppression:
    """An address that must not be written to."""

    reason: Reason
    at: datetime  #: aware, UTC
    list_slug: str = ""  #: '' for every list


@dataclass(frozen=True, slots=True)
class Person:
    """All that is known of one subscriber."""

    subscriber: Subscriber
    subscriptions: tuple[Subscription, ...] = ()
    suppressions: tuple[Suppression, ...] = ()
    tags: tuple[str, ...] = ()  #: sorted


@dataclass(frozen=True, slots=True)
class Delivery:
    """One mail planned for one person, as the ledger of sends tells it."""

    edition: str  #: its name
    newsletter: str  #: slug
    purpose: str  #: '' for the edition itself, else which correction to it
    at: datetime  #: when the send began; aware, UTC
    what: str  #: what became of it: sent, rejected, suppressed, uncertain, cancelled, unsent
    told: tuple[str, ...] = ()  #: what was told of it afterwards, in the other side's words: 'bounced: no such user'


@dataclass(frozen=True, slots=True)
class ListSummary:
    """One list and how many people are in it, by state."""

    slug: str
    title: str
    opt_in: OptIn
    confirmed: int = 0
    unconfirmed: int = 0
    unsubscribed: int = 0
    suppressed: int = 0  #: of the confirmed, those who get no mail all the same

    @property
    def getting_mail(self) -> int:
        """How many a mail to the list goes to."""
        return self.confirmed - self.suppressed


@dataclass(frozen=True, slots=True)
class Added:
    """What asking for one subscription came to."""

    status: Status
    subscriber_id: int | None = None  #: None where nobody was made: suppressed before
    reason: Reason | None = None  #: of the suppression


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the audit log."""

    id: int
    at: datetime  #: aware, UTC
    who: str
    how: str
    source: str
    what: str  #: the change, in a few words: 'subscribed', 'list made'
    list_slug: str = ""
    subscriber_id: int | None = None
    detail: str = ""  #: never a person's data: names of fields, counts


@dataclass(frozen=True, slots=True)
class Newsletter:
    """What readers' pages need to know of a newsletter."""

    slug: str
    title: str
    lists: tuple[str, ...]  #: slugs of the lists that feed it
    language: str = "en"  #: BCP 47 tag
    sections: tuple[str, ...] = ()  #: those a reader may choose among
    is_in_readers_time: bool = False  #: whether it comes at a time of each reader's own zone
