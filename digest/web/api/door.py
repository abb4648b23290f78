"""The door of the JSON API: who asks, with which token, how often, and whether the request is as described.

Only the ``Authorization`` header lets anybody in. A cookie opens nothing here, so no other site can use somebody's
browser to ask, and no form needs a mark.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from digest.pipeline.desk import Desk
from digest.store.tokens import ApiToken
from digest.web.api.endpoint import Call, Endpoint
from digest.web.api.problem import Fault, Problem, problem_of
from digest.web.api.taking import taken_in, unfit
from subscribers import By
from subscribers.web.rate import Rate

log = structlog.get_logger()

_A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Pace:
    """How often may be asked."""

    of_token: Rate = field(default_factory=lambda: Rate(most=600, within=_A_MINUTE))
    of_strangers: Rate = field(default_factory=lambda: Rate(most=30))  #: wrong tokens from one place


class Door:
    """Lets programs in by their token."""

    def __init__(self, desk: Desk, pace: Pace) -> None:
        self._desk, self._pace = desk, pace

    def handler(self, endpoints: Sequence[Endpoint]) -> Callable[[Request], object]:
        """Return what answers every method of one path."""
        by_method: dict[str, Endpoint] = {each.method: each for each in endpoints}

        async def handled(request: Request) -> Response:
            try:
                # Who may not ask is not listened to: nothing of a body is read before.
                call, endpoint = await run_in_threadpool(self._admit, request, by_method)
                async with taken_in(endpoint, request) as body:
                    response = await run_in_threadpool(_carefully, endpoint, replace(call, body=body))
            except Problem as problem:
                response = problem.answer()
            response.headers["cache-control"] = "no-store"
            return response

        return handled

    def _admit(self, request: Request, by_method: Mapping[str, Endpoint]) -> tuple[Call, Endpoint]:
        endpoint = by_method.get("GET" if request.method == "HEAD" else request.method)
        if endpoint is None:
            allowed = ", ".join(sorted(by_method))
            raise Problem(405, f"this takes {allowed}", headers={"allow": allowed})
        now = self._desk.now()
        token = self._token(request, now)
        _demand_scope(endpoint, token)
        place = request.client.host if request.client else ""
        by: By = {"at": now, "how": "api", "source": place, "who": f"token {token.name}"}
        return Call(self._desk, token, by, request.path_params, _query(endpoint, request)), endpoint

    def _token(self, request: Request, now: datetime) -> ApiToken:
        kind, _, given = request.headers.get("authorization", "").partition(" ")
        found = self._desk.app.store.tokens.find(given.strip(), now) if kind.lower() == "bearer" else None
        if found is None:
            place = request.client.host if request.client else ""
            if not self._pace.of_strangers.allows(place, now):
                raise _too_many(self._pace.of_strangers)
            why = "show a token that holds, as Authorization: Bearer bst_…; digest admin token makes one"
            raise Problem(401, why, headers={"www-authenticate": 'Bearer realm="broadsheet"'})
        if not self._pace.of_token.allows(str(found.id), now):
            raise _too_many(self._pace.of_token)
        self._desk.app.store.tokens.note_use(found, now)
        return found


def _too_many(rate: Rate) -> Problem:
    seconds = int(rate.within.total_seconds())
    return Problem(429, f"at most {rate.most} in {seconds} seconds; wait", headers={"retry-after": str(seconds)})


def _demand_scope(endpoint: Endpoint, token: ApiToken) -> None:
    if endpoint.scope not in token.scopes:
        raise Problem(403, f"this needs the scope {endpoint.scope}; the token has {', '.join(token.scopes)}")
    if endpoint.for_all and token.lists is not None:
        raise Problem(403, f"this concerns every list; the token keeps to {', '.join(token.lists)}")


def _carefully(endpoint: Endpoint, call: Call) -> Response:
    try:
        return endpoint.answer(call).response()
    except Problem:
        raise
    except Exception as fault:
        problem = problem_of(fault)
        if problem is None:
            # Told to the server's log alone: what it says is for nobody outside.
            log.exception("api_fault", endpoint=endpoint.name, token=call.token.name)
            problem = Problem(500, "this should not happen; the server's log says more")
        raise problem from fault


def _query(endpoint: Endpoint, request: Request) -> object:
    values = request.query_params.multi_items()
    names = [name for name, _ in values]
    if twice := {name for name in names if names.count(name) > 1}:
        raise Problem(400, f"{min(twice)}: given more than once", [Fault(where=f"query.{min(twice)}", what="once")])
    try:
        # Words of an address are text: a number or a date among them is read from it.
        return endpoint.query.model_validate_strings(dict(values), strict=False)
    except ValidationError as fault:
        raise unfit("query", fault) from fault
