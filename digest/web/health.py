"""Signs of life, for a supervisor and for the send that checks its own links; shows nothing personal."""

from __future__ import annotations

from datetime import datetime

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from digest.errors import StoreError
from digest.pipeline.app import App
from digest.pipeline.vitals import health_of
from digest.pipeline.wayout import WELL_KNOWN, installation

log = structlog.get_logger()


def routes(app: App) -> list[BaseRoute]:
    """Return the routes of health and identity."""

    def alive(_request: Request) -> Response:
        return PlainTextResponse("ok")

    def ready(_request: Request) -> Response:
        try:
            health = health_of(app, app.clock())
        except StoreError as error:
            log.warning("store_lost", why=str(error))  # where it lies is nobody's business outside
            return PlainTextResponse("store: does not answer; the log says more", status_code=503)
        report = {
            "store": "ok",
            "clock": moment(health.tick),
            "sender": moment(health.look),
            "sent": {name: moment(at) for name, at in sorted(health.vitals.last_sent.items())},
            "provider": moment(health.vitals.last_answer),
            "faults": list(health.faults),
        }
        return JSONResponse(report, status_code=503 if health.faults else 200)

    def who(_request: Request) -> Response:
        return PlainTextResponse(installation(app))

    def moment(at: datetime | None) -> str | None:
        return f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else None

    return [Route("/healthz", alive), Route("/readyz", ready), Route(WELL_KNOWN, who)]
