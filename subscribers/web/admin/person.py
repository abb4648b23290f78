"""One person's page: what is known, what happened, and what can be changed; knows no edition."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Protocol

from sqlalchemy import Connection
from starlette.responses import Response

from subscribers import audit, roster
from subscribers.desk import Desk
from subscribers.errors import QueryFault, UnknownSubscriber
from subscribers.model import Delivery, Reason, Subscriber
from subscribers.reach import Reach
from subscribers.web.admin.asked import Asked, Page, Said


class Deliveries(Protocol):
    """Tells what was sent to somebody; built by the application."""

    def __call__(self, subscriber_id: int, reach: Reach, /) -> tuple[Delivery, ...]:
        """Return what became of the last editions planned for them within reach, newest first."""


class PersonPages:
    """The page of one person, by their public id: an address in a log would tell who they are."""

    def __init__(self, desk: Desk, deliveries: Deliveries) -> None:
        self._desk, self._deliveries = desk, deliveries

    def pages(self) -> list[Page]:
        """Return the pages."""
        return [
            Page("GET", "/people/{person}", "viewer", self.show),
            Page("GET", "/people/{person}/data.json", "editor", self.data, for_all=True),
            Page("POST", "/people/{person}/name", "editor", self.rename),
            Page("POST", "/people/{person}/field", "editor", self.set_field),
            Page("POST", "/people/{person}/tag", "editor", self.tag),
            Page("POST", "/people/{person}/untag", "editor", self.untag),
            Page("POST", "/people/{person}/join", "editor", self.join),
            Page("POST", "/people/{person}/leave", "editor", self.leave),
            Page("POST", "/people/{person}/suppress", "editor", self.suppress),
            Page("POST", "/people/{person}/lift", "editor", self.lift),
            Page("POST", "/people/{person}/forget", "editor", self.forget, for_all=True),
        ]

    def show(self, asked: Asked) -> Response:
        """Show all that is known of one person."""
        with self._desk.read() as conn:
            found = self._one(conn, asked)
            person = asked.reach.within(roster.person(conn, found))
            history = audit.entries(conn, subscriber_id=found.id, limit=50, reach=asked.reach)
            slugs = asked.reach.of(roster.slugs(conn))
        here = {each.list_slug for each in person.subscriptions if each.state != "unsubscribed"}
        return asked.show(
            "person",
            person=person,
            history=history,
            others=[slug for slug in slugs if slug not in here],
            deliveries=self._deliveries(found.id, asked.reach),
        )

    def data(self, asked: Asked) -> Response:
        """Hand over everything kept of one person, as they may ask for."""
        with self._desk.read() as conn:
            data = roster.export_subject(conn, self._one(conn, asked).address, self._desk.deliveries)
        headers = {"content-disposition": 'attachment; filename="person.json"'}
        return Response(json.dumps(data, ensure_ascii=False, indent=2), media_type="application/json", headers=headers)

    def rename(self, asked: Asked) -> Response:
        """Change the name."""
        act = self._changer(asked)
        return act("The name is changed.", lambda conn, one: roster.rename(conn, one, asked.word("name"), **asked.by))

    def set_field(self, asked: Asked) -> Response:
        """Change a field; an empty value takes it away."""
        name = asked.word("field")[:80]
        if not name:
            raise QueryFault("which field? type its name")
        fields = {name: asked.word("value")[:1000]}
        return self._changer(asked)("Saved.", lambda conn, one: roster.set_fields(conn, one, fields, **asked.by))

    def tag(self, asked: Asked) -> Response:
        """Put tags on the person, parted by commas."""
        words = roster.tags_in(asked.word("tag_name"))
        return self._tagged(asked, "tagged", lambda conn, number: roster.put_tags(conn, {number: words}), list(words))

    def untag(self, asked: Asked) -> Response:
        """Take a tag off the person."""
        words = [asked.word("tag_name")]
        return self._tagged(asked, "untagged", lambda conn, number: roster.take_tags(conn, [number], words), words)

    def join(self, asked: Asked) -> Response:
        """Put the person on a list; one who left only by an override, which is recorded."""
        slug, override = asked.word("list"), asked.word("override") == "yes"
        with self._desk.begin() as conn:
            one = self._one(conn, asked)
            if override and roster.is_suppressed(conn, one.address):
                asked.reach.demand_whole()
            status = roster.add(conn, slug, one.address, override=override, **asked.by).status
        says = {
            "added": f"On {slug} now.",
            "pending": "A mail asks them to confirm.",
            "already": f"On {slug} already.",
            "left": "They left that list. Only their own act brings them back, or yours: tick the box that says so.",
            "suppressed": "They must not be written to. Lift the suppression first, or tick the box.",
        }[status]
        return Said(self._address(asked), says, is_fault=status in ("left", "suppressed"))

    def leave(self, asked: Asked) -> Response:
        """Take the person off a list."""
        slug = asked.word("list")
        return self._changer(asked)(f"Taken off {slug}.", lambda conn, one: roster.remove(conn, slug, one, **asked.by))

    def suppress(self, asked: Asked) -> Response:
        """Never write to the person again; who keeps some lists alone says so for those."""
        where = asked.reach.lists or (None,)

        def act(conn: Connection, one: str) -> bool:
            new = [roster.suppress(conn, one, Reason.MANUAL, list_slug=each, **asked.by) for each in where]
            return any(new)

        return self._changer(asked)("Suppressed.", act)

    def lift(self, asked: Asked) -> Response:
        """Let the person be written to again."""
        where = asked.word("list") or None
        if where is None:
            asked.reach.demand_whole()
        act = self._changer(asked)
        return act(
            "They may be written to again.", lambda conn, one: roster.lift(conn, one, list_slug=where, **asked.by)
        )

    def forget(self, asked: Asked) -> Response:
        """Erase the person's data for good."""
        with self._desk.begin() as conn:
            one = self._one(conn, asked)
            if asked.word("address").lower() != one.address.lower():
                raise QueryFault("type the person's address as it stands on the page; nothing was erased")
            roster.forget(conn, one.address, **asked.by)
        return Said("/admin/people", "Their data is erased. A mark stays, so that no import writes to them again.")

    def _changer(self, asked: Asked) -> Callable[[str, Callable[[Connection, str], object]], Response]:
        def change(says: str, act: Callable[[Connection, str], object]) -> Response:
            with self._desk.begin() as conn:
                changed = act(conn, self._one(conn, asked).address)
            return Said(self._address(asked), says if changed else "Nothing to change: it was so already.")

        return change

    def _tagged(self, asked: Asked, what: str, act: Callable[[Connection, int], int], words: list[str]) -> Response:
        with self._desk.begin() as conn:
            one = self._one(conn, asked)
            if act(conn, one.id):
                audit.write(conn, what, subscriber_id=one.id, detail=", ".join(words), **asked.by)
        return Said(self._address(asked), "Saved.")

    def _one(self, conn: Connection, asked: Asked) -> Subscriber:
        found = roster.by_public_id(conn, asked.part("person"))
        if found is None:
            raise UnknownSubscriber("there is no such person, or their data was erased")
        return found

    def _address(self, asked: Asked) -> str:
        return f"/admin/people/{asked.part('person')}"
