"""The page behind the link of a confirmation mail: shown by GET, confirmed by POST."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from subscribers import roster
from subscribers.address import masked
from subscribers.consent import Claim
from subscribers.desk import Desk
from subscribers.errors import LinkFault, UnknownList
from subscribers.model import Newsletter
from subscribers.web.answers import Page, by_reader, root_of


class Confirming:
    """Serves ``/confirm/{token}``."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """Return the page and its act."""
        return [
            Route("/confirm/{token}", self.show, methods=["GET"]),
            Route("/confirm/{token}", self.confirm, methods=["POST"]),
        ]

    def show(self, request: Request) -> Response:
        """Ask for one click."""
        claim, page = self._opened(request)
        if claim is None:
            return page.message("link_title", "link_text", status=404)
        with self._desk.read() as conn:
            found = roster.by_public_id(conn, claim.public_id)
        return page.answer("confirm", address=masked(found.address) if found else "", scope=claim.scope)

    def confirm(self, request: Request) -> Response:
        """Confirm the subscription; a second click says the same."""
        claim, page = self._opened(request)
        if claim is None:
            return page.message("link_title", "link_text", status=404)
        by = by_reader(self._desk, request, "link")
        try:
            with self._desk.begin() as conn:
                found = roster.by_public_id(conn, claim.public_id)
                if found is not None:
                    roster.confirm(conn, found.id, claim.scope, **by)
                is_in = found is not None and roster.is_confirmed(conn, found.id, claim.scope)
        except UnknownList:
            is_in = False
        return page.message("welcome_title", "welcome_text") if is_in else page.message("gone_title", "gone_text")

    def _opened(self, request: Request) -> tuple[Claim | None, Page]:
        try:
            claim = self._desk.ring.verify(request.path_params["token"], "confirm")
        except LinkFault:
            return None, Page(self._desk, None, root_of(request))
        return claim, Page(self._desk, self._fed_by(claim.scope), root_of(request))

    def _fed_by(self, list_slug: str) -> Newsletter | None:
        return next((each for each in self._desk.newsletters() if list_slug in each.lists), None)
