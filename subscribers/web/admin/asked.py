"""What an admin page is: its place, who may ask for it, and what it is handed; knows no account and no store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from subscribers.model import By
from subscribers.reach import EVERYTHING, Reach

Role = Literal["viewer", "editor", "owner"]

#: What each role may do includes what the ones before it may.
ROLES: tuple[Role, ...] = ("viewer", "editor", "owner")


class Show(Protocol):
    """Fills a template of ``templates/admin``."""

    def __call__(self, template: str, *, status: int = 200, **context: Any) -> Response:
        """Return the page."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request to the admin by somebody who may make it."""

    request: Request
    who: str  #: the account's name
    role: Role
    show: Show
    by: By  #: who acts, when and from where, for the log
    reach: Reach = EVERYTHING  #: the lists that may be touched; what a request names was checked before
    form: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, UploadFile] = field(default_factory=dict)

    def word(self, name: str, default: str = "") -> str:
        """Return one value of the posted form, without the space around it."""
        values = self.form.get(name)
        return values[0].strip() if values else default

    def words(self, name: str) -> tuple[str, ...]:
        """Return every value of one name in the posted form."""
        return tuple(self.form.get(name, ()))

    def query(self, name: str, default: str = "") -> str:
        """Return one value of the address's query, without the space around it."""
        return self.request.query_params.get(name, default).strip()

    def part(self, name: str) -> str:
        """Return one part of the address's path."""
        return str(self.request.path_params[name])

    @property
    def may_edit(self) -> bool:
        """Whether the role changes anything."""
        return ROLES.index(self.role) >= ROLES.index("editor")

    @property
    def is_fragment(self) -> bool:
        """Whether only a part of the page is wanted, to be put into one that is there."""
        return self.request.headers.get("hx-request") == "true"


class Said(RedirectResponse):
    """Leads on to a page, which then says something once."""

    def __init__(self, address: str, says: str = "", *, is_fault: bool = False) -> None:
        super().__init__(address, status_code=303)
        self.says, self.is_fault = says, is_fault


@dataclass(frozen=True, slots=True)
class Page:
    """One admin page or act."""

    method: Literal["GET", "POST"]
    path: str  #: under ``/admin``
    needs: Role  #: the least role that may ask
    answer: Callable[[Asked], Response]  #: called in a thread
    lists: tuple[str, ...] = ("list",)  #: words of the path, the query or the form that name lists
    for_all: bool = False  #: goes beyond any list: closed to those who are kept to some
