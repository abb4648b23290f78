"""The preferences page: which lists and sections, and whether on weekends; shows nothing of the person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from subscribers import roster
from subscribers.address import masked
from subscribers.consent import Claim
from subscribers.desk import Desk
from subscribers.errors import LinkFault
from subscribers.model import By, Newsletter, State, Subscriber
from subscribers.web.answers import Page, by_reader, form_of, in_thread, newsletter_named, root_of

#: With a single list the way out is the unsubscribe link, so there is no list to choose.
_WORTH_ASKING = 2


class Choosing:
    """Serves ``/preferences/{token}``."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """Return the page and its act."""
        return [
            Route("/preferences/{token}", self.show, methods=["GET"]),
            Route("/preferences/{token}", self.choose, methods=["POST"]),
        ]

    def show(self, request: Request) -> Response:
        """Show the choices as they are."""
        return self._page(request, saved=False)

    async def choose(self, request: Request) -> Response:
        """Write the choices down and show them."""
        form = await form_of(request)
        return await in_thread(self._choose, request, form)

    def _choose(self, request: Request, form: dict[str, list[str]]) -> Response:
        claim, newsletter = self._opened(request)
        if claim is not None and newsletter is not None and form.get("form") == ["choices"]:
            by = by_reader(self._desk, request, "link")
            with self._desk.begin() as conn:
                found = roster.by_public_id(conn, claim.public_id)
                if found is not None:
                    roster.prefer(
                        conn,
                        found.id,
                        sections=sections_kept(found.sections, newsletter.sections, form.get("section", ())),
                        weekdays_only="weekdays_only" in form,
                        zone=zone_chosen(newsletter, form),
                        **by,
                    )
                    self._lists(conn, found, newsletter, form, by)
        return self._page(request, saved=True)

    def _lists(
        self, conn: Connection, found: Subscriber, newsletter: Newsletter, form: dict[str, list[str]], by: By
    ) -> None:
        """Join and leave lists; a form without the question about lists leaves them as they are."""
        if len(newsletter.lists) < _WORTH_ASKING:
            return
        known = roster.slugs(conn)
        for slug in newsletter.lists:
            if slug in form.get("list", ()) and slug in known:
                roster.add(conn, slug, found.address, **by)
            else:
                roster.unsubscribe(conn, found.id, (slug,), **by)

    def _page(self, request: Request, *, saved: bool) -> Response:
        claim, newsletter = self._opened(request)
        page = Page(self._desk, newsletter, root_of(request))
        if claim is None or newsletter is None:
            return page.message("link_title", "link_text", status=404)
        with self._desk.read() as conn:
            found = roster.by_public_id(conn, claim.public_id)
            person = roster.person(conn, found) if found else None
            titles = roster.titles(conn)
        if person is None:
            return page.message("gone_title", "gone_text", status=404)
        states = {each.list_slug: each.state for each in person.subscriptions}
        chosen = set(person.subscriber.sections).intersection(newsletter.sections) or set(newsletter.sections)
        return page.answer(
            "preferences",
            saved=saved,
            address=masked(person.subscriber.address),
            lists=[(slug, titles[slug], states.get(slug)) for slug in newsletter.lists if slug in titles]
            if len(newsletter.lists) >= _WORTH_ASKING
            else [],
            sections=[(name, name in chosen) for name in newsletter.sections],
            weekdays_only=person.subscriber.weekdays_only,
            zones=roster.zone_names() if newsletter.is_in_readers_time else (),
            zone=roster.zone_of(person.subscriber),
            unconfirmed=State.UNCONFIRMED,
            confirmed=State.CONFIRMED,
            leave=self._desk.ring.sign("unsubscribe", claim.public_id, claim.scope),
        )

    def _opened(self, request: Request) -> tuple[Claim | None, Newsletter | None]:
        try:
            claim = self._desk.ring.verify(request.path_params["token"], "preferences")
        except LinkFault:
            return None, None
        return claim, newsletter_named(self._desk, claim.scope)


def zone_chosen(newsletter: Newsletter, form: Mapping[str, Sequence[str]]) -> str | None:
    """Return the time zone chosen, None where it was not asked or is none."""
    named = (*form.get("zone", ()), None)[0]
    is_one = named == "" or named in roster.zone_names()
    return named if newsletter.is_in_readers_time and is_one else None


def sections_kept(before: Sequence[str], offered: Sequence[str], ticked: Sequence[str]) -> tuple[str, ...]:
    """Return the sections to write down: those ticked, and those of other newsletters as they were.

    Who ticks all of them wants whatever there will be, and so does who ticks none: nothing is written down then.
    """
    wanted = [name for name in offered if name in ticked]
    elsewhere = [name for name in before if name not in offered]
    return tuple(elsewhere if len(wanted) == len(offered) else [*elsewhere, *wanted])
