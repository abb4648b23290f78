"""Lists, as programs see them: read, made, changed, deleted; the rules are the roster's."""

from __future__ import annotations

from collections.abc import Collection

from pydantic import Field

from digest.web.api.endpoint import Answer, Call, Endpoint, Given, PageQuery, Shown, cursor, place_of
from digest.web.api.problem import Problem
from digest.web.api.words import Count, Slug, Words
from subscribers import ListSummary, OptIn, UnknownList, roster


class List(Shown):
    """A list and how many people are on it, by state."""

    list: str = Field(description="Its short name.")
    title: str
    opt_in: OptIn = Field(description="Whether a mail asks people to confirm.")
    confirmed: Count
    unconfirmed: Count
    unsubscribed: Count
    suppressed: Count = Field(description="Of the confirmed, those who get no mail all the same.")


class Lists(Shown):
    """A page of lists, by their short names."""

    lists: tuple[List, ...]
    next: str | None = Field(description="Where the next page begins; null where this is the last.")


class NewList(Given):
    """A list to be made."""

    list: Slug
    title: Words = ""
    opt_in: OptIn = "double"


class ListChanges(Given):
    """What is to be otherwise; what is not named stays."""

    title: Words | None = Field(None, description="Empty for the short name.")
    opt_in: OptIn | None = Field(None, description="How people join from now on; who is on the list stays.")


class Deleted(Shown):
    """A list that is no more."""

    list: str
    left: Count = Field(description="How many people were on it.")


def endpoints() -> list[Endpoint]:
    """Return what can be asked of lists."""
    return [
        Endpoint("GET", "/lists", "lists:read", "Read the lists, a page at a time.", read, {200: Lists},
                 query=PageQuery, faults=(422,)),
        Endpoint("POST", "/lists", "lists:write", "Make a list.", make, {201: List}, body=NewList, faults=(409, 422),
                 for_all=True),
        Endpoint("GET", "/lists/{list}", "lists:read", "Read one list.", read_one, {200: List}, faults=(404,)),
        Endpoint("PATCH", "/lists/{list}", "lists:write", "Change a list's title, or how people join it.", change,
                 {200: List}, body=ListChanges, faults=(404,)),
        Endpoint("DELETE", "/lists/{list}", "lists:delete",
                 "Delete a list that no newsletter goes to: everyone leaves it, and an import brings nobody back.",
                 delete, {200: Deleted}, faults=(404, 409), for_all=True),
    ]  # fmt: skip


def read(call: Call) -> Answer:
    """Return a page of the lists within reach."""
    query: PageQuery = call.query
    place = place_of(query.after)
    with call.desk.read() as connection:
        found = [slug for slug in roster.slugs(connection) if slug > place and call.reach.holds(slug)]
    page = found[: query.limit]
    return Answer(200, Lists(lists=_counted(call, page), next=cursor(page[-1]) if len(found) > len(page) else None))


def read_one(call: Call) -> Answer:
    """Return one list."""
    slug = call.path["list"]
    found = _counted(call, [slug] if call.reach.holds(slug) else [])
    if not found:
        raise _no_list(slug)
    return Answer(200, found[0])


def make(call: Call) -> Answer:
    """Make a list."""
    wanted: NewList = call.body
    with call.desk.begin() as connection:
        if wanted.list in roster.slugs(connection):
            raise Problem(409, f'there is a list "{wanted.list}" already')
        roster.ensure_list(
            connection, wanted.list, title=wanted.title, opt_in=wanted.opt_in, at=call.by["at"], by=call.by
        )
    (made,) = _counted(call, [wanted.list])
    return Answer(201, made, {"location": f"/api/lists/{wanted.list}"})


def change(call: Call) -> Answer:
    """Change a list."""
    wanted: ListChanges = call.body
    read_one(call)  # one that is not there, or out of reach, ends here
    slug = call.path["list"]
    with call.desk.begin() as connection:
        roster.change_list(connection, slug, title=wanted.title, opt_in=wanted.opt_in, **call.by)
    return read_one(call)


def delete(call: Call) -> Answer:
    """Delete a list; the people, the record and what was sent stay."""
    slug = call.path["list"]
    with call.desk.begin() as connection:
        try:
            left = roster.delete_list(connection, slug, call.desk.newsletters(), call.desk.deliveries, **call.by)
        except UnknownList as fault:
            raise _no_list(slug) from fault
    return Answer(200, Deleted(list=slug, left=left))


def _counted(call: Call, slugs: Collection[str]) -> tuple[List, ...]:
    """Return some lists with their people: to count those of lists that nobody asked for takes its time."""
    with call.desk.read() as connection:
        return tuple(map(_shown, roster.lists(connection, slugs)))


def _shown(one: ListSummary) -> List:
    return List(
        list=one.slug,
        title=one.title,
        opt_in=one.opt_in,
        confirmed=one.confirmed,
        unconfirmed=one.unconfirmed,
        unsubscribed=one.unsubscribed,
        suppressed=one.suppressed,
    )


def _no_list(slug: str) -> Problem:
    return Problem(404, f'there is no list "{slug}"')
