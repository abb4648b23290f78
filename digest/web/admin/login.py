"""Coming in and going out: sign-in, the one-time link that makes an account, sign-out; knows no other page."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from hmac import compare_digest
from urllib.parse import urlsplit

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from digest.errors import UsageError
from digest.pipeline.desk import Desk
from digest.store.accounts import Account
from digest.web.admin.gate import COOKIE, HOLDS, TOO_OLD, Gate, csrf_of, finish, form_of
from digest.web.admin.passwords import hashed, is_right
from subscribers.web.rate import Rate

log = structlog.get_logger()

#: Ties a form shown to nobody in particular to the browser it was shown in.
FORM_COOKIE = "broadsheet-form"


class Login:
    """The pages of those who are not signed in."""

    def __init__(self, desk: Desk, gate: Gate) -> None:
        self._desk, self._gate = desk, gate
        self._accounts = desk.app.store.accounts
        #: By place and by name: guessing is slow from one place, and slow at one name from many.
        self._by_place, self._by_name = Rate(most=20), Rate(most=10)

    def routes(self) -> list[Route]:
        """Return the routes of signing in and out."""
        return [
            Route("/admin/login", self._in_thread(self.show), methods=["GET"]),
            Route("/admin/login", self._posted(self.sign_in), methods=["POST"]),
            Route("/admin/logout", self._posted(self.sign_out), methods=["POST"]),
            Route("/admin/welcome/{token}", self._in_thread(self.invited), methods=["GET"]),
            Route("/admin/welcome/{token}", self._posted(self.accept), methods=["POST"]),
        ]

    def show(self, request: Request, fault: str = "", name: str = "", status: int = 200) -> Response:
        """Show the sign-in form."""
        after = safe_next(request.query_params.get("next", ""))
        nobody = self._accounts.is_empty()
        return self._form(request, "login", status, fault=fault, name=name, after=after, nobody=nobody)

    def sign_in(self, request: Request, form: dict[str, str]) -> Response:
        """Let somebody in whose password is right; the same answer, as slowly, for a name that nobody has."""
        name, now = form.get("name", ""), self._desk.now()
        place = request.client.host if request.client else ""
        if not (self._by_place.allows(place, now) and self._by_name.allows(name.casefold()[:100], now)):
            return self.show(request, "Too many tries. Wait ten minutes, then try again.", name, 429)
        account = self._accounts.named(name)
        if not is_right(form.get("password", ""), account.password if account else None) or account is None:
            log.warning("admin_sign_in_refused", source=place)
            return self.show(request, "Name or password is wrong.", name, 403)
        log.info("admin_signed_in", account=account.name, source=place)
        return self._let_in(request, account, safe_next(form.get("after", "")))

    def sign_out(self, request: Request, _form: dict[str, str]) -> Response:
        """End the sign-in."""
        self._accounts.sign_out(request.cookies.get(COOKIE, ""))
        response = RedirectResponse("/admin/login", 303)
        response.delete_cookie(COOKIE, path="/")
        return response

    def invited(self, request: Request, fault: str = "", name: str = "", status: int = 200) -> Response:
        """Show the form that makes an account, to whoever has a link that still holds."""
        role = self._accounts.invited(request.path_params["token"], self._desk.now())
        if role is None:
            why = "This link was used already, or is too old. Ask for another one: digest admin link prints it."
            return self._gate.refuse(request, None, 404, why)
        return self._form(request, "welcome", status, fault=fault, name=name, role_given=role)

    def accept(self, request: Request, form: dict[str, str]) -> Response:
        """Make the account and let its owner in; the link works no second time."""
        name, password = form.get("name", "").strip(), form.get("password", "")
        try:
            if not 1 <= len(name) <= 60:
                raise UsageError("choose a name of at most 60 signs")
            kept = hashed(password, name)
            self._accounts.accept(request.path_params["token"], name, kept, self._desk.now())
        except UsageError as fault:
            return self.invited(request, str(fault), name, 400)
        account = self._accounts.named(name)
        return self._let_in(request, account, "/admin") if account else self.show(request)

    def _let_in(self, request: Request, account: Account, after: str) -> Response:
        """Make a new token at every sign-in, so that one planted before is worth nothing."""
        token, now = secrets.token_urlsafe(32), self._desk.now()
        self._accounts.sign_in(account.id, token, now, now + HOLDS)
        response = RedirectResponse(after, 303)
        response.set_cookie(
            COOKIE, token, max_age=int(HOLDS.total_seconds()), httponly=True, samesite="lax",
            secure=request.url.scheme == "https",
        )  # fmt: skip
        return response

    def _form(self, request: Request, template: str, status: int, **context: object) -> Response:
        """Return a form that carries the mark of this browser's cookie."""
        token = request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(16)
        response = self._gate.page(request, None, template, status=status, **context, csrf=csrf_of(token))
        response.set_cookie(FORM_COOKIE, token, path="/admin", httponly=True, samesite="strict")
        return response

    def _in_thread(self, show: Callable[[Request], Response]) -> Callable[[Request], object]:
        async def shown(request: Request) -> Response:
            return finish(request, await run_in_threadpool(show, request))

        return shown

    def _posted(self, act: Callable[[Request, dict[str, str]], Response]) -> Callable[[Request], object]:
        async def posted(request: Request) -> Response:
            form = {name: values[0] for name, values in (await form_of(request))[0].items()}
            if fault := self._gate.foreign(request) or self._unmarked(request, form):
                return self._gate.refuse(request, None, 403, fault)
            return finish(request, await run_in_threadpool(act, request, form))

        return posted

    def _unmarked(self, request: Request, form: dict[str, str]) -> str:
        given = form.get("csrf", "").encode()
        for name in (FORM_COOKIE, COOKIE):
            token = request.cookies.get(name)
            if token and compare_digest(given, csrf_of(token).encode()):
                return ""
        return TOO_OLD


def safe_next(address: str) -> str:
    """Return an address inside the admin, its first page for any other."""
    parts = urlsplit(address)
    is_ours = not parts.scheme and not parts.netloc and "\\" not in address and address.isprintable()
    return address if is_ours and parts.path.startswith("/admin") else "/admin"
