"""One's own second step: begun, confirmed, taken off; and an owner's way to take off somebody else's."""

from __future__ import annotations

import structlog
from starlette.responses import Response

from digest.errors import UsageError
from digest.pipeline.desk import Desk
from digest.store.accounts import Account
from digest.web.admin import codes
from digest.web.admin.confirming import Confirming
from digest.web.admin.gate import COOKIE
from digest.web.admin.recording import recording
from subscribers.web.admin.asked import Asked, Page, Said

log = structlog.get_logger()


class SecondStepPages:
    """The acts about second steps; the page of the account shows their state."""

    def __init__(self, desk: Desk, confirming: Confirming) -> None:
        self._desk, self._confirming = desk, confirming
        self._accounts, self._steps = desk.app.store.accounts, desk.app.store.second_steps
        self._vault = codes.Vault(lambda: desk.ring)

    def pages(self) -> list[Page]:
        """Return the acts."""
        return [
            Page("POST", "/account/second-step", "viewer", self.begin),
            Page("POST", "/account/second-step/confirm", "viewer", self.confirm),
            Page("POST", "/account/second-step/codes", "viewer", self.renew_codes),
            Page("POST", "/account/second-step/off", "viewer", self.take_off),
            Page("POST", "/accounts/second-step", "owner", self.reset),
        ]

    def begin(self, asked: Asked) -> Response:
        """Show a new secret, this once; nothing is asked for before a code proves that it arrived."""
        account = self._confirming.demand(asked)
        if account.has_second_step:
            raise UsageError("a second step is asked for already; take it off first to move it to another phone")
        secret = codes.new_secret()
        self._steps.begin(account.id, self._vault.seal(account.id, secret))
        place = f"Broadsheet {asked.request.url.hostname or ''}".strip()
        drawn = codes.picture(codes.address(secret, account.name, place))
        return asked.show("second-step", picture=drawn, secret=secret)

    def confirm(self, asked: Asked) -> Response:
        """Ask for codes from now on, and show the recovery codes, this once."""
        account = self._accounts.named(asked.who)
        sealed = self._steps.secret(account.id, active=False) if account else None
        if account is None or sealed is None:
            raise UsageError("no second step waits for its code; begin again")
        span = codes.span_of(self._vault.open(account.id, sealed), asked.word("code"), asked.by["at"])
        if span is None:
            raise UsageError("that is not the code of this moment; is the phone's clock right? try the next one")
        made = codes.recovery_codes()
        plain = [codes.plain(each) for each in made]
        with recording(self._desk, asked, "second step on", account.name) as app:
            app.store.second_steps.activate(
                account.id, span, plain, asked.by["at"], but=asked.request.cookies.get(COOKIE, "")
            )
        log.info("second_step_on", account=account.name)
        return asked.show("recovery-codes", codes=made, fresh=True)

    def renew_codes(self, asked: Asked) -> Response:
        """Show new recovery codes, this once; the old ones end."""
        account = self._confirming.demand(asked)
        if not account.has_second_step:
            raise UsageError("no second step is asked for, so no recovery code is needed")
        made = codes.recovery_codes()
        self._steps.renew_codes(account.id, [codes.plain(each) for each in made])
        return asked.show("recovery-codes", codes=made, fresh=False)

    def take_off(self, asked: Asked) -> Response:
        """Ask for a password alone from now on."""
        account = self._confirming.demand(asked)
        if not self._has_step(account):
            raise UsageError("no second step is asked for")
        self._take_off(asked, account, but=asked.request.cookies.get(COOKIE, ""))
        return Said("/admin/account", "From now on the password alone lets you in.")

    def reset(self, asked: Asked) -> Response:
        """Take off the second step of somebody who lost the phone and the codes; signed out everywhere."""
        account = self._accounts.named(asked.word("name"))
        if account is None or not self._has_step(account):
            raise UsageError(f"{asked.word('name')} has no second step")
        self._take_off(asked, account)
        return Said("/admin/accounts", f"{account.name} signs in with the password alone until they begin anew.")

    def _has_step(self, account: Account) -> bool:
        return account.has_second_step or self._steps.secret(account.id, active=False) is not None

    def _take_off(self, asked: Asked, account: Account, *, but: str = "") -> None:
        with recording(self._desk, asked, "second step off", account.name) as app:
            app.store.second_steps.remove(account.id, but=but)
        log.warning("second_step_off", account=account.name, by=asked.who)
