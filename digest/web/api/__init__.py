"""The JSON API: lists, subscribers, editions, sends, for programs that show a token."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from digest.pipeline.desk import Desk
from digest.web.admin.sendings import Sendings
from digest.web.api import corrections, editions, lists, people, subscriptions
from digest.web.api.compositions import CompositionEndpoints
from digest.web.api.door import Door, Pace
from digest.web.api.endpoint import Endpoint
from digest.web.api.imports import ImportEndpoints
from digest.web.api.openapi import description
from digest.web.api.problem import Problem
from digest.web.api.sends import SendEndpoints


def endpoints(sendings: Sendings) -> list[Endpoint]:
    """Return everything that can be asked."""
    return [
        *lists.endpoints(),
        *people.endpoints(),
        *subscriptions.endpoints(),
        *ImportEndpoints().endpoints(),
        *editions.endpoints(),
        *corrections.endpoints(),
        *CompositionEndpoints().endpoints(),
        *SendEndpoints(sendings).endpoints(),
    ]


def routes(desk: Desk, sendings: Sendings, pace: Pace | None = None) -> list[BaseRoute]:
    """Return the routes of the API and of its description."""
    every = endpoints(sendings)
    door = Door(desk, pace or Pace())

    @cache
    def told() -> str:
        return document(every)

    def describe(_request: Request) -> Response:
        return Response(told(), media_type="application/json")

    def nothing(request: Request) -> Response:
        return Problem(404, f"there is nothing at {request.url.path}").answer()

    by_path: dict[str, list[Endpoint]] = {}
    for each in every:
        by_path.setdefault(each.path, []).append(each)
    return [
        Route("/api/openapi.json", describe, methods=["GET"]),
        *(Route(f"/api{path}", door.handler(group), methods=METHODS) for path, group in by_path.items()),
        Route("/api/{rest:path}", nothing, methods=METHODS),
    ]


#: Every method is answered by us, so that one which is not there is told of like any other problem.
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "QUERY"]


def document(every: Sequence[Endpoint]) -> str:
    """Return the description as JSON."""
    return json.dumps(description(every), ensure_ascii=False, indent=2) + "\n"
