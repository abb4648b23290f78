"""One's own password, and who else may come in; knows how neither is kept."""

from __future__ import annotations

import structlog
from starlette.responses import Response

from digest.errors import UsageError
from digest.pipeline.desk import Desk
from digest.web.admin.inviting import INVITATION_HOLDS, invitation
from digest.web.admin.passwords import hashed, is_right
from subscribers.web.admin.asked import ROLES, Asked, Page, Role, Said

log = structlog.get_logger()


class AccountPages:
    """Everybody's own page, and the owners' page of everybody."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._accounts = desk.app.store.accounts

    def pages(self) -> list[Page]:
        """Return the pages."""
        return [
            Page("GET", "/account", "viewer", lambda asked: asked.show("account")),
            Page("POST", "/account", "viewer", self.change_password),
            Page("GET", "/accounts", "owner", self.show),
            Page("POST", "/accounts/invite", "owner", self.invite),
            Page("POST", "/accounts/role", "owner", self.change_role),
            Page("POST", "/accounts/remove", "owner", self.remove),
        ]

    def change_password(self, asked: Asked) -> Response:
        """Keep a new password; every sign-in of the account ends, this one too."""
        account = self._accounts.named(asked.who)
        old, new = (asked.form.get(name, [""])[0] for name in ("old", "new"))
        if account is None or not is_right(old, account.password):
            raise UsageError("the password you have now is another one")
        self._accounts.set_password(account.id, hashed(new, account.name))
        return Said("/admin/login", "The password is changed. Sign in with the new one.")

    def show(self, asked: Asked, link: str = "", role_given: str = "") -> Response:
        """Show everybody who may come in."""
        base = str(asked.request.base_url).rstrip("/")
        return asked.show(
            "accounts",
            accounts=self._accounts.all(),
            roles=ROLES,
            link=link and base + link,
            role_given=role_given,
            days=INVITATION_HOLDS.days,
        )

    def invite(self, asked: Asked) -> Response:
        """Show a link that makes an account; it is shown this once."""
        role = role_named(asked.word("role"))
        log.info("account_invited", by=asked.who, role=role)
        return self.show(asked, invitation(self._accounts, role, self._desk.now()), role)

    def change_role(self, asked: Asked) -> Response:
        """Give an account another role."""
        name, role = asked.word("name"), role_named(asked.word("role"))
        self._accounts.set_role(name, role)
        log.info("account_role_changed", by=asked.who, account=name, role=role)
        return Said("/admin/accounts", f"{name} is {role} now.")

    def remove(self, asked: Asked) -> Response:
        """Take an account away; it is signed out everywhere."""
        self._accounts.remove(asked.word("name"))
        log.info("account_removed", by=asked.who, account=asked.word("name"))
        return Said("/admin/accounts", f"{asked.word('name')} can no longer sign in.")


def role_named(word: str) -> Role:
    """Return the role of this name; raise UsageError for none."""
    if word not in ROLES:
        raise UsageError(f'"{word}" is no role; there are: {", ".join(ROLES)}')
    return word
