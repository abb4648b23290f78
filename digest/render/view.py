"""What a template sees of an edition, as values; knows no article.

The fields are documented for template writers in ``docs/reference/template-variables.md``.
"""

from __future__ import annotations

from dataclasses import dataclass

from digest.model import Picture
from digest.render.text import Direction


@dataclass(frozen=True, slots=True)
class SourceView:
    """Who reported."""

    name: str
    url: str  #: its homepage, '' where unknown
    address: str  #: the same as people write it
    tagline: str
    logo: str  #: the header image's address, '' where the name stands for it
    logo_width: int | None  #: pixels, at the height of 24 at which it is shown


@dataclass(frozen=True, slots=True)
class Line:
    """A headline with its dek."""

    headline: str
    url: str  #: '' where there is nothing to follow
    dek: str  #: one sentence
    source: str  #: its name, '' on a page's own list
    language: str  #: BCP 47, '' where it is the edition's
    direction: Direction


@dataclass(frozen=True, slots=True)
class Tongue:
    """A report of the same event in another language."""

    label: str  #: in which language, in the newsletter's own: Also in German
    line: Line


@dataclass(frozen=True, slots=True)
class Place:
    """A place bought, or used by the newsletter itself."""

    text: str
    url: str  #: '' where it leads nowhere
    image: str  #: its address, '' for none
    direction: Direction
    language: str = ""


@dataclass(frozen=True, slots=True)
class StoryView:
    """A story."""

    headline: str
    url: str
    byline: str
    time: str  #: when it was published, in the newsletter's zone; '' where unknown
    source: SourceView
    section: str
    dek: str  #: a sentence or two
    written_by: str  #: the language model that wrote the dek, '' for people
    standfirst: str  #: the dek where the paragraphs do not say it, else ''
    paragraphs: tuple[str, ...]  #: the opening, within the words that may be quoted
    image: Picture | None
    why: str  #: what made it what it is, as one line
    reasons: tuple[str, ...]  #: every part of that, for the page
    related: tuple[Line, ...]
    also_at: tuple[Line, ...]
    adds: str  #: a sentence of another report that says what this one does not, '' for none
    adds_by: str  #: the name of the source that says it
    tongues: tuple[Tongue, ...]  #: the same event in other languages
    page_list: tuple[Line, ...]  #: what its page lists beside it, in the page's order
    is_update: bool
    language: str  #: BCP 47, '' where it is the edition's
    direction: Direction


@dataclass(frozen=True, slots=True)
class EditionView:
    """An edition."""

    title: str
    date: str  #: written in full
    short_date: str
    language: str
    direction: Direction
    lead: StoryView
    stories: tuple[StoryView, ...]  #: all after the lead
    brief: tuple[Line, ...]
    left_out: int  #: how many stories are on the web page only
    sponsor: Place | None
    call_to_action: Place | None
    web_url: str  #: the edition's page, '' where there is none
    postal_address: tuple[str, ...]  #: its lines; the title where none is set
