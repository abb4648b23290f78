"""What goes wrong, as RFC 9457 has programs told; knows no resource."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Literal

from pydantic import BaseModel, Field
from starlette.responses import Response

from digest.errors import (
    BroadsheetError,
    EditionConflict,
    EditionHeld,
    NothingToSend,
    ProviderError,
    StoreError,
    UsageError,
)
from subscribers import ListInUse, RosterError, UnknownSubscriber

KIND = "application/problem+json"

#: The statuses that a request may end with, and what each means here.
MEANINGS = {
    400: "The request is not as the description has it",
    401: "A token is needed",
    403: "The token does not open this",
    404: "There is no such thing",
    405: "That cannot be done with this",
    409: "It does not fit how things stand",
    413: "The body is too large",
    415: "The body is no JSON",
    422: "The request is well formed and cannot be carried out",
    429: "Too many requests",
    500: "A fault here",
    503: "The store or the provider is not to be had just now",
}

#: Which of our errors ends how; the first that fits.
STATUSES: tuple[tuple[type[Exception], int], ...] = (
    (UnknownSubscriber, 404),
    (ListInUse, 409),
    (RosterError, 422),
    (EditionConflict, 409),
    (EditionHeld, 409),
    (NothingToSend, 409),
    (UsageError, 422),
    (StoreError, 503),
    (ProviderError, 503),
    (BroadsheetError, 500),
)


class Fault(BaseModel):
    """One thing in a request that is not as it should be."""

    where: str = Field(description="In the body, the query or the path, parted by dots.")
    what: str


class ProblemDetails(BaseModel):
    """A problem as RFC 9457 has it told."""

    type: Literal["about:blank"] = Field(description="The status tells the kind of problem, the detail the rest.")
    title: str
    status: int
    detail: str
    faults: tuple[Fault, ...] = ()


class Problem(Exception):
    """The request ends here."""

    def __init__(
        self, status: int, detail: str, faults: Sequence[Fault] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.faults, self.headers = status, detail, tuple(faults), dict(headers or {})

    def answer(self) -> Response:
        """Return it as an answer."""
        told = ProblemDetails(
            # RFC 9457 §4.2.1: the status says what kind of problem it is, the detail the rest.
            type="about:blank",
            title=HTTPStatus(self.status).phrase,
            status=self.status,
            detail=self.detail,
            faults=self.faults,
        )
        return Response(told.model_dump_json(), self.status, self.headers, KIND)


def problem_of(fault: Exception) -> Problem | None:
    """Return the problem that one of our errors is, None for one that is none of ours."""
    status = next((status for kind, status in STATUSES if isinstance(fault, kind)), None)
    return None if status is None else Problem(status, str(fault))
