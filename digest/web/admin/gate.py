"""The door of the admin: who comes in, with which role, and what every answer carries; knows no page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Any
from urllib.parse import SplitResult, quote, unquote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from digest.errors import BroadsheetError, EditionConflict, StoreError
from digest.pipeline.desk import Desk
from digest.store.accounts import Account
from digest.web.admin.reach import demand_reach
from subscribers import Reach, RosterError
from subscribers.web.admin.asked import ROLES, Asked, Page, Said

COOKIE = "broadsheet"
SAYS = "broadsheet-says"
#: A sign-in ends after this time, whatever is done with it.
HOLDS = timedelta(days=7)
#: A file of a million people has about 60 MB.
MOST_BYTES = 200_000_000

#: Nothing runs that is not a file of ours; a page may be framed by nobody.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "cache-control": "no-store",
    # Browsers name no origin where the policy is no-referrer, and a post without one is refused here.
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


#: A third of a page is its template's indentation; no page shows text whose indentation matters.
_INDENT = re.compile(r"\n\s+")

TOO_OLD = "This form is too old; go back, load the page anew, try again."


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks."""

    account: Account
    token: str  #: of the sign-in

    @property
    def csrf(self) -> str:
        """What a form of this sign-in carries, and no other site can know."""
        return csrf_of(self.token)


def csrf_of(token: str) -> str:
    """Return the mark that forms carry for a token kept in a cookie."""
    return sha256(f"form {token}".encode()).hexdigest()


class Gate:
    """Lets people in by their cookie and turns admin pages into routes."""

    def __init__(self, desk: Desk, nav: Sequence[tuple[str, str]] = ()) -> None:
        self._desk = desk
        self._nav = tuple(nav)

    def route(self, page: Page) -> Route:
        """Return the route of a page, guarded."""

        async def guarded(request: Request) -> Response:
            try:
                return await self._answer(page, request)
            finally:
                await request.close()  # a file handed over lies in a temporary one until then

        # HEAD would be answered by GET's handler, which is what it means.
        return Route(f"/admin{page.path}", guarded, methods=[page.method])

    def visitor(self, request: Request) -> Visitor | None:
        """Return who is signed in, None for nobody."""
        token = request.cookies.get(COOKIE, "")
        account = self._desk.app.store.accounts.signed_in(token, self._desk.now()) if token else None
        return Visitor(account, token) if account else None

    async def _answer(self, page: Page, request: Request) -> Response:
        visitor = await run_in_threadpool(self.visitor, request)
        if visitor is None:
            return self._to_login(page, request)
        role = visitor.account.role
        if ROLES.index(role) < ROLES.index(page.needs):
            return self.refuse(request, visitor, 403, f"This needs the role {page.needs}; yours is {role}.")
        asked = self._asked(request, visitor)
        if page.method == "POST":
            if fault := self.foreign(request):
                return self.refuse(request, visitor, 403, fault)
            form, files = await form_of(request)
            if not compare_digest((form.get("csrf") or [""])[0].encode(), visitor.csrf.encode()):
                return self.refuse(request, visitor, 403, TOO_OLD)
            asked = replace(asked, form=form, files=files)
        return finish(request, await run_in_threadpool(self._carefully, page, asked, visitor))

    def _carefully(self, page: Page, asked: Asked, visitor: Visitor) -> Response:
        """Answer, and turn what goes wrong into words on the page people came from."""
        try:
            demand_reach(self._desk, page, asked)
            return page.answer(asked)
        except (BroadsheetError, RosterError) as fault:
            if page.method == "POST":
                return Said(came_from(asked.request), str(fault), is_fault=True)
            status = 409 if isinstance(fault, EditionConflict) else 404 if isinstance(fault, StoreError) else 400
            return self.refuse(asked.request, visitor, status, str(fault))

    def _asked(self, request: Request, visitor: Visitor) -> Asked:
        def show(template: str, *, status: int = 200, **context: Any) -> Response:
            return self.page(request, visitor, template, status=status, **context)

        source = request.client.host if request.client else ""
        return Asked(
            request=request,
            who=visitor.account.name,
            role=visitor.account.role,
            show=show,
            by={"at": self._desk.now(), "how": "admin", "source": source, "who": visitor.account.name},
            reach=Reach(visitor.account.lists),
        )

    def page(
        self, request: Request, visitor: Visitor | None, template: str, *, status: int = 200, **context: Any
    ) -> Response:
        """Return a template's page, with what every page shows."""
        says, is_fault = _says(request)
        role = visitor.account.role if visitor else "viewer"
        html = self._desk.render(
            f"admin/{template}.html",
            **{
                "who": visitor.account.name if visitor else "",
                "role": role,
                "whole": visitor is not None and visitor.account.lists is None,
                "may_edit": ROLES.index(role) >= ROLES.index("editor"),
                "may_own": role == "owner",
                "csrf": visitor.csrf if visitor else "",
                "nav": self._places(visitor),
                "here": request.url.path,
                "says": says,
                "says_fault": is_fault,
                **context,
            },
        )
        return HTMLResponse(_INDENT.sub("\n", html), status)

    def _places(self, visitor: Visitor | None) -> tuple[tuple[str, str], ...]:
        """Return the pages that a page leads to, for nobody none."""
        if visitor is None:
            return ()
        is_whole = visitor.account.lists is None
        return tuple(each for each in self._nav if is_whole or each[0] != "/admin/settings")

    def refuse(self, request: Request, visitor: Visitor | None, status: int, why: str) -> Response:
        """Return a page that says why not."""
        return finish(request, self.page(request, visitor, "refused", status=status, why=why))

    def _to_login(self, page: Page, request: Request) -> Response:
        asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        address = "/admin/login" + (f"?next={quote(asked)}" if page.method == "GET" and asked != "/admin" else "")
        if request.headers.get("hx-request") == "true":
            return Response(status_code=204, headers={"hx-redirect": "/admin/login"})
        return finish(request, RedirectResponse(address, 303))

    def foreign(self, request: Request) -> str:
        """Return why a post is not from one of our own pages, '' where it is."""
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return "This form came from another site; nothing was done."
        origin = request.headers.get("origin")
        ours = {request.headers.get("host", ""), urlsplit(self._desk.app.sender.base_url).netloc}
        if origin is not None and _parts(origin).netloc not in ours - {""}:
            return "This form came from another site; nothing was done."
        return ""


async def form_of(request: Request, most: int = MOST_BYTES) -> tuple[dict[str, list[str]], dict[str, UploadFile]]:
    """Return a posted form's words and files by name; one that is too long is empty, and nothing of it is read."""
    length = request.headers.get("content-length", "")
    if not (length.isascii() and length.isdigit() and len(length) < len(str(most)) + 1 and int(length) <= most):
        return {}, {}
    form: dict[str, list[str]] = {}
    files: dict[str, UploadFile] = {}
    for name, value in (await request.form(max_files=1, max_fields=2000, max_part_size=5_000_000)).multi_items():
        if isinstance(value, UploadFile):
            files[name] = value
        else:
            form.setdefault(name, []).append(value.replace("\x00", ""))  # PostgreSQL keeps none
    return form, files


def came_from(request: Request) -> str:
    """Return the page of ours that a post came from, the first one where that is not known."""
    parts = _parts(request.headers.get("referer", ""))
    if parts.netloc != request.headers.get("host") or not parts.path.startswith("/admin"):
        return "/admin"
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _parts(address: str) -> SplitResult:
    """Return the parts of an address that a header gave, empty ones where it is none."""
    try:
        return urlsplit(address)
    except ValueError:  # a broken IPv6 address, for one
        return urlsplit("")


def finish(request: Request, response: Response) -> Response:
    """Put on an answer what every answer of the admin carries."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if isinstance(response, Said):
        mark = "!" if response.is_fault else "."
        value = quote(mark + response.says[:900])
        response.set_cookie(SAYS, value, max_age=60, path="/admin", httponly=True, samesite="lax")
    elif SAYS in request.cookies and isinstance(response, HTMLResponse) and "hx-request" not in request.headers:
        response.delete_cookie(SAYS, path="/admin", httponly=True, samesite="lax")
    return response


def _says(request: Request) -> tuple[str, bool]:
    said = unquote(request.cookies.get(SAYS, ""))
    return said[1:], said.startswith("!")
