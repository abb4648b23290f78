"""The door of the JSON API: who asks, with which token, how often, and whether the request is as described.

Only the ``Authorization`` header lets anybody in. A cookie opens nothing here, so no other site can use somebody's
browser to ask, and no form needs a mark.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
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
from subscribers.web.rate import Rate

log = structlog.get_logger()

#: Bytes of a body at most: a person with a thousand fields has less.
MOST_BYTES = 1_000_000
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
                body = await _body(request)
                response = await run_in_threadpool(self._answer, request, body, by_method)
            except Problem as problem:
                response = problem.answer()
            response.headers["cache-control"] = "no-store"
            return response

        return handled

    def _answer(self, request: Request, body: bytes, by_method: Mapping[str, Endpoint]) -> Response:
        endpoint = by_method.get("GET" if request.method == "HEAD" else request.method)
        if endpoint is None:
            allowed = ", ".join(sorted(by_method))
            raise Problem(405, f"this takes {allowed}", headers={"allow": allowed})
        now = self._desk.now()
        token = self._token(request, now)
        _demand_scope(endpoint, token)
        place = request.client.host if request.client else ""
        call = Call(
            self._desk,
            token,
            {"at": now, "how": "api", "source": place, "who": f"token {token.name}"},
            request.path_params,
            _query(endpoint, request),
            _read(endpoint, request, body),
        )
        return _carefully(endpoint, call)

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


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise Problem(413, f"a body has at most {MOST_BYTES:,} bytes")
    return body


def _query(endpoint: Endpoint, request: Request) -> object:
    values = request.query_params.multi_items()
    names = [name for name, _ in values]
    if twice := {name for name in names if names.count(name) > 1}:
        raise Problem(400, f"{min(twice)}: given more than once", [Fault(where=f"query.{min(twice)}", what="once")])
    try:
        # Words of an address are text: a number or a date among them is read from it.
        return endpoint.query.model_validate_strings(dict(values), strict=False)
    except ValidationError as fault:
        raise _unfit("query", fault) from fault


def _read(endpoint: Endpoint, request: Request, body: bytes) -> object:
    if endpoint.body is None:
        if body:
            raise Problem(400, "this takes no body")
        return None
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Problem(415, f"send JSON and say so: content-type application/json, not {kind or 'none'}")
    try:
        return endpoint.body.model_validate_json(body)
    except ValidationError as fault:
        raise _unfit("body", fault) from fault


def _unfit(where: str, fault: ValidationError) -> Problem:
    faults = [
        Fault(where=".".join([where, *map(str, each["loc"])]), what=each["msg"])
        for each in fault.errors(include_url=False, include_input=False, include_context=False)
    ]
    return Problem(400, f"the {where} does not fit: {faults[0].where}: {faults[0].what}", faults[:20])
