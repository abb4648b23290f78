"""The settings and their defaults, as pydantic models; knows no file.

The description of each field is what the reference in docs/ says of it.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _zone(value: str) -> str:
    if value and value not in available_timezones():
        raise ValueError("not a time zone; write it as in the tz database, such as Europe/Paris")
    return value


def _clock(value: str) -> str:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        raise ValueError('not a time of day; write hours and minutes, such as "07:00"')
    return value


def _holiday(value: str) -> str:
    try:
        date.fromisoformat(value if len(value) == 10 else f"2024-{value}")  # a leap year, for 02-29
    except ValueError as error:
        raise ValueError('not a date; write "2026-12-24", or "12-25" for every year') from error
    return value


def _web_address(value: str) -> str:
    if value and not re.match(r"https?://[^\s/@]+", value):
        raise ValueError("not a web address; it begins with https:// or http://")
    return value


def _mail_sender(value: str) -> str:
    from email.utils import parseaddr

    if value and not re.fullmatch(r"[^@\s]+@[^@\s]+", parseaddr(value)[1]):
        raise ValueError('not a mail address; write "Name <name@example.org>" or "name@example.org"')
    return value


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Zone = Annotated[str, AfterValidator(_zone)]
Clock = Annotated[str, AfterValidator(_clock)]
Holiday = Annotated[str, AfterValidator(_holiday)]
MonthDay = Annotated[int, Field(ge=1, le=31)]
Web = Annotated[str, AfterValidator(_web_address)]
Mail = Annotated[str, AfterValidator(_mail_sender)]


class Table(BaseModel):
    """A table of config.toml: closed, so that a misspelt key is a fault, and frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class SiteSettings(Table):
    """Who publishes, and where this installation answers."""

    title: str = Field("Broadsheet", description="Name of the publisher, used where a newsletter has none.")
    base_url: Web = Field("", description="Where this installation answers, over HTTPS; links in mails begin with it.")
    language: str = Field("en", description="BCP 47 tag of the words around the stories.")
    timezone: Zone = Field("UTC", description="Time zone of dates and schedules, from the tz database.")
    sender: Mail = Field("", description='The From address: "Name <name@example.org>".')
    reply_to: Mail = Field("", description="Where answers go, when not to the sender.")
    postal_address: str = Field(
        "", description="Postal address in the foot of each mail; the law asks for it in many places."
    )
    indexed: bool = Field(False, description="Let search engines list past editions.")
    unsubscribe_mailbox: Mail = Field("", description="An address whose mail you read as unsubscribe requests.")
    alarm_mail: Mail = Field("", description="Who is told by mail that an edition is held or could not be sent.")
    alarm_webhook: Web = Field(
        "", description="An address that is sent the same as JSON, such as a chat's incoming webhook."
    )


class StoreSettings(Table):
    """Where everything is kept."""

    url: str = Field(
        "sqlite:///var/digest.db",
        description="sqlite:///FILE, seen from config.toml's folder, or postgresql://USER@HOST/NAME.",
        pattern=r"^(sqlite:///|postgresql(\+psycopg)?://)",
    )
    keep_days: int = Field(
        90, ge=31, le=3650, description="Articles are kept this long; editions and who got them are kept for good."
    )


class OutboxSettings(Table):
    """Mails as files, for trying things out."""

    kind: Literal["outbox"] = Field("outbox", description="Which provider sends.")
    folder: str = Field("out", description="Where the .eml files and the journal go, seen from config.toml's folder.")


class LimitedTable(Table):
    """A provider that may be asked only so often, by all workers together."""

    per_second: float = Field(0, ge=0, le=100_000, description="Mails a second, on average; 0 for no limit.")
    per_hour: int = Field(0, ge=0, description="Mails an hour; 0 for no limit.")
    per_day: int = Field(0, ge=0, description="Mails in 24 hours; 0 for no limit.")
    warm_up: tuple[Annotated[int, Field(ge=1)], ...] = Field(
        (), description="Mails on the first day, the second, and so on; afterwards `per_day` holds."
    )


class SmtpSettings(LimitedTable):
    """Any mail server. The password is BROADSHEET_SMTP_PASSWORD in the environment."""

    kind: Literal["smtp"] = Field(description="Which provider sends.")
    host: str = Field("localhost", description="Name of the mail server.")
    port: int = Field(587, ge=1, le=65535, description="587 for STARTTLS, 465 for TLS, 25 for a relay of your own.")
    security: Literal["starttls", "tls", "none"] = Field("starttls", description="How the connection is protected.")
    username: str = Field("", description="Login name; empty for a server that asks for none.")
    timeout: float = Field(30, gt=0, le=600, description="Seconds to wait for each answer.")
    connections: int = Field(2, ge=1, le=64, description="Connections held open at once.")
    dkim_domain: str = Field("", description="Domain that signs the mails; empty where the mail server signs.")
    dkim_selector: str = Field("", description="Name of the key's record under _domainkey of that domain.")


class SendgridSettings(LimitedTable):
    """SendGrid's mail API. The key is SENDGRID_API_KEY in the environment."""

    kind: Literal["sendgrid"] = Field(description="Which provider sends.")
    api: str = Field(
        "global",
        description='"global", "eu", or the address of any API that speaks the same.',
        pattern=r"^(global|eu|https?://\S+)$",
    )
    timeout: float = Field(30, gt=0, le=600, description="Seconds to wait for each answer.")
    connections: int = Field(4, ge=1, le=64, description="Requests under way at once.")
    open_tracking: bool = Field(False, description="Let SendGrid count openings by a picture in each mail.")
    click_tracking: bool = Field(False, description="Let SendGrid rewrite links to count clicks.")
    sandbox: bool = Field(False, description="SendGrid checks each request and sends nothing.")


ProviderSettings = Annotated[OutboxSettings | SmtpSettings | SendgridSettings, Field(discriminator="kind")]
PROVIDERS: dict[str, type[Table]] = {
    "outbox": OutboxSettings,
    "smtp": SmtpSettings,
    "sendgrid": SendgridSettings,
}


class CollectSettings(Table):
    """How sources are asked."""

    connections: int = Field(32, ge=1, le=512, description="Connections at once, in all; one at a time to a host.")
    host_gap: float = Field(1.0, ge=0, le=60, description="Seconds between two requests to one host.")
    connect_timeout: float = Field(10, gt=0, le=120, description="Seconds to wait for a connection.")
    timeout: float = Field(30, gt=0, le=600, description="Seconds for a whole request.")
    max_body_mb: int = Field(20, ge=1, le=200, description="A body larger than this, decompressed, is refused.")
    interval_minutes: int = Field(30, ge=1, le=1440, description="A source is asked at most this often.")
    allow_hosts: tuple[str, ...] = Field(
        (), description="Private hosts that may be asked all the same, such as intranet.example."
    )


class SourceSettings(Table):
    """A source of articles."""

    slug: Slug = Field(description="Short name in lower case, used everywhere else.")
    title: str = Field("", description="Name shown to readers; the slug where it is empty.")
    kind: Literal["feed", "page", "folder", "sitemap"] = Field("feed", description="What is found at the address.")
    url: Web = Field("", description="Its address; or path.")
    path: str = Field("", description="A local file or folder, seen from config.toml's folder; or url.")
    owner: str = Field("", description="Who stands behind it: sources of one owner count once in a story's score.")
    section: str = Field("", description="Section its articles belong to, where they do not say.")
    weight: float = Field(1.0, ge=0, le=10, description="How much its reports count in ranking.")
    language: str = Field("", description="BCP 47 tag, where the feed does not say or says it wrongly.")
    full_text: bool = Field(False, description="Fetch the page of each article for its full text.")
    tagline: str = Field("", description="A sentence about it, on its card under the lead story.")
    homepage: Web = Field("", description="Its address for readers, on its card.")
    logo: str = Field("", description="Address of its header image, shown over the lead story.")
    quote_words: int = Field(80, ge=0, le=2000, description="At most this many words of an article are quoted.")
    hotlink: bool = Field(False, description="Show its pictures from its own server.")


class SponsorSettings(Table):
    """A paid place, labelled as such."""

    text: str = Field(description="What it says.")
    url: Web = Field("", description="Where it leads.")
    image: Web = Field("", description="Its picture.")


class CallToActionSettings(Table):
    """A request of your own to your readers."""

    text: str = Field(description="What it says.")
    url: Web = Field("", description="Where it leads.")
    image: Web = Field("", description="Its picture.")


class NewsletterSettings(Table):
    """A recurring publication. A slug alone is enough."""

    slug: Slug = Field(description="Short name in lower case: the edition of a day is SLUG/2026-03-04.")
    title: str = Field("", description="Name in the masthead; the site's title where it is empty.")
    lists: tuple[Slug, ...] = Field(
        (), description="Subscriber lists it goes to; the list of its own slug where empty."
    )
    opt_in: Literal["double", "single"] = Field(
        "double", description="For lists made at first start: is a confirmation asked for?"
    )
    sources: tuple[Slug, ...] = Field((), description="Slugs of the sources it takes; all of them where empty.")
    template: str = Field("morning", description="The design, a folder in templates/email.")
    send_at: Annotated[tuple[Clock, ...], BeforeValidator(_listed)] = Field(
        ("07:00",), description="Local time of day, or a list of several.", min_length=1
    )
    days: tuple[Day, ...] = Field(DAYS, description="Days of the week on which it goes.")
    month_days: tuple[MonthDay, ...] = Field(
        (), description="Days of the month on which it goes, 31 being the last; every day where empty."
    )
    every_hours: int = Field(
        0, ge=0, le=23, description="Repeat every so many hours, from send_at to midnight; 0 for not at all."
    )
    holidays: tuple[Holiday, ...] = Field(
        (), description='Dates on which it does not go: "2026-12-24", or "12-25" for every year.'
    )
    timezone: Zone = Field("", description="Time zone of its dates and times; the site's where empty.")
    readers_time: bool = Field(
        False, description="Send at that time of each reader's own zone, which stands in the field timezone."
    )
    language: str = Field("", description="BCP 47 tag; the site's where empty.")
    approval: Literal["automatic", "required"] = Field(
        "automatic", description="Does an edition wait for a person's yes?"
    )
    late: Literal["send", "skip", "ask"] = Field("send", description="What to do with a run that was missed.")
    late_hours: float = Field(4, ge=0, le=48, description='With late = "send": how many hours late it may still go.')
    stories: int = Field(8, ge=1, le=60, description="At most this many stories, the lead story among them.")
    related: int = Field(5, ge=0, le=20, description="At most this many related headlines a story.")
    brief: int = Field(6, ge=0, le=40, description='At most this many one-line stories "in brief".')
    sections: tuple[str, ...] = Field((), description="Order of sections under the lead; by rank where empty.")
    min_stories: int = Field(1, ge=1, le=60, description="With fewer stories the edition is held.")
    repeat_days: int = Field(
        7, ge=0, le=60, description="A story sent this many days ago or less comes back only with news."
    )
    half_life_hours: float = Field(
        12, gt=0, le=240, description="After this many hours a report counts half in ranking."
    )
    sponsor: SponsorSettings | None = Field(None, description="A sponsor's place; none where unset.")
    call_to_action: CallToActionSettings | None = Field(None, description="A call to action; none where unset.")

    @property
    def audience(self) -> tuple[str, ...]:
        """The lists it goes to."""
        return self.lists or (self.slug,)


class ServeSettings(Table):
    """The pages of ``digest serve``."""

    host: str = Field("127.0.0.1", description="Address the pages are served on; put a TLS proxy before it.")
    port: int = Field(8000, ge=0, le=65535, description="Port the pages are served on.")


class Settings(Table):
    """All of config.toml."""

    site: SiteSettings = Field(default_factory=SiteSettings, description="Who publishes, and where.")
    store: StoreSettings = Field(default_factory=StoreSettings, description="Where everything is kept.")
    provider: ProviderSettings = Field(default_factory=OutboxSettings, description="What sends the mails.")
    collect: CollectSettings = Field(default_factory=CollectSettings, description="How sources are asked.")
    serve: ServeSettings = Field(default_factory=ServeSettings, description="The pages of digest serve.")
    sources: tuple[SourceSettings, ...] = Field((), description="Where articles come from.")
    newsletters: tuple[NewsletterSettings, ...] = Field((), description="What goes out, and when.")
