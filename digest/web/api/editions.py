"""Editions, as programs see them: read, looked at, decided on, given a time; the rules are the pipeline's."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Literal

from pydantic import AwareDatetime, Field

from digest.pipeline import appointing, editing
from digest.pipeline.publishing import send_edition_as_test
from digest.pipeline.rendering import sample_recipient
from digest.render.check import faults
from digest.render.fitting import size
from digest.render.slots import fill, fill_html
from digest.web.admin.previews import message_for
from digest.web.api.edition import Edition, EditionLine, line, whole
from digest.web.api.endpoint import Answer, Call, Endpoint, Given, Shown
from digest.web.api.naming import ONE, EditionsQuery, SlotQuery, demand_version, named, page
from digest.web.api.problem import Problem
from digest.web.api.words import Address, Count, Version, Words


class Editions(Shown):
    """A page of editions, the newest first."""

    editions: tuple[EditionLine, ...]
    next: str | None = Field(description="Where the next page begins; null where this is the last.")


class WholeQuery(SlotQuery):
    """How much of an edition is told."""

    every_report: bool = Field(
        default=False, description="Also the reports it does not show: the day's articles are grouped anew for it."
    )


class PreviewQuery(SlotQuery):
    """For whom an edition is looked at."""

    sections: Words = Field("", description="As who chose these gets it, parted by commas; empty for the whole.")


class Preview(Shown):
    """An edition as its readers get it."""

    subject: str
    preheader: str
    html: str
    text: str
    bytes: Count = Field(description="Of the HTML as it is mailed; Gmail cuts off what is beyond 102,400.")
    faults: tuple[str, ...] = Field(description="What should be mended before it goes.")


class Decision(Given):
    """What is decided about an edition."""

    decision: Literal["approve", "hold", "skip", "reopen", "recompose"] = Field(
        description="`recompose` takes in the articles that came since, and takes an approval back."
    )
    why: Words = ""
    version: Version | None = Field(None, description="Refused with 409 where the edition has another one by now.")


class Time(Given):
    """When an edition is to go."""

    at: AwareDatetime = Field(description="With its offset from UTC, at most 31 days off.")


class Test(Given):
    """Who gets a test."""

    to: Address


#: What is further off is no time that anybody means, and may be none that a zone can show.
_FAR = timedelta(days=400)


def endpoints() -> list[Endpoint]:
    """Return what can be asked of editions."""
    read_scope, write = "editions:read", "editions:write"
    return [
        Endpoint("GET", "/editions", read_scope, "Read the editions, a page at a time.", read, {200: Editions},
                 query=EditionsQuery, faults=(422,)),
        Endpoint("GET", ONE, read_scope, "Read one edition with its stories.", read_whole, {200: Edition},
                 query=WholeQuery, faults=(404, 422)),
        Endpoint("GET", f"{ONE}/preview", read_scope, "Look at an edition as its readers get it.", preview,
                 {200: Preview}, query=PreviewQuery, faults=(404, 409, 422)),
        Endpoint("POST", f"{ONE}/decision", write, "Approve, hold, skip, reopen an edition, or compose it anew.",
                 decide, {200: Edition}, query=SlotQuery, body=Decision, faults=(404, 409, 422)),
        Endpoint("PUT", f"{ONE}/time", write, "Choose the time at which an edition goes.", choose_time,
                 {200: Edition}, query=SlotQuery, body=Time, faults=(404, 409, 422)),
        Endpoint("DELETE", f"{ONE}/time", write, "Let an edition go with its newsletter again.", give_up_time,
                 {200: Edition}, query=SlotQuery, faults=(404, 422)),
        Endpoint("POST", f"{ONE}/test", "sends:write", "Send an edition to one address, marked as a test.", test,
                 {204: None}, query=SlotQuery, body=Test, faults=(404, 422)),
    ]  # fmt: skip


def read(call: Call) -> Answer:
    """Return a page of editions."""
    query: EditionsQuery = call.query
    found, following = page(call, query, None)
    return Answer(200, Editions(editions=tuple(map(line, found)), next=following))


def read_whole(call: Call) -> Answer:
    """Return one edition, with the reports that it does not show where they are asked for."""
    query: WholeQuery = call.query
    return Answer(200, whole(call.desk.app, named(call), with_unshown=query.every_report))


def read_one(call: Call) -> Answer:
    """Return one edition as it is after an act."""
    return Answer(200, whole(call.desk.app, named(call)))


def preview(call: Call) -> Answer:
    """Return an edition as mail, filled for a reader who is none."""
    query: PreviewQuery = call.query
    stored, app = named(call), call.desk.app
    sections = [name for each in query.sections.split(",") if (name := each.strip())]
    message = message_for(app, stored, sections)
    if message is None:
        raise Problem(409, "who chose only these sections gets no mail: there is no story of them")
    values = dict(sample_recipient(app, "reader@example.org").slots)
    shown = Preview(
        subject=message.subject,
        preheader=message.preheader,
        html=fill_html(message.html, values),
        text=fill(message.text, values),
        bytes=size(message.html),
        faults=faults(message, stored.edition),
    )
    return Answer(200, shown)


def decide(call: Call) -> Answer:
    """Carry a decision out."""
    wanted: Decision = call.body
    stored = named(call, to_change=True)
    demand_version(stored, wanted.version)
    with call.recording(f"edition: {wanted.decision}", stored.id) as app:
        match wanted.decision:
            case "approve":
                editing.approve(app, stored.id, call.who)
            case "hold":
                editing.hold(app, stored.id, wanted.why or f"held by {call.who}")
            case "skip":
                editing.skip(app, stored.id, wanted.why or f"skipped by {call.who}")
            case "reopen":
                editing.reopen(app, stored.id)
            case "recompose":
                editing.recompose(app, stored.id, call.by["at"])
    return read_one(call)


def choose_time(call: Call) -> Answer:
    """Let an edition go at a time of its own."""
    wanted: Time = call.body
    stored = named(call, to_change=True)
    at: datetime = wanted.at
    if abs(at - call.by["at"]) > _FAR:
        raise Problem(422, f"at: choose a time to come, at most {appointing.FURTHEST.days} days off")
    with call.recording("edition: time chosen", f"{stored.id} at {at.isoformat()}") as app:
        appointing.appoint(app, stored.id, at, call.who)
    return read_one(call)


def give_up_time(call: Call) -> Answer:
    """Leave an edition to its newsletter's time."""
    stored = named(call, to_change=True)
    if call.desk.app.store.appointments.of(stored.row) is not None:
        with call.recording("edition: time given up", stored.id) as app:
            appointing.release(app, stored.id)
    return read_one(call)


def test(call: Call) -> Answer:
    """Send a test; it counts for nobody."""
    wanted: Test = call.body
    stored = named(call, to_change=True)
    if "@" not in parseaddr(wanted.to)[1]:
        raise Problem(422, "to: a test needs an address to go to")
    (receipt,) = send_edition_as_test(call.desk.app, stored.edition, wanted.to)
    if receipt.fate != "sent":
        raise Problem(422, f"the test was not sent: {receipt.detail}")
    call.record("test sent", stored.id)
    return Answer(204)
