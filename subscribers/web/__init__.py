"""The pages that readers see: subscribe, confirm, choose, leave; a GET changes nothing."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from subscribers.desk import Desk
from subscribers.web.choosing import Choosing
from subscribers.web.confirming import Confirming
from subscribers.web.leaving import Leaving
from subscribers.web.rate import Rate
from subscribers.web.subscribing import Subscribing


def routes(desk: Desk, *, rate: Rate | None = None) -> list[Route]:
    """Return the readers' pages of an installation, and their stylesheet."""

    def style(_request: Request) -> Response:
        headers = {"cache-control": "max-age=3600", "x-content-type-options": "nosniff"}
        return Response(desk.render("public/readers.css"), media_type="text/css", headers=headers)

    return [
        *Leaving(desk).routes(),
        *Confirming(desk).routes(),
        *Choosing(desk).routes(),
        *Subscribing(desk, rate or Rate()).routes(),
        Route("/readers.css", style, methods=["GET"]),
    ]
