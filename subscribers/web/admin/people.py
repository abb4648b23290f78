"""People: searched, filtered, listed, and many changed at once; knows no rule about any of them."""

from __future__ import annotations

from functools import partial

from starlette.responses import RedirectResponse, Response

from subscribers import roster
from subscribers.desk import Desk
from subscribers.errors import QueryFault
from subscribers.web.admin import bulk, finding, listing
from subscribers.web.admin.asked import Asked, Page
from subscribers.web.admin.bulk import ACTS, Order
from subscribers.web.admin.finding import STATES, Wanted
from subscribers.web.admin.jobs import Jobs
from subscribers.web.numbers import number_of


class PeoplePages:
    """The page that finds people, and what can be done with those found."""

    def __init__(self, desk: Desk, jobs: Jobs) -> None:
        self._desk, self._jobs = desk, jobs

    def pages(self) -> list[Page]:
        """Return the pages."""
        return [
            Page("GET", "/people", "viewer", self.show),
            Page("POST", "/people/act", "editor", self.act, lists=("list", "to")),
            Page("GET", "/jobs/{job}", "editor", self.watch),
        ]

    def show(self, asked: Asked) -> Response:
        """Show those wanted; as a fragment, their lines alone."""
        wanted = Wanted.of(asked.request.query_params, asked.reach)
        after = asked.query("after")
        with self._desk.read() as conn:
            found = finding.find(conn, wanted, after)
            slugs = asked.reach.of(roster.slugs(conn))
            tags = () if asked.is_fragment else listing.tag_names(conn, asked.reach)
        is_more = asked.is_fragment and bool(after)
        return asked.show(
            "people-lines" if asked.is_fragment else "people",
            found=found,
            wanted=wanted,
            slugs=slugs,
            tags=tags,
            states=STATES,
            after=after,
            is_more=is_more,
        )

    def act(self, asked: Asked) -> Response:
        """Begin to do something with the people chosen, or with all that are wanted."""
        act = asked.word("act")
        if act not in ACTS:
            raise QueryFault("choose what to do")
        is_all = asked.word("all") == "yes"
        chosen = tuple(number for word in asked.words("person") if (number := number_of(word)) is not None)
        if not is_all and not chosen:
            raise QueryFault("choose some people first")
        wanted = Wanted.of({name: asked.word(name) for name in ("text", "list", "state", "tag")}, asked.reach)
        value = asked.word("to") if act in ("remove", "add", "move") else asked.word("tag_name")
        order = Order(act, value, wanted, () if is_all else chosen)
        with self._desk.read() as conn:
            bulk.demand_order(conn, order)
        work = partial(bulk.carry_out, self._desk, order, asked.by)
        job = self._jobs.start(TITLES[act], f"/admin/people?{wanted.query}", asked.who, work)
        return RedirectResponse(f"/admin/jobs/{job.id}", 303)

    def watch(self, asked: Asked) -> Response:
        """Show how far a piece of work is."""
        job = self._jobs.get(asked.part("job"))
        if job is None or not (asked.reach.is_whole or job.who == asked.who):
            raise QueryFault("that work is not known any more; the log tells what was done")
        return asked.show("job-state" if asked.is_fragment else "job", job=job)


#: What a piece of work is called while it is watched.
TITLES = {
    "tag": "Tagging people",
    "untag": "Taking a tag off people",
    "suppress": "Suppressing people",
    "remove": "Taking people off a list",
    "add": "Adding people to a list",
    "move": "Moving people to another list",
}
