"""Forms for those who are not signed in, and the moment of letting somebody in; knows no way to prove who it is."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import partial
from hmac import compare_digest
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from digest.errors import BroadsheetError
from digest.pipeline.desk import Desk
from digest.store.accounts import Account, Accounts
from digest.web.admin import browsers
from digest.web.admin.gate import COOKIE, HOLDS, TOO_OLD, Gate, csrf_of, finish, form_of

#: Ties a form shown to nobody in particular to the browser it was shown in.
FORM_COOKIE = "broadsheet-form"
#: Bytes of a form before anybody is known: a name and a password, and no file that fills a disk.
MOST_OF_A_STRANGER = 16_384


class Doorway:
    """What every page before the sign-in needs."""

    def __init__(self, desk: Desk, gate: Gate) -> None:
        self._desk, self._gate = desk, gate

    def form(self, request: Request, template: str, status: int, **context: object) -> Response:
        """Return a form that carries the mark of this browser's cookie."""
        token = request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(16)
        response = self._gate.page(request, None, template, status=status, **context, csrf=csrf_of(token))
        secure = request.url.scheme == "https"
        response.set_cookie(FORM_COOKIE, token, path="/admin", httponly=True, samesite="strict", secure=secure)
        return response

    def shown(self, show: Callable[[Request], Response]) -> Callable[[Request], object]:
        """Return what answers a GET in a thread."""

        async def answer(request: Request) -> Response:
            return finish(request, await run_in_threadpool(self._carefully, request, partial(show, request)))

        return answer

    def posted(self, act: Callable[[Request, dict[str, str]], Response]) -> Callable[[Request], object]:
        """Return what answers a POST of ours in a thread, and refuses any other."""

        async def answer(request: Request) -> Response:
            form = {name: values[0] for name, values in (await form_of(request, MOST_OF_A_STRANGER))[0].items()}
            if fault := self._gate.foreign(request) or _unmarked(request, form):
                return self._gate.refuse(request, None, 403, fault)
            return finish(request, await run_in_threadpool(self._carefully, request, partial(act, request, form)))

        return answer

    def _carefully(self, request: Request, answer: Callable[[], Response]) -> Response:
        try:
            return answer()
        except BroadsheetError as fault:
            return self._gate.refuse(request, None, 500, str(fault))

    def let_in(self, request: Request, account: Account, after: str) -> Response:
        """Sign somebody in, and lead them to where they wanted."""
        return self.opened(request, account, after, self.sign_in(self._desk.app.store.accounts, account))

    def sign_in(self, accounts: Accounts, account: Account) -> str:
        """Keep a sign-in and return its token, a new one each time: one planted before is worth nothing."""
        token, now = secrets.token_urlsafe(32), self._desk.now()
        accounts.sign_in(account.id, token, now, now + HOLDS)
        return token

    def opened(self, request: Request, account: Account, after: str, token: str) -> Response:
        """Lead somebody who is signed in to where they wanted, with the cookies that open it."""
        response = RedirectResponse(after, 303)
        secure, week = request.url.scheme == "https", int(HOLDS.total_seconds())
        response.set_cookie(COOKIE, token, max_age=week, httponly=True, samesite="lax", secure=secure)
        known, half_a_year = browsers.mark_for(self._desk.ring, account.name), int(browsers.HOLDS.total_seconds())
        response.set_cookie(
            browsers.COOKIE, known, max_age=half_a_year, path="/admin", httponly=True, samesite="lax", secure=secure
        )
        return response


def _unmarked(request: Request, form: dict[str, str]) -> str:
    given = form.get("csrf", "").encode()
    for name in (FORM_COOKIE, COOKIE):
        token = request.cookies.get(name)
        if token and compare_digest(given, csrf_of(token).encode()):
            return ""
    return TOO_OLD


def place_of(request: Request) -> str:
    """Return the network address that asks."""
    return request.client.host if request.client else ""


def safe_next(address: str) -> str:
    """Return an address inside the admin, its first page for any other."""
    parts = urlsplit(address)
    is_ours = not parts.scheme and not parts.netloc and "\\" not in address and address.isprintable()
    return address if is_ours and parts.path.startswith("/admin") else "/admin"
