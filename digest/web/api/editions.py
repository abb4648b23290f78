"""Editions, as programs see them: read, approved, held, skipped; the rules are the pipeline's."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from digest.model import Article, EditionState, Story
from digest.pipeline import editing
from digest.store import Stored
from digest.web.api.endpoint import Answer, Call, Endpoint, Given, PageQuery, Shown, cursor, place_of
from digest.web.api.problem import Problem
from digest.web.api.words import Count, Moment, Version, Words


class Report(Shown):
    """One source's report of a story."""

    headline: str
    url: str
    source: str


class ShownStory(Shown):
    """A story as the edition has it."""

    headline: str
    url: str
    source: str
    section: str
    related: tuple[Report, ...]


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
    told: tuple[ShownStory, ...] = Field(description="Its stories, the lead story first.")
    brief: tuple[ShownStory, ...] = Field(description="Its stories in brief.")


class Editions(Shown):
    """A page of editions, the newest first."""

    editions: tuple[EditionLine, ...]
    next: str | None = Field(description="Where the next page begins; null where this is the last.")


class EditionsQuery(PageQuery):
    """Which editions are asked for."""

    newsletter: Words = Field("", description="Of this newsletter alone.")


class SlotQuery(Given):
    """Which of a day's editions is meant."""

    slot: Words = Field("", description="Empty unless the newsletter goes several times a day.")


class Decision(Given):
    """What is decided about an edition."""

    decision: Literal["approve", "hold", "skip"]
    why: Words = ""
    version: Version | None = Field(None, description="Refused with 409 where the edition has another one by now.")


#: Where an edition is; the slot is a word of the query.
ONE = "/editions/{newsletter}/{date}"


def endpoints() -> list[Endpoint]:
    """Return what can be asked of editions."""
    return [
        Endpoint("GET", "/editions", "editions:read", "Read the editions, a page at a time.", read, {200: Editions},
                 query=EditionsQuery, faults=(422,)),
        Endpoint("GET", ONE, "editions:read", "Read one edition with its stories.", read_one, {200: Edition},
                 query=SlotQuery, faults=(404,)),
        Endpoint("POST", f"{ONE}/decision", "editions:write", "Approve, hold or skip an edition.", decide,
                 {200: Edition}, query=SlotQuery, body=Decision, faults=(404, 409)),
    ]  # fmt: skip


def read(call: Call) -> Answer:
    """Return a page of editions."""
    query: EditionsQuery = call.query
    found, following = page(call, query, None)
    return Answer(200, Editions(editions=tuple(_line(each) for each in found), next=following))


def read_one(call: Call) -> Answer:
    """Return one edition."""
    return Answer(200, _whole(named(call)))


def decide(call: Call) -> Answer:
    """Carry a decision out."""
    wanted: Decision = call.body
    stored = named(call, to_change=True)
    if wanted.version is not None and wanted.version != stored.version:
        raise Problem(409, f"the edition has version {stored.version} by now; read it again")
    app = call.desk.app
    match wanted.decision:
        case "approve":
            editing.approve(app, stored.id, call.who)
        case "hold":
            editing.hold(app, stored.id, wanted.why or f"held by {call.who}")
        case "skip":
            editing.skip(app, stored.id, wanted.why or f"skipped by {call.who}")
    call.record(f"edition: {wanted.decision}", stored.id)
    return read_one(call)


def named(call: Call, *, to_change: bool = False) -> Stored:
    """Return the edition that a path and its slot name; raise Problem where it is not there, or not within reach."""
    newsletter, day, slot = call.path["newsletter"], call.path["date"], call.query.slot
    nowhere = Problem(404, f"there is no edition of {newsletter} for {day}")
    lists = lists_of(call, newsletter)
    try:
        stored = call.desk.app.store.editions.find(newsletter, date.fromisoformat(day), slot)
    except ValueError as fault:
        raise nowhere from fault
    if stored is None or not call.reach.touches(lists):
        raise nowhere
    if to_change and not call.reach.covers(lists):
        raise Problem(403, f"{newsletter} goes to lists beyond the token's too")
    return stored


def lists_of(call: Call, newsletter: str) -> tuple[str, ...]:
    """Return the lists that a newsletter goes to; one that is gone goes to a list nobody has."""
    return next((each.lists for each in call.desk.app.newsletters if each.slug == newsletter), ("",))


def page(
    call: Call, query: EditionsQuery, states: tuple[EditionState, ...] | None
) -> tuple[tuple[Stored, ...], str | None]:
    """Return a page of editions within reach, and where the next one begins."""
    among = [each.slug for each in call.desk.app.newsletters if call.reach.touches(each.lists)]
    found = call.desk.app.store.editions.list(
        query.newsletter or None,
        query.limit + 1,
        among=None if call.reach.is_whole else among,
        states=states,
        before=_place(query.after),
    )
    if len(found) <= query.limit:
        return found, None
    day, slot, row = found[query.limit - 1].place
    return found[: query.limit], cursor(f"{day.isoformat()} {row} {slot}")


def _place(after: str) -> tuple[date, str, int] | None:
    if not after:
        return None
    day, _, rest = place_of(after).partition(" ")
    row, _, slot = rest.partition(" ")
    try:
        return date.fromisoformat(day), slot, int(row)
    except ValueError as fault:
        raise Problem(422, "after: use the `next` of the page before, as it is") from fault


def _line(stored: Stored) -> EditionLine:
    return EditionLine(**_facts(stored))


def _whole(stored: Stored) -> Edition:
    edition = stored.edition
    return Edition(
        **_facts(stored),
        cut_off=edition.cut_off,
        told=tuple(map(_story, edition.stories)),
        brief=tuple(map(_story, edition.brief)),
    )


def _facts(stored: Stored) -> dict[str, object]:
    edition = stored.edition
    return {
        "id": stored.id,
        "newsletter": edition.newsletter,
        "date": edition.date,
        "slot": edition.slot,
        "state": stored.state,
        "why": stored.why or edition.hold,
        "version": stored.version,
        "headline": edition.lead.title,
        "stories": len(edition.stories) + len(edition.brief),
        "changed_at": stored.changed_at,
    }


def _story(story: Story) -> ShownStory:
    return ShownStory(
        headline=story.title,
        url=story.lead.url,
        source=story.lead.source,
        section=story.section,
        related=tuple(map(_report, story.related)),
    )


def _report(article: Article) -> Report:
    return Report(headline=article.headline, url=article.url, source=article.source)
