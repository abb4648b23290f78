"""A person's places on lists, and whether they may be written to; the rules are the roster's."""

from __future__ import annotations

from pydantic import Field

from digest.web.api.endpoint import Answer, Call, Endpoint, Given
from digest.web.api.people import Added, the_one
from digest.web.api.person import Subscriber, shown
from digest.web.api.problem import Problem
from digest.web.api.words import Words
from subscribers import Reason, roster


class NewSuppression(Given):
    """Where somebody is never to be written to again."""

    list: Words = Field("", description="Empty for every list.")


class SuppressionQuery(Given):
    """Which suppression is meant."""

    list: Words = Field("", description="Empty for the one for every list.")


def endpoints() -> list[Endpoint]:
    """Return what can be asked of a person's places."""
    place, held, write = "/subscribers/{id}/lists/{list}", "/subscribers/{id}/suppression", "subscribers:write"
    return [
        Endpoint("PUT", place, write, "Put somebody on a list, by its opt-in.", join, {200: Added, 201: Added},
                 faults=(404, 409)),
        Endpoint("DELETE", place, write, "Take somebody off a list.", leave, {204: None}, faults=(404,)),
        Endpoint("POST", held, write, "Never write to somebody again.", suppress, {200: Subscriber},
                 body=NewSuppression, faults=(404, 422)),
        Endpoint("DELETE", held, write, "Let somebody be written to again.", lift, {200: Subscriber},
                 query=SuppressionQuery, faults=(404, 422)),
    ]  # fmt: skip


def join(call: Call) -> Answer:
    """Put a person on a list."""
    with call.desk.begin() as connection:
        found = the_one(connection, call)
        added = roster.add(connection, _list(call), found.address, **call.by)
        if added.status in ("left", "suppressed"):
            raise Problem(409, f"{added.status}: only their own act brings them back, or a person's in the admin")
    with call.desk.read() as connection:
        value = Added(status=added.status, subscriber=shown(connection, found, call.reach))
    return Answer(200 if added.status == "already" else 201, value)


def leave(call: Call) -> Answer:
    """Take a person off a list."""
    with call.desk.begin() as connection:
        found = the_one(connection, call)
        if not roster.remove(connection, _list(call), found.address, **call.by):
            raise Problem(404, f'they are not on "{call.path["list"]}"')
    return Answer(204)


def suppress(call: Call) -> Answer:
    """Never write to a person again, for a list or for all."""
    wanted: NewSuppression = call.body
    where = _where(call, wanted.list)
    with call.desk.begin() as connection:
        found = the_one(connection, call)
        roster.suppress(connection, found.address, Reason.MANUAL, list_slug=where, **call.by)
    with call.desk.read() as connection:
        return Answer(200, shown(connection, found, call.reach))


def lift(call: Call) -> Answer:
    """Let a person be written to again."""
    wanted: SuppressionQuery = call.query
    where = _where(call, wanted.list)
    with call.desk.begin() as connection:
        found = the_one(connection, call)
        if not roster.lift(connection, found.address, list_slug=where, **call.by):
            raise Problem(404, "they are not suppressed there")
    with call.desk.read() as connection:
        return Answer(200, shown(connection, found, call.reach))


def _list(call: Call) -> str:
    """Return the list that the path names; raise Problem for one that is not there, or not within reach."""
    slug = call.path["list"]
    with call.desk.read() as connection:
        if slug not in call.reach.of(roster.slugs(connection)):
            raise Problem(404, f'there is no list "{slug}"')
    return slug


def _where(call: Call, slug: str) -> str | None:
    """Return the list a suppression is for, None for every list, which takes a token for every list."""
    if slug:
        call.reach.demand(slug)
    else:
        call.reach.demand_whole()
    return slug or None
