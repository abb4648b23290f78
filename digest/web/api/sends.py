"""Sends, as programs see them: begun, watched, stopped, gone on with, made up for; the rules are the pipeline's."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from digest.errors import EditionConflict, StoreError
from digest.model import EditionState
from digest.pipeline import appointing, send
from digest.pipeline.accounting import demand_missed, tally
from digest.pipeline.publishing import count_audience, demand_its_time, demand_ready
from digest.pipeline.wayout import demand_way_out
from digest.store import Store, Stored
from digest.store.editions import split_id
from digest.web.admin.editions import LEFT
from digest.web.admin.sendings import Sendings, resent
from digest.web.api.endpoint import Answer, Call, Endpoint, Given, Shown
from digest.web.api.naming import EditionsQuery, SlotQuery, lists_of, named, page
from digest.web.api.problem import Problem
from digest.web.api.send import ONE, Send, left, place, shown


class Sends(Shown):
    """A page of sends, the newest first."""

    sends: tuple[Send, ...]
    next: str | None = Field(description="Where the next page begins; null where this is the last.")


class NewSend(Given):
    """The edition that is to go."""

    edition: Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]*$", max_length=200)] = Field(
        examples=["daily/2026-03-04"]
    )


class Act(Given):
    """What is to be done with a send."""

    act: Literal["pause", "resume", "cancel"]


class Resend(Given):
    """To whom it goes again, beside those who are known not to have it."""

    accept_duplicates: bool = Field(
        default=False, description="Also to the uncertain, some of whom may get it twice: `uncertain` says how many."
    )


class SendEndpoints:
    """What can be asked of sends; begins them where the admin does, so that both see what is at work."""

    def __init__(self, sendings: Sendings) -> None:
        self._sendings = sendings

    def endpoints(self) -> list[Endpoint]:
        """Return what can be asked."""
        return [
            Endpoint("GET", "/sends", "sends:read", "Read what became of sends, a page at a time.", self.read,
                     {200: Sends}, query=EditionsQuery, faults=(422,)),
            Endpoint("POST", "/sends", "sends:write", "Send an edition to its lists.", self.begin, {202: Send},
                     body=NewSend, faults=(409, 422)),
            Endpoint("GET", ONE, "sends:read", "Read what became of one send.", self.read_one, {200: Send},
                     query=SlotQuery, faults=(404,)),
            Endpoint("PATCH", ONE, "sends:write", "Pause a send, go on with it, or stop it for good.", self.act,
                     {200: Send}, query=SlotQuery, body=Act, faults=(404, 409)),
            Endpoint("POST", f"{ONE}/resend", "sends:write",
                     "Send an edition that is `sent` again to those who are known not to have it.", self.resend,
                     {202: Send}, query=SlotQuery, body=Resend, faults=(404, 409, 422)),
        ]  # fmt: skip

    def read(self, call: Call) -> Answer:
        """Return a page of sends."""
        query: EditionsQuery = call.query
        found, following = page(call, query, LEFT)
        return Answer(200, Sends(sends=tuple(self._shown(call, each) for each in found), next=following))

    def read_one(self, call: Call) -> Answer:
        """Return one send, from the moment it is begun: a thread has yet to plan it then."""
        stored = named(call)
        return Answer(200, self._shown(call, stored if self._sendings.is_working(stored.id) else left(call)))

    def begin(self, call: Call) -> Answer:
        """Begin to send an edition that may go; what stands against it is told before anything is done."""
        wanted: NewSend = call.body
        stored = _wanted(call, wanted.edition)
        newsletter = call.desk.app.newsletter(stored.edition.newsletter)
        demand_ready(newsletter, stored)
        demand_its_time(call.desk.app, stored)
        count_audience(call.desk.app, newsletter.lists)
        demand_way_out(call.desk.app)
        self._sendings.demand_free(stored)
        with call.recording("send begun", stored.id) as app:
            appointing.vouch(app, stored, call.who)
        if not self._sendings.send(stored):
            raise EditionConflict(f"{stored.id} is being sent already")
        return Answer(202, self._shown(call, stored), place(stored))

    def resend(self, call: Call) -> Answer:
        """Begin to send again; what stands against it is told before anything is done."""
        wanted: Resend = call.body
        stored, app = left(call, to_change=True), call.desk.app
        told = tally(app.store, stored.id)
        number = demand_missed(told, accept_duplicates=wanted.accept_duplicates)
        demand_way_out(app)
        self._sendings.demand_free(stored)
        # Written down before: a plan for many keeps the store busy, and the answer would wait for it.
        call.record("send: resend", resent(told, number))
        self._sendings.resend(stored, accept_duplicates=wanted.accept_duplicates)
        return Answer(202, self._shown(call, stored), place(stored))

    def act(self, call: Call) -> Answer:
        """Pause, go on, or stop for good."""
        wanted: Act = call.body
        stored = left(call, to_change=True)
        now, who = call.by["at"], call.who
        if wanted.act == "resume":
            self._demand_held_up(call.desk.app.store, stored)
        with call.recording(f"send: {wanted.act}", stored.id) as app:
            match wanted.act:
                case "pause":
                    send.pause(app.store, stored.id, now, f"paused by {who}")
                case "resume":
                    appointing.vouch(app, stored, who)  # where it was never planned
                    send.go_on(app.store, stored.id, now)
                case "cancel":
                    send.cancel(app.store, stored.id, now, f"cancelled by {who}")
        if wanted.act == "resume":  # a thread does it, and others that send where this process dies
            self._resume(stored)
        return self.read_one(call)

    def _resume(self, stored: Stored) -> None:
        if stored.state is EditionState.FROZEN:  # its planner died
            self._sendings.send(stored)
        else:
            self._sendings.resume(stored)

    def _demand_held_up(self, store: Store, stored: Stored) -> None:
        if stored.state is not EditionState.FROZEN and not self._is_held_up(store, stored):
            raise EditionConflict(f"{stored.id} is {stored.state}, and nothing holds it up")

    def _is_held_up(self, store: Store, stored: Stored) -> bool:
        if stored.state is EditionState.PAUSED or self._sendings.is_left(stored.id, stored.state):
            return True
        return self._sendings.is_cut_short(tally(store, stored.id))

    def _shown(self, call: Call, stored: Stored) -> Send:
        return shown(call.desk.app, self._sendings, stored)


def _wanted(call: Call, edition: str) -> Stored:
    """Return the edition that a body names; raise Problem where it is not there, or not within reach."""
    nowhere = Problem(422, f"there is no edition {edition}")
    try:
        newsletter, day, slot = split_id(edition)
    except StoreError as fault:
        raise nowhere from fault
    stored = call.desk.app.store.editions.find(newsletter, day, slot)
    lists = lists_of(call, newsletter)
    if stored is None or not call.reach.touches(lists):
        raise nowhere
    if not call.reach.covers(lists):
        raise Problem(403, f"{newsletter} goes to lists beyond the token's too")
    return stored
