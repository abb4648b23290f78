"""What a request carries: read to its limit, and checked against what the endpoint takes; knows no token."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pydantic import ValidationError
from starlette.requests import Request

from digest.web.api.endpoint import Endpoint
from digest.web.api.problem import Fault, Problem
from subscribers import workplace

#: Bytes of a body at most: a person with a thousand fields has less.
MOST_BYTES = 1_000_000
#: Bytes of a file at most: one of a million people has about 60 MB.
MOST_OF_A_FILE = 200_000_000


@asynccontextmanager
async def taken_in(endpoint: Endpoint, request: Request) -> AsyncIterator[object]:
    """Give the body as the endpoint's model, or the path of a file that is there for as long; raise Problem."""
    if not endpoint.file:
        yield _read(endpoint, request, b"".join([piece async for piece in _pieces(request, MOST_BYTES)]))
        return
    _demand_kind(request, endpoint.file)
    with workplace() as folder:
        path = folder / "body"
        with path.open("wb") as out:
            async for piece in _pieces(request, MOST_OF_A_FILE):
                out.write(piece)
            if not out.tell():
                raise Problem(422, "the file is empty; send it as the body")
        yield path


async def _pieces(request: Request, most: int) -> AsyncIterator[bytes]:
    """Yield a body as it comes; raise Problem where it is too large, before any of it where it says so itself."""
    length = request.headers.get("content-length", "")
    left = most - (int(length) if length.isascii() and length.isdigit() and len(length) < len(str(most)) + 2 else 0)
    too_large = Problem(413, f"this takes at most {most:,} bytes")
    if left < 0:
        raise too_large
    read = 0
    async for piece in request.stream():
        read += len(piece)
        if read > most:
            raise too_large
        yield piece


def _demand_kind(request: Request, kinds: tuple[str, ...]) -> None:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in kinds:
        raise Problem(415, f"send it as {' or '.join(kinds)} and say so by content-type, not {kind or 'none'}")


def _read(endpoint: Endpoint, request: Request, body: bytes) -> object:
    if endpoint.body is None:
        if body:
            raise Problem(400, "this takes no body")
        return None
    _demand_kind(request, ("application/json",))
    try:
        return endpoint.body.model_validate_json(body)
    except ValidationError as fault:
        raise unfit("body", fault) from fault


def unfit(where: str, fault: ValidationError) -> Problem:
    """Return what is told of a query or a body that is not as described."""
    faults = [
        Fault(where=".".join([where, *map(str, each["loc"])]), what=each["msg"])
        for each in fault.errors(include_url=False, include_input=False, include_context=False)
    ]
    return Problem(400, f"the {where} does not fit: {faults[0].where}: {faults[0].what}", faults[:20])
