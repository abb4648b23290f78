"""The assembled application, as values and doors; knows no setting and builds nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from digest.collect.limits import Limits
from digest.errors import UsageError
from digest.group.rules import Rules
from digest.model import Masthead, Source
from digest.pipeline.endpoint import Endpoint
from digest.send.provider import Provider
from digest.store import Limits as SendLimits
from digest.store import Store
from subscribers import KeyRing, Segment


@dataclass(frozen=True, slots=True)
class Newsletter:
    """A recurring publication, ready to be composed and sent."""

    slug: str
    masthead: Masthead
    sources: tuple[Source, ...]
    lists: tuple[str, ...]  #: the lists it goes to
    zone: ZoneInfo
    times: tuple[str, ...] = ("07:00",)  #: local times of day, in order
    days: tuple[str, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    month_days: tuple[int, ...] = ()  #: days of the month, 31 being the last; every day where empty
    holidays: tuple[str, ...] = ()  #: ``2026-12-24``, or ``12-25`` for every year
    opt_in: Literal["double", "single"] = "double"  #: for lists made at first start
    design: str = "morning"
    rules: Rules = field(default_factory=Rules)
    approval_required: bool = False
    late: Literal["send", "skip", "ask"] = "send"  #: what becomes of a missed run: send, skip or ask
    late_hours: float = 4.0
    readers_time: bool = False  #: due at that time of each reader's own zone
    issue: tuple[date, str] | None = None  #: date and slot of a scheduled run; None to take them from the time
    part: str = ""  #: the time zone whose readers a scheduled run is for, '' for everyone
    segment: Segment | None = None  #: the readers of ``part``; None for everyone

    def date_and_slot(self, now: datetime) -> tuple[date, str]:
        """Return the local date and the slot of the edition that ``now`` belongs to.

        The slot is '' for a newsletter with one time of day; else the latest of its times that has come,
        as ``0700``. Before the first of them it is the last one of the day before.
        """
        if self.issue is not None:
            return self.issue
        local = now.astimezone(self.zone)
        if len(self.times) == 1:
            return local.date(), ""
        come = [time for time in sorted(self.times) if time <= f"{local:%H:%M}"]
        if come:
            return local.date(), come[-1].replace(":", "")
        return date.fromordinal(local.toordinal() - 1), max(self.times).replace(":", "")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who the mails are from, and the reader's ways out."""

    address: str  #: ``Name <address>``
    reply_to: str = ""
    unsubscribe_mailbox: str = ""
    base_url: str = ""  #: the public address of this installation, '' where it has none
    links_url: str = "http://127.0.0.1:8000"  #: where readers' links lead: the base_url, or the local pages
    dkim_name: str = ""  #: where the key stands in DNS that we sign mails with ourselves, '' for none


@dataclass(frozen=True, slots=True)
class Alarms:
    """Who is told that an edition waits for a person, or could not be sent."""

    mail: str = ""  #: an address, '' for nobody
    webhook: str = ""  #: an address that takes JSON, '' for none


@dataclass(frozen=True, slots=True)
class App:
    """Everything a use case needs."""

    store: Store
    newsletters: tuple[Newsletter, ...]
    sources: tuple[Source, ...]
    limits: Limits
    sender: Sender
    keys: Callable[[], KeyRing]  #: what signs readers' links, as it is now
    provider_kind: str
    open_provider: Callable[[], Provider]
    folder: Path  #: where output for people goes: previews, and the outbox's own
    pictures: Path = Path("var/pictures")  #: where articles' pictures are kept and served from
    indexed: bool = False  #: may search engines list past editions?
    inliner: Literal["premailer", "css-inline"] = "premailer"  #: what puts the styles onto the elements of a mail
    webhook_key: str = ""  #: the public key that SendGrid signs its events with, '' where they are not taken
    pace: SendLimits = field(default_factory=SendLimits)  #: how many mails may leave
    templates: Path | None = None  #: the user's own templates
    alarms: Alarms = field(default_factory=Alarms)
    writer: Endpoint | None = None  #: the language model that writes deks, None for none
    keep_days: int = 90  #: articles are kept this long
    clock: Callable[[], datetime] = field(default=lambda: datetime.now().astimezone())

    @property
    def ring(self) -> KeyRing:
        """The keys that sign readers' links, as they are now: ask again for each piece of work."""
        return self.keys()

    def newsletter(self, slug: str | None) -> Newsletter:
        """Return the newsletter of this slug, the only one for None; raise UsageError naming those there are."""
        names = ", ".join(each.slug for each in self.newsletters)
        if not self.newsletters:
            raise UsageError("config.toml names no newsletter; add [[newsletters]] with a slug")
        if slug is None:
            if len(self.newsletters) > 1:
                raise UsageError(f"which newsletter? name one of: {names}")
            return self.newsletters[0]
        for each in self.newsletters:
            if each.slug == slug:
                return each
        raise UsageError(f'no newsletter "{slug}"; there are: {names}')
