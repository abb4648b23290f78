"""Where providers tell what became of mails: signed posts in, an answer without a word about anybody out."""

from __future__ import annotations

from datetime import UTC, datetime

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from digest.pipeline.app import App
from digest.pipeline.events import take_events
from digest.pipeline.people import EventRoster

log = structlog.get_logger()

#: SendGrid posts at most about 768 KB at once; anything far beyond is not SendGrid.
MOST_BYTES = 4_000_000


def routes(app: App) -> list[BaseRoute]:
    """Return the routes of provider events; none where no key is set, for what is not signed proves nothing."""
    if not app.webhook_key:
        return []
    from digest.send.providers.sendgrid_events import Verifier, read

    verifier, people = Verifier(app.webhook_key), EventRoster()

    def taken(body: bytes, headers: dict[str, str]) -> Response:
        now = datetime.now(UTC)
        if not verifier.is_genuine(body, headers, now):
            return PlainTextResponse("not signed by SendGrid, or not just now", status_code=403)
        done = take_events(app.store, read(body), people, now)
        log.info("events_taken", new=done.new, known=done.known, strange=done.strange, suppressed=done.suppressed)
        return PlainTextResponse("ok")

    async def sendgrid(request: Request) -> Response:
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > MOST_BYTES:
                return PlainTextResponse("too large", status_code=413)
        return await run_in_threadpool(taken, body, {name.lower(): value for name, value in request.headers.items()})

    return [Route("/events/sendgrid", sendgrid, methods=["POST"])]
