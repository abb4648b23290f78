"""Subscribers, as programs see them: found, added, changed, forgotten; the rules are the roster's."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field
from sqlalchemy import Connection

from digest.web.api.endpoint import Answer, Call, Endpoint, Given, PageQuery, Shown, cursor, place_of
from digest.web.api.person import Subscriber, shown
from digest.web.api.problem import Problem
from digest.web.api.words import Address, Fields, Language, Tag, Words
from subscribers import Subscriber as Known
from subscribers import UnknownSubscriber, audit, roster
from subscribers.web.admin import finding

State = Literal["", "unconfirmed", "confirmed", "unsubscribed", "suppressed"]


class Place(Shown):
    """One person's place on one list, in short."""

    list: str
    state: Literal["unconfirmed", "confirmed", "unsubscribed"]


class Line(Shown):
    """A person, in short."""

    id: str
    address: str
    name: str
    tags: tuple[str, ...]
    subscriptions: tuple[Place, ...]
    suppressed: bool = Field(description="For every list.")


class Subscribers(Shown):
    """A page of people."""

    subscribers: tuple[Line, ...]
    next: str | None = Field(description="Where the next page begins; null where this is the last.")


class PeopleQuery(PageQuery):
    """Which people are asked for."""

    text: Words = Field("", description="A part of an address or a name.")
    list: Words = Field("", description="On this list, in any state unless one is asked for.")
    state: State = ""
    tag: Words = ""


class NewSubscriber(Given):
    """Somebody to be put on a list, by the list's opt-in."""

    address: Address
    list: Words = Field(examples=["weekly"])
    name: Words = ""
    fields: Fields = Field(default={})
    tags: tuple[Tag, ...] = Field((), max_length=20)


class Added(Shown):
    """What came of it."""

    status: Literal["added", "pending", "already"] = Field(
        description="`pending`: a mail asks them to confirm. `already`: they were on the list."
    )
    subscriber: Subscriber


class Changes(Given):
    """What is to be otherwise; what is not named stays."""

    name: Words | None = None
    fields: Fields = Field(default={}, description="An empty value takes one away.")
    add_tags: tuple[Tag, ...] = Field((), max_length=20)
    remove_tags: tuple[Tag, ...] = Field((), max_length=20)
    language: Language | None = Field(None, description="Of mails and pages; empty for the newsletter's own.")
    sections: tuple[Words, ...] | None = Field(
        None, max_length=50, description="The sections wanted, by the names newsletters offer; none for all."
    )
    weekdays_only: bool | None = Field(None, description="No mail on Saturdays and Sundays.")


def endpoints() -> list[Endpoint]:
    """Return what can be asked of people."""
    one, write = "/subscribers/{id}", "subscribers:write"
    return [
        Endpoint("GET", "/subscribers", "subscribers:read", "Find people, a page at a time.", find, {200: Subscribers},
                 query=PeopleQuery, faults=(422,)),
        Endpoint("POST", "/subscribers", write, "Put somebody on a list.", add, {200: Added, 201: Added},
                 body=NewSubscriber, faults=(409, 422)),
        Endpoint("GET", one, "subscribers:read", "Read all that is known of somebody.", read, {200: Subscriber},
                 faults=(404,)),
        Endpoint("PATCH", one, write, "Change what is written down of somebody.", change, {200: Subscriber},
                 body=Changes, faults=(404, 422)),
        Endpoint("DELETE", one, write, "Erase somebody's data for good.", forget, {204: None}, faults=(404,),
                 for_all=True),
    ]  # fmt: skip


def find(call: Call) -> Answer:
    """Return a page of the people wanted."""
    query: PeopleQuery = call.query
    if query.list:
        call.reach.demand(query.list)
    words = {"text": query.text, "list": query.list, "state": query.state, "tag": query.tag}
    place = place_of(query.after)
    with call.desk.read() as connection:
        found = finding.find(connection, finding.Wanted.of(words, call.reach), place, query.limit)
    people = tuple(_line(each) for each in found.people)
    return Answer(200, Subscribers(subscribers=people, next=cursor(found.after) if found.after else None))


def add(call: Call) -> Answer:
    """Put somebody on a list; who left or must not be written to is refused."""
    wanted: NewSubscriber = call.body
    call.reach.demand(wanted.list)
    with call.desk.begin() as connection:
        added = roster.add(connection, wanted.list, wanted.address, name=wanted.name, fields=wanted.fields, **call.by)
        if added.status in ("left", "suppressed"):
            raise Problem(409, _REFUSED[added.status])
        found = roster.by_address(connection, wanted.address)
        assert found is not None  # noqa: S101 - whoever is on a list is known
        if wanted.tags and added.status != "already":
            tag(connection, call, found, wanted.tags)
    with call.desk.read() as connection:
        status = 200 if added.status == "already" else 201
        value = Added(status=added.status, subscriber=shown(connection, found, call.reach))
    return Answer(status, value, {"location": f"/api/subscribers/{found.public_id}"} if status == 201 else {})


_REFUSED = {
    "left": "they left that list; only their own act brings them back, or a person's on the admin's page",
    "suppressed": "they must not be written to",
}


def read(call: Call) -> Answer:
    """Return all that is known of one person, as far as the token reaches."""
    with call.desk.read() as connection:
        return Answer(200, shown(connection, the_one(connection, call), call.reach))


def change(call: Call) -> Answer:
    """Change what is written down of one person."""
    wanted: Changes = call.body
    with call.desk.begin() as connection:
        found = the_one(connection, call)
        if wanted.name is not None:
            roster.rename(connection, found.address, wanted.name, **call.by)
        if wanted.fields:
            roster.set_fields(connection, found.address, wanted.fields, **call.by)
        _prefer(connection, call, found, wanted)
        if wanted.add_tags:
            tag(connection, call, found, wanted.add_tags)
        if wanted.remove_tags and roster.take_tags(connection, [found.id], wanted.remove_tags):
            _recorded(connection, call, found, "untagged", wanted.remove_tags)
    return read(call)


def _prefer(connection: Connection, call: Call, found: Known, wanted: Changes) -> None:
    offered = {name for each in call.desk.newsletters() for name in each.sections}
    if unknown := sorted(set(wanted.sections or ()) - offered):
        raise Problem(422, f'sections: no newsletter has "{unknown[0]}" to choose')
    roster.prefer(
        connection,
        found.id,
        sections=wanted.sections,
        weekdays_only=wanted.weekdays_only,
        language=wanted.language,
        **call.by,
    )


def forget(call: Call) -> Answer:
    """Erase one person's data; a mark stays, so that no import writes to them again."""
    with call.desk.begin() as connection:
        roster.forget(connection, the_one(connection, call).address, **call.by)
    return Answer(204)


def the_one(connection: Connection, call: Call) -> Known:
    """Return the person that an address's path names; raise UnknownSubscriber for nobody, or nobody within reach."""
    found = roster.by_public_id(connection, call.path["id"])
    if found is None:
        raise UnknownSubscriber("there is no such person, or their data was erased")
    call.reach.demand_person(connection, found.public_id)
    return found


def tag(connection: Connection, call: Call, found: Known, words: tuple[str, ...]) -> None:
    """Put tags on a person."""
    if roster.put_tags(connection, {found.id: words}):
        _recorded(connection, call, found, "tagged", words)


def _recorded(connection: Connection, call: Call, found: Known, what: str, words: tuple[str, ...]) -> None:
    audit.write(connection, what, subscriber_id=found.id, detail=", ".join(words), **call.by)


def _line(one: Any) -> Line:
    places = tuple(Place(list=slug, state=state) for slug, state in one.places)
    return Line(
        id=one.public_id,
        address=one.address,
        name=one.name,
        tags=one.tags,
        subscriptions=places,
        suppressed=one.is_suppressed,
    )
