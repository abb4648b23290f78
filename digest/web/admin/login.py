"""Coming in and going out: sign-in, the one-time link that makes an account, sign-out; knows no other page."""

from __future__ import annotations

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from digest.errors import UsageError
from digest.pipeline.desk import Desk
from digest.web.admin import browsers
from digest.web.admin.doorway import Doorway, place_of, safe_next
from digest.web.admin.gate import COOKIE, Gate
from digest.web.admin.passwords import hashed, is_right
from digest.web.admin.second_login import SecondLogin
from subscribers.web.rate import Rate

log = structlog.get_logger()


class Login:
    """The pages of those who are not signed in."""

    def __init__(self, desk: Desk, gate: Gate) -> None:
        self._desk, self._gate = desk, gate
        self._accounts = desk.app.store.accounts
        self._doorway = Doorway(desk, gate)
        self._second = SecondLogin(desk, self._doorway)
        #: By place and by name: guessing is slow from one place, and slow at one name from many. A browser that
        #: somebody of the name signed in with before is counted apart, so that no stranger locks them out.
        self._by_place, self._by_name, self._by_browser = Rate(most=20), Rate(most=10), Rate(most=10)

    def routes(self) -> list[Route]:
        """Return the routes of signing in and out."""
        shown, posted = self._doorway.shown, self._doorway.posted
        return [
            Route("/admin/login", shown(self.show), methods=["GET"]),
            Route("/admin/login", posted(self.sign_in), methods=["POST"]),
            *self._second.routes(),
            Route("/admin/logout", posted(self.sign_out), methods=["POST"]),
            Route("/admin/welcome/{token}", shown(self.invited), methods=["GET"]),
            Route("/admin/welcome/{token}", posted(self.accept), methods=["POST"]),
        ]

    def show(self, request: Request, fault: str = "", name: str = "", status: int = 200, after: str = "") -> Response:
        """Show the sign-in form."""
        after = safe_next(after or request.query_params.get("next", ""))
        nobody = self._accounts.is_empty()
        return self._doorway.form(request, "login", status, fault=fault, name=name, after=after, nobody=nobody)

    def sign_in(self, request: Request, form: dict[str, str]) -> Response:
        """Let somebody in whose password is right; the same answer, as slowly, for a name that nobody has."""
        name, place, after = form.get("name", ""), place_of(request), safe_next(form.get("after", ""))
        if not self._may_try(request, name, place):
            return self.show(request, "Too many tries. Wait ten minutes, then try again.", name, 429, after)
        account = self._accounts.named(name)
        if not is_right(form.get("password", ""), account.password if account else None) or account is None:
            log.warning("admin_sign_in_refused", source=place)
            return self.show(request, "Name or password is wrong.", name, 403, after)
        if account.has_second_step:
            return self._second.ask(request, account, after)
        log.info("admin_signed_in", account=account.name, source=place)
        return self._doorway.let_in(request, account, after)

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
        return self._doorway.form(request, "welcome", status, fault=fault, name=name, role_given=role)

    def accept(self, request: Request, form: dict[str, str]) -> Response:
        """Make the account and let its owner in; the link works no second time."""
        name, password = form.get("name", "").strip(), form.get("password", "")
        try:
            # Making a hash costs 64 MiB and a fifth of a second, on purpose: not for who has no link.
            if self._accounts.invited(request.path_params["token"], self._desk.now()) is None:
                return self.invited(request)
            if not 1 <= len(name) <= 60:
                raise UsageError("choose a name of at most 60 signs")
            kept = hashed(password, name)
            self._accounts.accept(request.path_params["token"], name, kept, self._desk.now())
        except UsageError as fault:
            return self.invited(request, str(fault), name, 400)
        account = self._accounts.named(name)
        return self._doorway.let_in(request, account, "/admin") if account else self.show(request)

    def _may_try(self, request: Request, name: str, place: str) -> bool:
        now = self._desk.now()
        plain = " ".join(name.split()).casefold()[:100]
        browser = browsers.known_as(self._desk.ring, request.cookies.get(browsers.COOKIE, ""), plain)
        counted = self._by_browser.allows(browser, now) if browser else self._by_name.allows(plain, now)
        return self._by_place.allows(place, now) and counted
