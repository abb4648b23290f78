"""Keeps those to their lists who are kept to some: checks what a request names, before any page looks at it.

One place for every page: a list, a person, a newsletter or an edition is named by the same word everywhere, in the
path, the query or the form. What is out of reach is answered like what is not there, so that asking tells nothing.
What a page lists by itself it asks ``Asked.reach`` about.
"""

from __future__ import annotations

from digest.errors import StoreError, UsageError
from digest.pipeline.desk import Desk
from subscribers import Reach
from subscribers.web.admin.asked import Asked, Page
from subscribers.web.numbers import number_of


def demand_reach(desk: Desk, page: Page, asked: Asked) -> None:
    """Raise UnknownList, UnknownSubscriber, StoreError or UsageError for anything named that is out of reach."""
    reach = asked.reach
    if reach.is_whole:
        return
    if page.for_all:
        raise UsageError("This concerns every list; you keep " + ", ".join(reach.lists or ()) + ".")
    for word in page.lists:
        for slug in filter(None, named(asked, word)):
            reach.demand(slug)
    _demand_people(desk, asked)
    demand_newsletters(desk, page, asked)


def _demand_people(desk: Desk, asked: Asked) -> None:
    public_id = asked.request.path_params.get("person")
    chosen = [number for word in asked.words("person") if (number := number_of(word)) is not None]
    with desk.read() as connection:
        if public_id is not None:
            asked.reach.demand_person(connection, str(public_id))
        if chosen:
            asked.reach.demand_people(connection, chosen)


def demand_newsletters(desk: Desk, page: Page, asked: Asked) -> None:
    """Raise StoreError for a newsletter that goes to no list within reach, UsageError for a change of one that
    goes to others too."""
    editions = [name.partition("/")[0] for name in named(asked, "edition")]
    for slug in filter(None, [*named(asked, "newsletter"), *editions]):
        lists = lists_of(desk, slug)
        if not asked.reach.touches(lists):
            raise StoreError(f"no edition of {slug} is there for you")
        if page.method == "POST" and not asked.reach.covers(lists):
            raise UsageError(f"{slug} goes to lists that others keep too; ask somebody who keeps all of them")


def lists_of(desk: Desk, newsletter: str) -> tuple[str, ...]:
    """Return the lists that a newsletter goes to; a newsletter that is gone goes to a list nobody has."""
    return next((each.lists for each in desk.app.newsletters if each.slug == newsletter), ("",))


def named(asked: Asked, word: str) -> list[str]:
    """Return everything that a request names by a word: in its path, its query, its form."""
    in_path = asked.request.path_params.get(word)
    return [
        *([str(in_path)] if in_path is not None else ()),
        *(value.strip() for value in asked.request.query_params.getlist(word)),
        *(value.strip() for value in asked.words(word)),
    ]


def sees_newsletter(desk: Desk, reach: Reach, newsletter: str) -> bool:
    """Tell whether a newsletter goes to a list within reach."""
    return reach.touches(lists_of(desk, newsletter))
