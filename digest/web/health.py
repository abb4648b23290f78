"""Signs of life, for a supervisor and for the send that checks its own links; shows nothing personal."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from digest.errors import StoreError
from digest.pipeline.app import App
from digest.pipeline.wayout import WELL_KNOWN, installation


def routes(app: App) -> list[BaseRoute]:
    """Return the routes of health and identity."""

    def alive(_request: Request) -> Response:
        return PlainTextResponse("ok")

    def ready(_request: Request) -> Response:
        try:
            app.store.meta.get("installation")
        except StoreError as error:
            return PlainTextResponse(f"store: {error}", status_code=503)
        return PlainTextResponse("ok")

    def who(_request: Request) -> Response:
        return PlainTextResponse(installation(app))

    return [Route("/healthz", alive), Route("/readyz", ready), Route(WELL_KNOWN, who)]
