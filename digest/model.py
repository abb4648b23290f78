"""The values that flow from a source to a delivery, all frozen; knows no file, network or database."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

#: A date's type under another name: a field called ``date`` hides the type while its class is read.
Day = date

SourceKind = Literal["feed", "page", "folder", "sitemap"]
#: Whether the pages of a source's articles are fetched; 'auto': where it gives no more than their beginnings.
FullText = bool | Literal["auto"]

#: A place in a message where each recipient's value goes, such as ``%%UNSUBSCRIBE_URL%%``.
SLOT = re.compile(r"%%([A-Z][A-Z0-9_]*)%%")


@dataclass(frozen=True, slots=True)
class Source:
    """Where articles come from."""

    slug: str  #: the name used in config, tables and logs
    title: str  #: the name shown to readers
    kind: SourceKind = "feed"
    url: str = ""  #: http(s) address, or
    path: str = ""  #: an absolute local file or folder
    owner: str = ""  #: who stands behind it: sources of one owner count once in a score
    section: str = ""
    weight: float = 1.0
    language: str = ""  #: BCP 47 tag, '' when the feed shall say
    full_text: FullText = "auto"  #: fetch its articles' pages
    tagline: str = ""  #: a sentence for the source card
    logo: str = ""  #: header image, an address or a local file
    logo_size: tuple[int, int] | None = None  #: its width and height in pixels, once it is kept and served from here
    homepage: str = ""  #: the address shown on the source card
    quote_words: int = 80  #: at most this many words of an article's text are quoted
    hotlink: bool = False  #: show its pictures from its own server
    is_named: bool = False  #: whether the config gives the title, also where it is the slug
    path_as_given: str = ""  #: the path as the config has it, which may be seen from the config's folder

    @property
    def place(self) -> str:
        """Where it is, in words that are found in the config."""
        return self.url or self.path_as_given or self.path


@dataclass(frozen=True, slots=True)
class Introduction:
    """What a source says of itself; each is '' where it does not say."""

    title: str = ""
    homepage: str = ""
    tagline: str = ""
    logo: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that belongs to an article."""

    url: str
    alt: str = ""
    width: int | None = None  #: pixels
    height: int | None = None  #: pixels


@dataclass(frozen=True, slots=True)
class Headline:
    """A headline that a page lists beside its article, in the page's own order."""

    headline: str
    url: str = ""
    dek: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """One report by one source."""

    key: str  #: canonical key: two articles are the same one exactly when their keys are equal
    source: str  #: the source's slug
    url: str  #: the address shown to readers
    headline: str
    dek: str = ""  #: plain text, what the source gives as summary
    body: str = ""  #: plain text, paragraphs separated by a blank line
    byline: str = ""
    published_at: datetime | None = None  #: aware, UTC
    updated_at: datetime | None = None  #: aware, UTC
    first_seen: datetime | None = None  #: aware, UTC
    image: Picture | None = None
    section: str = ""
    language: str = ""  #: BCP 47 tag, '' when unknown
    position: int = 0  #: place in its feed, from 0
    owner: str = ""  #: the source's owner, its slug where none is named
    weight: float = 1.0  #: the source's weight
    guid: str = ""  #: the source's own identifier, meaningful within it alone
    related: tuple[Headline, ...] = ()  #: what its page lists beside it
    canonical: str = ""  #: the address its page gives for itself, on the same site as ``url``; '' where it was not read

    @property
    def when(self) -> datetime | None:
        """The time used for windows and recency: published, else first seen."""
        return self.published_at or self.first_seen


@dataclass(frozen=True, slots=True)
class SourcePart:
    """What is remembered of one of the bodies that a source's index names."""

    url: str
    etag: str = ""  #: byte for byte as the server sent it
    last_modified: str = ""  #: byte for byte as the server sent it
    body_hash: str = ""


@dataclass(frozen=True, slots=True)
class SourceState:
    """What is remembered of a source between two checks."""

    slug: str
    etag: str = ""  #: byte for byte as the server sent it
    last_modified: str = ""  #: byte for byte as the server sent it
    checked_at: datetime | None = None
    changed_at: datetime | None = None  #: when it last gave something new
    next_check_at: datetime | None = None
    failures: int = 0  #: in a row
    error: str = ""  #: of the last check, '' when it went well
    moved_to: str = ""  #: where a permanent redirect pointed
    moved_seen: int = 0  #: how many times in a row it pointed there
    is_gone: bool = False  #: 410: not asked again until the config changes
    body_hash: str = ""  #: of the last body, to know an unchanged one without ETag
    url: str = ""  #: the address the config named then: what is remembered of another one does not count
    ttl_minutes: int = 0  #: how long its last body asked to be left alone
    pages_tried: tuple[str, ...] = ()  #: fingerprints of the article pages asked for, so that none is asked for twice
    read_as: str = ""  #: what the config said then of how it is read: section, owner, weight and the like
    parts: tuple[SourcePart, ...] = ()  #: of an index, the bodies that hold its articles
    introduction: Introduction = Introduction()  #: what it said of itself when it was last read


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one check of one source gave."""

    source: Source
    status: Literal["new", "unchanged", "failed", "not due"]
    articles: tuple[Article, ...] = ()  #: everything the body held, in its order, keys still empty
    state: SourceState | None = None  #: to be remembered
    error: str = ""  #: why it failed, for people
    notes: tuple[str, ...] = ()  #: what was mended, for people: 'read as windows-1252'
    size: int = 0  #: bytes, after decompression
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Corrections:
    """An editor's decisions, by article key, so that they survive a new grouping."""

    pinned: tuple[str, ...] = ()  #: first is the lead
    dropped: frozenset[str] = frozenset()
    merged: tuple[tuple[str, str], ...] = ()  #: must be one story
    split: tuple[tuple[str, str], ...] = ()  #: must not be one story
    titles: tuple[tuple[str, str], ...] = ()  #: (article key, headline); the first that a story holds is its headline
    order: tuple[str, ...] = ()  #: article keys of stories, in the order wanted


@dataclass(frozen=True, slots=True)
class Reason:
    """One part of a score, in words for people."""

    what: str  #: 'sources', 'recency', 'position', 'pinned', …
    value: str | int | float
    text: str = ""  #: the sentence printed


@dataclass(frozen=True, slots=True)
class Story:
    """A lead article and the articles that report the same event."""

    key: str  #: the lead article's key
    lead: Article
    related: tuple[Article, ...] = ()  #: other reports, most useful first
    also_at: tuple[Article, ...] = ()  #: copies of reports above, kept but not counted
    score: float = 0.0
    reasons: tuple[Reason, ...] = ()
    section: str = ""
    is_update: bool = False  #: sent before, back with new facts
    headline: str = ""  #: an editor's headline, '' for the lead article's own
    fingerprint: tuple[str, ...] = ()  #: terms that tell this story when it comes again, once it is in an edition
    linked: tuple[str, ...] = ()  #: keys of stories on the same event in another language
    tongues: tuple[Article, ...] = ()  #: articles of those of them that stand under this one, each's lead article first
    adds: str = ""  #: a sentence of another report that says most of what the lead article does not
    adds_by: str = ""  #: slug of the source that says it
    summary: str = ""  #: a dek made for the edition, '' where the source's own stands
    summary_by: str = ""  #: the model that wrote it, '' for sentences of the article

    @property
    def title(self) -> str:
        """The headline shown."""
        return self.headline or self.lead.headline

    @property
    def articles(self) -> tuple[Article, ...]:
        """Every article of the story, lead first, copies last."""
        return (self.lead, *self.related, *self.also_at)


@dataclass(frozen=True, slots=True)
class Sponsor:
    """A paid place; always labelled as such."""

    text: str
    url: str = ""
    image: str = ""


@dataclass(frozen=True, slots=True)
class CallToAction:
    """A request of the newsletter's own to its readers."""

    text: str
    url: str = ""
    image: str = ""


@dataclass(frozen=True, slots=True)
class Masthead:
    """The top and the foot of every edition of a newsletter."""

    title: str
    language: str = "en"  #: BCP 47 tag
    timezone: str = "UTC"  #: IANA name
    base_url: str = ""  #: where this installation answers, without a trailing slash
    postal_address: str = ""
    sponsor: Sponsor | None = None
    call_to_action: CallToAction | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of the articles of a day."""

    read: int = 0  #: articles in the window
    merged: int = 0  #: copies and reports put under another one
    dropped: int = 0  #: left out, with the reason in ``dropped_for``
    dropped_for: tuple[tuple[str, int], ...] = ()


class EditionState(StrEnum):
    """composed → held | approved → frozen → sending ⇄ paused → sent, also skipped and cancelled."""

    COMPOSED = "composed"
    HELD = "held"
    APPROVED = "approved"
    FROZEN = "frozen"
    SENDING = "sending"
    PAUSED = "paused"
    SENT = "sent"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Edition:
    """One newsletter's issue for one local date and slot; self-contained."""

    newsletter: str  #: slug
    date: Day  #: local date of the newsletter
    slot: str  #: '' unless the newsletter goes several times a day
    masthead: Masthead
    stories: tuple[Story, ...]  #: best first; the first is the lead story
    sources: tuple[Source, ...]  #: those named by the stories, for bylines and cards
    cut_off: datetime  #: aware, UTC; articles up to here were taken
    brief: tuple[Story, ...] = ()  #: 'in brief': a line each
    tally: Tally = field(default_factory=Tally)
    hold: str = ""  #: why a person should look before it goes, '' for none
    subject: str = ""  #: an editor's subject, '' for the one made from the lead
    preheader: str = ""

    @property
    def id(self) -> str:
        """The name used on the command line: ``newsletter/2026-03-04`` or ``newsletter/2026-03-04/slot``."""
        return "/".join(filter(None, (self.newsletter, self.date.isoformat(), self.slot)))

    @property
    def lead(self) -> Story:
        """The lead story."""
        return self.stories[0]

    def source(self, slug: str) -> Source:
        """Return the source with this slug, or one made from the slug where it is unknown."""
        return next((s for s in self.sources if s.slug == slug), Source(slug=slug, title=slug))


@dataclass(frozen=True, slots=True)
class Message:
    """An edition as mail, with ``%%NAME%%`` slots where each recipient's values go."""

    subject: str
    html: str
    text: str
    preheader: str = ""
    slots: tuple[str, ...] = ()  #: names of the slots used, without the percent signs
    sections: tuple[str, ...] = ()  #: of a variant: the sections it was cut to, sorted; empty for the whole edition


@dataclass(frozen=True, slots=True)
class Envelope:
    """What every mail of a send has in common besides the message."""

    edition: str  #: the edition's id
    sender: str  #: ``Name <address>``
    list_id: str  #: RFC 2919, without angle brackets: ``morning.news.example``
    reply_to: str = ""
    unsubscribe_mailbox: str = ""  #: an address that takes unsubscribe mails, '' for none
    message_id_domain: str = "localhost"


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person who gets a message."""

    id: int  #: the subscriber's id in the store
    public_id: str  #: opaque, the only identifier a provider is told
    address: str
    name: str = ""
    slots: tuple[tuple[str, str], ...] = ()  #: values for the message's slots, plain text
    one_click_url: str = ""  #: RFC 8058 address; '' where mail alone works


#: What became of one mail: 'later' was not sent and may be tried again, 'uncertain' may have been sent.
Fate = Literal["sent", "rejected", "later", "uncertain"]


@dataclass(frozen=True, slots=True)
class Receipt:
    """The provider's answer for one recipient."""

    recipient: int  #: the subscriber's id
    fate: Fate = "sent"
    reference: str = ""  #: the provider's message id, or the file written
    detail: str = ""  #: why it was not sent
    has_no_mailbox: bool = False  #: it was rejected because nobody is at the address: it is not written to again
