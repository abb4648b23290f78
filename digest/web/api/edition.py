"""One edition, as programs see it; knows no request."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from pydantic import Field

from digest.model import Article, EditionState, Story
from digest.pipeline.app import App
from digest.pipeline.editing import OPEN, unshown
from digest.store import Stored
from digest.web.api.endpoint import Shown
from digest.web.api.words import Count, Moment


class Report(Shown):
    """One source's report of a story."""

    key: str = Field(description="Names the article in corrections.")
    headline: str
    url: str
    source: str
    language: str = Field(description="A BCP 47 tag; empty where it is not known.")


class Reason(Shown):
    """One part of a story's score."""

    what: str
    value: str | float
    words: str = Field(description="For people.")


class ShownStory(Shown):
    """A story as the edition has it."""

    key: str = Field(description="Its lead article's; names the story in corrections.")
    headline: str
    url: str
    source: str
    section: str
    is_update: bool = Field(description="Sent before, and back with news.")
    summary: str = Field(description="Made for the edition; empty where the source's own dek stands.")
    summary_by: str = Field(description="The language model that wrote it; empty for sentences of the article.")
    adds: str = Field(description="A sentence of another report that says what this one does not.")
    adds_by: str = Field(description="The source of that sentence.")
    score: float
    reasons: tuple[Reason, ...] = Field(description="Why it stands where it stands.")
    related: tuple[Report, ...]
    also_at: tuple[Report, ...] = Field(description="Copies of reports above, not counted in the score.")
    tongues: tuple[Report, ...] = Field(description="Reports of the same event in other languages.")
    unshown: tuple[Report, ...] = Field(
        description="Reports that the edition has no room for, or that say the same as one it has; where asked for."
    )


class EditionLine(Shown):
    """An edition, in short."""

    id: str = Field(description="Newsletter, local date, and the slot where it has one.")
    newsletter: str
    date: date
    slot: str = Field(description="Empty unless the newsletter goes several times a day.")
    state: EditionState
    why: str = Field(description="Of the state, where somebody said or something is wrong.")
    version: Count = Field(description="Counts the changes.")
    headline: str = Field(description="Of the lead story.")
    stories: Count
    changed_at: Moment | None


class Edition(EditionLine):
    """An edition with its stories."""

    cut_off: Moment = Field(description="Articles up to here were taken.")
    goes_at: Moment | None = Field(description="A time somebody chose for it; null where it goes with its newsletter.")
    goes_at_by: str = Field(description="Who chose that time.")
    told: tuple[ShownStory, ...] = Field(description="Its stories, the lead story first.")
    brief: tuple[ShownStory, ...] = Field(description="Its stories in brief.")


def line(stored: Stored) -> EditionLine:
    """Return an edition in short."""
    return EditionLine(**_facts(stored))


def whole(app: App, stored: Stored, *, with_unshown: bool = False) -> Edition:
    """Return an edition with its stories."""
    others = unshown(app, stored) if with_unshown else {}
    edition = stored.edition
    chosen = app.store.appointments.of(stored.row) if stored.state in OPEN else None
    return Edition(
        **_facts(stored),
        cut_off=edition.cut_off,
        goes_at=chosen and chosen.at,
        goes_at_by=chosen.who if chosen else "",
        told=tuple(_story(each, others.get(each.key, ())) for each in edition.stories),
        brief=tuple(_story(each, others.get(each.key, ())) for each in edition.brief),
    )


def _facts(stored: Stored) -> dict[str, object]:
    edition = stored.edition
    return {
        "id": stored.id,
        "newsletter": edition.newsletter,
        "date": edition.date,
        "slot": edition.slot,
        "state": stored.state,
        "why": stored.reason,
        "version": stored.version,
        "headline": edition.lead.title,
        "stories": len(edition.stories) + len(edition.brief),
        "changed_at": stored.changed_at,
    }


def _story(story: Story, others: Iterable[Article]) -> ShownStory:
    return ShownStory(
        key=story.key,
        headline=story.title,
        url=story.lead.url,
        source=story.lead.source,
        section=story.section,
        is_update=story.is_update,
        summary=story.summary,
        summary_by=story.summary_by,
        adds=story.adds,
        adds_by=story.adds_by,
        score=story.score,
        reasons=tuple(Reason(what=each.what, value=each.value, words=each.text) for each in story.reasons),
        related=tuple(map(_report, story.related)),
        also_at=tuple(map(_report, story.also_at)),
        tongues=tuple(map(_report, story.tongues)),
        unshown=tuple(map(_report, others)),
    )


def _report(article: Article) -> Report:
    return Report(
        key=article.key,
        headline=article.headline,
        url=article.url,
        source=article.source,
        language=article.language,
    )
