"""The unsubscribe page and its one-click answer; a GET never changes anything (RFC 8058 §3.2)."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from subscribers import audit, roster
from subscribers.address import masked
from subscribers.consent import Claim
from subscribers.desk import Desk
from subscribers.errors import LinkFault
from subscribers.model import Subscriber
from subscribers.web.answers import Page, by_reader, form_of, in_thread, newsletter_named, root_of

#: The answers to the one question asked; kept as these words, never as free text.
WHYS = ("too often", "not for me", "never asked", "other")


class Leaving:
    """Serves ``/u/{token}``."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """Return the page, its act and its question."""
        return [
            Route("/u/{token}", self.show, methods=["GET"]),
            Route("/u/{token}", self.leave, methods=["POST"]),
            Route("/u/{token}/why", self.why, methods=["POST"]),
            Route("/u/{token}/back", self.back, methods=["POST"]),
        ]

    def show(self, request: Request) -> Response:
        """Ask whether to leave; mail scanners follow links, so this changes nothing."""
        claim, page = self._opened(request)
        if claim is None:
            return page.message("link_title", "link_text", status=404)
        with self._desk.read() as conn:
            found = roster.by_public_id(conn, claim.public_id)
        return page.answer("leave", address=masked(found.address) if found else "")

    def leave(self, request: Request) -> Response:
        """Take the reader off every list that feeds the newsletter; needs no cookie, session or body."""
        claim, page = self._opened(request)
        if claim is None:
            return page.message("link_title", "link_text", status=404)
        by = by_reader(self._desk, request, "link")
        newsletter = newsletter_named(self._desk, claim.scope)
        with self._desk.begin() as conn:
            found = roster.by_public_id(conn, claim.public_id)
            if found is not None and newsletter is not None:
                roster.unsubscribe(conn, found.id, newsletter.lists, **by)
            elif found is not None:
                # The newsletter of an old mail is no more: leaving then means all that is left.
                roster.unsubscribe_everywhere(conn, found.id, **by)
        return page.answer("left", whys=WHYS, token=request.path_params["token"])

    async def why(self, request: Request) -> Response:
        """Write down the answer to the one question."""
        said = (await form_of(request)).get("why", [""])[0]
        claim, page = self._opened(request)
        if claim is not None and said in WHYS:
            await in_thread(self._note, request, claim, said)
        return page.message("thanks_title", "thanks_text")

    def back(self, request: Request) -> Response:
        """Let someone come back who left by mistake: a mail asks them to confirm."""
        claim, page = self._opened(request)
        newsletter = newsletter_named(self._desk, claim.scope) if claim else None
        if claim is None or newsletter is None or not newsletter.lists:
            return page.message("link_title", "link_text", status=404)
        with self._desk.begin() as conn:
            found = roster.by_public_id(conn, claim.public_id)
            if found is not None:
                by = by_reader(self._desk, request, "link")
                roster.add(conn, newsletter.lists[0], found.address, **by)
        return page.message("look_title", "look_text", newsletter=newsletter.title)

    def _note(self, request: Request, claim: Claim, said: str) -> None:
        with self._desk.begin() as conn:
            found: Subscriber | None = roster.by_public_id(conn, claim.public_id)
            if found is not None:
                by = by_reader(self._desk, request, "link")
                audit.write(conn, "said why they left", subscriber_id=found.id, detail=said, **by)

    def _opened(self, request: Request) -> tuple[Claim | None, Page]:
        try:
            claim = self._desk.ring.verify(request.path_params["token"], "unsubscribe")
        except LinkFault:
            return None, Page(self._desk, None, root_of(request))
        return claim, Page(self._desk, newsletter_named(self._desk, claim.scope), root_of(request))
