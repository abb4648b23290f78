"""An editor's corrections to an edition, made by programs; the rules are the pipeline's."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from digest.pipeline import editing
from digest.store.corrections import Decision, What
from digest.web.api.edition import Edition, whole
from digest.web.api.endpoint import Answer, Call, Endpoint, Given, Shown
from digest.web.api.naming import ONE, SlotQuery, demand_version, named
from digest.web.api.problem import Problem
from digest.web.api.words import Count, FieldValue, Moment, Version, Words

#: What takes two articles: which belong together, and which do not.
_PAIRS = ("merge", "split")


class Correction(Shown):
    """One decision of an editor that holds."""

    number: Count = Field(description="Takes it back.")
    what: What
    keys: tuple[str, ...]
    text: str = Field(description="The new headline, of a `retitle`.")
    who: str
    at: Moment


class Corrections(Shown):
    """The decisions that hold, the oldest first."""

    corrections: tuple[Correction, ...]


class NewCorrection(Given):
    """What is to be otherwise in an edition."""

    what: Literal["pin", "drop", "merge", "split", "retitle", "order"] = Field(
        description="`order` takes the keys of stories, the lead story first; `merge` and `split` take two; "
        "`drop` leaves out a story by its key, with all its reports, or one report by its own."
    )
    keys: Annotated[tuple[Words, ...], Field(min_length=1, max_length=200)] = Field(
        description="Of stories or of their articles, as the edition has them."
    )
    text: FieldValue = Field("", description="The new headline, for `retitle`.")
    version: Version | None = Field(None, description="Refused with 409 where the edition has another one by now.")


def endpoints() -> list[Endpoint]:
    """Return what can be asked of corrections."""
    every, write = f"{ONE}/corrections", "editions:write"
    return [
        Endpoint("GET", every, "editions:read", "Read the corrections to an edition that hold.", read,
                 {200: Corrections}, query=SlotQuery, faults=(404,)),
        Endpoint("POST", every, write, "Correct an edition: it is composed anew with what was decided.", make,
                 {200: Edition}, query=SlotQuery, body=NewCorrection, faults=(404, 409, 422)),
        Endpoint("DELETE", f"{every}/{{number}}", write, "Take a correction back.", undo,
                 {200: Edition}, query=SlotQuery, faults=(404, 409, 422)),
    ]  # fmt: skip


def read(call: Call) -> Answer:
    """Return the corrections that hold."""
    found = call.desk.app.store.corrections.history(named(call).id)
    return Answer(200, Corrections(corrections=tuple(map(_shown, found))))


def make(call: Call) -> Answer:
    """Keep a correction, and show the edition composed anew with it."""
    wanted: NewCorrection = call.body
    stored, app = named(call, to_change=True), call.desk.app
    demand_version(stored, wanted.version)
    if wanted.what in _PAIRS and len(wanted.keys) != len(_PAIRS):
        raise Problem(422, f"keys: {wanted.what} takes two")
    who, now = call.who, call.by["at"]
    with call.recording(f"edition: {wanted.what}", stored.id) as acting:
        editing.correct_edition(acting, stored.id, wanted.what, wanted.keys, who=who, now=now, text=wanted.text)
    return Answer(200, whole(app, app.store.editions.get(stored.id)))


def undo(call: Call) -> Answer:
    """Take a correction back, and show the edition composed anew without it."""
    stored, app, number = named(call, to_change=True), call.desk.app, call.path["number"]
    if number not in {str(each.id) for each in app.store.corrections.history(stored.id)}:
        raise Problem(404, f"there is no correction {number} to {stored.id}")
    with call.recording("edition: correction taken back", stored.id) as acting:
        editing.undo(acting, stored.id, int(number))
    return Answer(200, whole(app, app.store.editions.get(stored.id)))


def _shown(one: Decision) -> Correction:
    return Correction(number=one.id, what=one.what, keys=one.keys, text=one.text, who=one.who, at=one.at)
