"""The second step of signing in: asks for a code once the password was right; knows no password."""

from __future__ import annotations

import secrets
from datetime import timedelta
from urllib.parse import quote

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from digest.pipeline.desk import Desk
from digest.store.accounts import Account, Accounts
from digest.store.second_steps import SecondSteps
from digest.store.transactions import Joined
from digest.web.admin.codes import Vault, plain, span_of
from digest.web.admin.doorway import Doorway, place_of, safe_next
from subscribers.web.rate import Rate

log = structlog.get_logger()

HALF_COOKIE = "broadsheet-half"
#: Time to find the phone and type.
WAITS = timedelta(minutes=10)


class SecondLogin:
    """The page that asks for a code."""

    def __init__(self, desk: Desk, doorway: Doorway) -> None:
        self._desk, self._doorway = desk, doorway
        self._steps = desk.app.store.second_steps
        self._vault = Vault(lambda: desk.ring)
        #: Three of a million codes are right at any time: five tries in ten minutes are one in a thousand a day.
        self._tries = Rate(most=5)

    def routes(self) -> list[Route]:
        """Return the routes of the second step."""
        return [
            Route("/admin/login/code", self._doorway.shown(self.show), methods=["GET"]),
            Route("/admin/login/code", self._doorway.posted(self.answer), methods=["POST"]),
        ]

    def ask(self, request: Request, account: Account, after: str) -> Response:
        """Lead somebody whose password was right to the form; nothing is open to them yet."""
        token, now = secrets.token_urlsafe(32), self._desk.now()
        self._steps.wait(token, account.id, now, now + WAITS)
        response = RedirectResponse(f"/admin/login/code?next={quote(after)}", 303)
        response.set_cookie(
            HALF_COOKIE, token, max_age=int(WAITS.total_seconds()), path="/admin", httponly=True, samesite="strict",
            secure=request.url.scheme == "https",
        )  # fmt: skip
        return response

    def show(self, request: Request, fault: str = "", status: int = 200, after: str = "") -> Response:
        """Show the form, to somebody whose password was right just now."""
        if self._waiting(request) is None:
            return RedirectResponse("/admin/login", 303)
        after = safe_next(after or request.query_params.get("next", ""))
        return self._doorway.form(request, "login-code", status, fault=fault, after=after)

    def answer(self, request: Request, form: dict[str, str]) -> Response:
        """Let somebody in whose code is right and was never used before."""
        account, after = self._waiting(request), safe_next(form.get("after", ""))
        if account is None:
            return RedirectResponse("/admin/login", 303)
        if not self._tries.allows(str(account.id), self._desk.now()):
            return self.show(request, "Too many tries. Wait ten minutes, then try again.", 429, after)
        token = self._signed_in(request, account, form.get("code", "")[:100])
        if not token:
            log.warning("second_step_refused", account=account.name, source=place_of(request))
            return self.show(request, "That code is wrong, too old, or was used already. Try the next one.", 403, after)
        log.info("admin_signed_in", account=account.name, source=place_of(request))
        response = self._doorway.opened(request, account, after, token)
        response.delete_cookie(HALF_COOKIE, path="/admin", httponly=True, samesite="strict")
        return response

    def _waiting(self, request: Request) -> Account | None:
        number = self._steps.waiting(request.cookies.get(HALF_COOKIE, ""), self._desk.now())
        return None if number is None else self._desk.app.store.accounts.numbered(number)

    def _signed_in(self, request: Request, account: Account, code: str) -> str:
        """Sign somebody in and return the sign-in's token, '' where the code is not right.

        In one transaction: no code is used up by a sign-in that never was.
        """
        sealed = self._steps.secret(account.id)
        if sealed is None:
            return ""
        span = span_of(self._vault.open(account.id, sealed), code, self._desk.now())
        with self._desk.begin() as connection:
            within = Joined(connection)
            steps = SecondSteps(within)
            is_right = steps.take_recovery(account.id, plain(code)) if span is None else steps.take(account.id, span)
            if not is_right:
                return ""
            steps.arrived(request.cookies.get(HALF_COOKIE, ""))
            return self._doorway.sign_in(Accounts(within), account)
