"""The settings and their defaults, as pydantic models; knows no file.

The description of each field is what the reference in docs/ says of it.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from digest.config.newsletters import CallToActionSettings as CallToActionSettings
from digest.config.newsletters import NewsletterSettings as NewsletterSettings
from digest.config.newsletters import SponsorSettings as SponsorSettings
from digest.config.providers import PROVIDERS as PROVIDERS
from digest.config.providers import OutboxSettings as OutboxSettings
from digest.config.providers import ProviderSettings as ProviderSettings
from digest.config.providers import SendgridSettings as SendgridSettings
from digest.config.providers import SmtpSettings as SmtpSettings
from digest.config.values import Inliner, Mail, Network, Slug, Table, Tongue, Web, Zone


class SiteSettings(Table):
    """Who publishes, and where this installation answers."""

    title: str = Field("Broadsheet", description="Name of the publisher, used where a newsletter has none.")
    base_url: Web = Field("", description="Where this installation answers, over HTTPS; links in mails begin with it.")
    language: Tongue = Field("en", description="BCP 47 tag of the words around the stories.")
    timezone: Zone = Field("UTC", description="Time zone of dates and schedules, from the tz database.")
    sender: Mail = Field("", description='The From address: "Name <name@example.org>".')
    reply_to: Mail = Field("", description="Where answers go, when not to the sender.")
    postal_address: str = Field(
        "", description="Postal address in the foot of each mail; the law asks for it in many places."
    )
    indexed: bool = Field(False, description="Let search engines list past editions.")
    inliner: Inliner = Field(
        "premailer",
        description='What puts the styles onto the elements of a mail; "css-inline" is an extra, and faster.',
    )
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


class CollectSettings(Table):
    """How sources are asked."""

    connections: int = Field(32, ge=1, le=512, description="Connections at once, in all; one at a time to a host.")
    host_gap: float = Field(1.0, ge=0, le=60, description="Seconds between two requests to one host.")
    connect_timeout: float = Field(10, gt=0, le=120, description="Seconds to wait for a connection.")
    timeout: float = Field(30, gt=0, le=600, description="Seconds for a whole request.")
    max_body_mb: int = Field(20, ge=1, le=200, description="A body larger than this, decompressed, is refused.")
    interval_minutes: int = Field(30, ge=1, le=1440, description="A source is asked at most this often.")
    full_texts: int = Field(20, ge=0, le=500, description="Article pages fetched of a source in a run, where it asks.")
    full_texts_of_stubs: int = Field(
        5, ge=0, le=500, description="Where it does not ask but gives only the beginnings of its articles; 0: none."
    )
    full_texts_in_all: int = Field(100, ge=0, le=10_000, description="Article pages fetched of all sources in a run.")
    allow_hosts: tuple[str, ...] = Field(
        (), description="Private hosts that may be asked all the same, such as intranet.example."
    )


class WriterSettings(Table):
    """A language model that writes deks; none unless both are set. Its key is BROADSHEET_WRITER_KEY."""

    base_url: Web = Field(
        "",
        description="Address of an OpenAI-compatible API, such as http://127.0.0.1:11434/v1; no deks are written where empty.",
    )
    model: str = Field("", description="Name of the model, as the API knows it; shown to readers with what it wrote.")
    timeout: float = Field(20, gt=0, le=300, description="Seconds to wait for each dek; then the extract stands.")
    connections: int = Field(4, ge=1, le=16, description="Deks asked for at once.")


class SourceSettings(Table):
    """A source of articles."""

    slug: Slug = Field(description="Short name in lower case, used everywhere else.")
    title: str = Field(
        "", description="Name shown to readers; where it is empty, what the source calls itself, else the slug."
    )
    kind: Literal["feed", "page", "folder", "sitemap"] = Field("feed", description="What is found at the address.")
    url: Web = Field("", description="Its address; or path.")
    path: str = Field("", description="A local file or folder, seen from config.toml's folder; or url.")
    owner: str = Field("", description="Who stands behind it: sources of one owner count once in a story's score.")
    section: str = Field("", description="Section its articles belong to, where they do not say.")
    weight: float = Field(1.0, ge=0, le=10, description="How much its reports count in ranking.")
    language: Tongue = Field("", description="BCP 47 tag, where the feed does not say or says it wrongly.")
    full_text: bool | Literal["auto"] = Field(
        "auto", description="Fetch its articles' pages for their full text; auto: where it gives only their beginnings."
    )
    tagline: str = Field("", description="A sentence about it, on its card under the lead story.")
    homepage: Web = Field("", description="Its address for readers, on its card.")
    logo: str = Field("", description="Address of its header image, shown over the lead story.")
    quote_words: int = Field(80, ge=0, le=2000, description="At most this many words of an article are quoted.")
    hotlink: bool = Field(False, description="Show its pictures from its own server.")


class ServeSettings(Table):
    """The pages of ``digest serve``."""

    host: str = Field("127.0.0.1", description="Address the pages are served on; put a TLS proxy before it.")
    port: int = Field(8000, ge=0, le=65535, description="Port the pages are served on.")
    proxies: tuple[Network, ...] = Field(
        (),
        description="Addresses or networks of proxies whose X-Forwarded-For is believed, besides this machine's own; "
        "else everybody behind such a proxy counts as one place, and is kept out together.",
    )


class Settings(Table):
    """All of config.toml."""

    site: SiteSettings = Field(default_factory=SiteSettings, description="Who publishes, and where.")
    store: StoreSettings = Field(default_factory=StoreSettings, description="Where everything is kept.")
    provider: ProviderSettings = Field(default_factory=OutboxSettings, description="What sends the mails.")
    collect: CollectSettings = Field(default_factory=CollectSettings, description="How sources are asked.")
    writer: WriterSettings = Field(default_factory=WriterSettings, description="What writes deks, if anything.")
    serve: ServeSettings = Field(default_factory=ServeSettings, description="The pages of digest serve.")
    sources: tuple[SourceSettings, ...] = Field((), description="Where articles come from.")
    newsletters: tuple[NewsletterSettings, ...] = Field((), description="What goes out, and when.")
