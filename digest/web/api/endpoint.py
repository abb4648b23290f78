"""What can be asked, as values: where, with which scope, what goes in and what comes out; knows no resource."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from digest.pipeline.app import App
from digest.pipeline.desk import Desk
from digest.pipeline.recording import recorded
from digest.store.tokens import ApiToken
from digest.web.api.problem import Problem
from subscribers import By, Reach, audit

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


class Given(BaseModel):
    """What a program sends: nothing in it is guessed at or passed over."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Shown(BaseModel):
    """What a program gets."""

    model_config = ConfigDict(frozen=True)


class Nothing(Given):
    """A query of no words."""


class PageQuery(Given):
    """The words that lead through pages."""

    limit: int = Field(
        50, ge=1, le=200, description="At most so many; a page may have fewer and still not be the last."
    )
    after: str = Field("", max_length=600, description="The `next` of the page before.")


@dataclass(frozen=True, slots=True)
class Call:
    """One request by a program that may make it."""

    desk: Desk
    token: ApiToken
    by: By  #: who acts, when and from where, for the log
    path: Mapping[str, str]  #: the parts of the address
    query: Any  #: of the endpoint's model
    body: Any = None  #: of the endpoint's model, or the Path of a file that is gone after the answer

    @property
    def reach(self) -> Reach:
        """The lists that may be touched."""
        return Reach(self.token.lists)

    @property
    def who(self) -> str:
        """The name under which the log has it."""
        return self.by.get("who", "")

    def recording(self, what: str, detail: str) -> AbstractContextManager[App]:
        """Give the application to do something with: it is kept with its entry in the log, or neither is."""
        return recorded(self.desk.app, self.by, what, detail)

    def record(self, what: str, detail: str) -> None:
        """Add an entry to the log for what the store does not do by itself, such as a mail."""
        with self.desk.begin() as connection:
            audit.write(connection, what, detail=detail, **self.by)


@dataclass(frozen=True, slots=True)
class Answer:
    """What comes of a request."""

    status: int
    value: BaseModel | None = None  #: None for an answer without a body
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        """Return it as it is sent."""
        if self.value is None:
            return Response(status_code=self.status, headers=dict(self.headers))
        return Response(self.value.model_dump_json(), self.status, dict(self.headers), "application/json")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One thing that can be asked."""

    method: Method
    path: str  #: under ``/api``
    scope: str
    summary: str  #: a sentence
    answer: Callable[[Call], Answer]  #: called in a thread
    returns: Mapping[int, type[BaseModel] | None]  #: by status, None for no body
    query: type[Given] = Nothing
    body: type[Given] | None = None
    file: tuple[str, ...] = ()  #: the media types of the file it takes instead of a body, none for no file
    faults: tuple[int, ...] = ()  #: statuses of its own problems, beside those that every endpoint has
    for_all: bool = False  #: goes beyond any list: closed to a token for some

    @property
    def name(self) -> str:
        """A name for the description, as ``get_lists_by_list``."""
        words = self.path.replace("{", "by_").replace("}", "").strip("/").replace("/", "_")
        return f"{self.method.lower()}_{words}"


def cursor(place: str) -> str:
    """Return where a next page begins, as a word that tells nobody anything."""
    return urlsafe_b64encode(place.encode()).decode().rstrip("=")


def place_of(after: str) -> str:
    """Return the place that a cursor stands for, '' for the beginning; raise Problem for no cursor of ours."""
    try:
        place = urlsafe_b64decode(after + "=" * (-len(after) % 4)).decode()
    except ValueError as fault:
        raise Problem(422, "after: use the `next` of the page before, as it is") from fault
    if cursor(place) != after or not place.isprintable():
        raise Problem(422, "after: use the `next` of the page before, as it is")
    return place
