"""Sends an edition again to those who did not get it: first a page that says how many they are, then the act."""

from __future__ import annotations

from starlette.responses import Response

from digest.errors import UsageError
from digest.pipeline import send
from digest.pipeline.accounting import demand_missed, tally
from digest.pipeline.desk import Desk
from digest.pipeline.send import SendReport
from digest.web.admin.naming import address, asked_for, posted
from digest.web.admin.reach import lists_of
from digest.web.admin.recording import record
from digest.web.admin.sendings import Sendings, resent
from subscribers.web.admin.asked import Asked, Page, Said


class ResendPages:
    """The step before, and the act."""

    def __init__(self, desk: Desk, sendings: Sendings) -> None:
        self._desk, self._app, self._sendings = desk, desk.app, sendings

    def pages(self) -> list[Page]:
        """Return both; the step for an edition without and with a slot."""
        paths = ("/resend/{newsletter}/{date}", "/resend/{newsletter}/{date}/{slot}")
        steps = [Page("GET", path, "editor", self.show) for path in paths]
        return [*steps, Page("POST", "/editions/resend", "editor", self.resend)]

    def show(self, asked: Asked) -> Response:
        """Say how many are known not to have it, and of how many nobody knows."""
        stored = asked_for(self._app, asked)
        if not asked.reach.covers(lists_of(self._desk, stored.edition.newsletter)):
            raise UsageError(f"{stored.edition.newsletter} goes to lists that others keep too")
        report = send.report(self._app.store, stored.id)
        demand_missed(report, accept_duplicates=True)
        there = address(stored.id)
        return asked.show("resend", stored=stored, edition=stored.edition, report=report, address=there, here=there)

    def resend(self, asked: Asked) -> Response:
        """Send again to as many as the step said, to the uncertain only where their box is ticked."""
        stored = posted(self._app, asked)
        accepts = asked.word("accept_duplicates") == "yes"
        told = tally(self._app.store, stored.id)
        _demand_seen(asked, told, accepts=accepts)
        number = demand_missed(told, accept_duplicates=accepts)
        self._sendings.demand_free(stored)
        # Written down before: a plan for many keeps the store busy, and the answer would wait for it.
        record(self._desk, asked, "send: resend", resent(told, number))
        self._sendings.resend(stored, accept_duplicates=accepts)
        people = "1 recipient" if number == 1 else f"{number:,} recipients"
        return Said(address(stored.id), f"On its way again to {people}.")


def _demand_seen(asked: Asked, told: SendReport, *, accepts: bool) -> None:
    """Raise UsageError where other people would get it than the step said."""
    names = ("known_missed", "uncertain") if accepts else ("known_missed",)
    if any(asked.word(name) != str(getattr(told, name)) for name in names):
        raise UsageError("The numbers changed while you looked at them. This is how they stand now; try again.")
