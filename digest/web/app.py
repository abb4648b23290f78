"""The web application, assembled from its routes; knows no page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from digest.pipeline.app import App
from digest.pipeline.desk import Desk
from digest.web import admin, api, archive, events, health, metrics
from digest.web.admin.sendings import Sendings
from subscribers.web import routes as readers_routes

log = structlog.get_logger()

#: What every answer carries. Feed text is shown on these pages, so nothing of it may run, frame or load.
SECURITY_HEADERS = {
    b"content-security-policy": (
        b"default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' https: data:; "
        b"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-opener-policy": b"same-origin",
}


def make_app(app: App) -> Starlette:
    """Return the ASGI application of an installation."""
    desk, sendings = Desk(app), Sendings(app)
    routes = [
        *health.routes(app),
        *metrics.routes(app),
        *archive.routes(app),
        *events.routes(app),
        *readers_routes(desk),
        *api.routes(desk, sendings),
        *admin.routes(desk, sendings),
    ]

    def not_found(request: Request, _fault: Exception) -> Response:
        wants_page = request.method in {"GET", "HEAD"} and "text/html" in request.headers.get("accept", "")
        return archive.nothing_here(app, "page") if wants_page else PlainTextResponse("Not Found", status_code=404)

    return Starlette(
        routes=routes,
        middleware=[Middleware(SecurityHeaders), Middleware(ProxyWatch), Middleware(AddressWatch)],
        exception_handlers={404: not_found},
    )


class SecurityHeaders:
    """Adds the headers that keep other people's text harmless, where a page has not set its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, with the headers added to the start of each answer."""
        await self.app(scope, receive, _with_headers(send))


class AddressWatch:
    """Reads a NUL in an address as U+FFFD, as HTML does (HTML §13.2.5): PostgreSQL cannot be asked for one."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; nothing is called so, and each page says in its own way what is not there."""
        if scope["type"] == "http" and ("\x00" in scope["path"] or b"%00" in scope["query_string"]):
            query = scope["query_string"].replace(b"%00", b"%EF%BF%BD")
            scope = {**scope, "path": scope["path"].replace("\x00", "\ufffd"), "query_string": query}
        await self.app(scope, receive, send)


class ProxyWatch:
    """Tells the log, once, of a proxy that speaks for others and is not believed: all its visitors count as one."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._is_told = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on."""
        if scope["type"] == "http" and not self._is_told and (proxy := _unbelieved(scope)):
            self._is_told = True
            log.warning("proxy_not_believed", proxy=proxy)
        await self.app(scope, receive, send)


def _unbelieved(scope: Scope) -> str:
    """Return the address of a proxy whose word was not taken: uvicorn gives whom it takes it from no port."""
    host, port = scope.get("client") or ("", 0)
    return host if port and any(name == b"x-forwarded-for" for name, _ in scope["headers"]) else ""


def _with_headers(send: Send) -> Callable[[Message], Awaitable[None]]:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            there = {name.lower() for name, _ in message["headers"]}
            missing = [(name, value) for name, value in SECURITY_HEADERS.items() if name not in there]
            message["headers"] = [*message["headers"], *missing]
        await send(message)

    return sending
