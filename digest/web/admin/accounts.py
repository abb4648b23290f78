"""One's own page, and who else may come in, as what, and to which lists; knows not how any of it is kept."""

from __future__ import annotations

import structlog
from starlette.responses import Response

from digest.errors import UsageError
from digest.pipeline.desk import Desk
from digest.web.admin.confirming import Confirming
from digest.web.admin.inviting import INVITATION_HOLDS, invitation
from digest.web.admin.passwords import hashed
from digest.web.admin.recording import recording
from subscribers import roster
from subscribers.web.admin.asked import ROLES, Asked, Page, Role, Said

log = structlog.get_logger()


class AccountPages:
    """Everybody's own page, and the owners' page of everybody."""

    def __init__(self, desk: Desk, confirming: Confirming) -> None:
        self._desk, self._confirming = desk, confirming
        self._accounts, self._steps = desk.app.store.accounts, desk.app.store.second_steps

    def pages(self) -> list[Page]:
        """Return the pages."""
        return [
            Page("GET", "/account", "viewer", self.own),
            Page("POST", "/account", "viewer", self.change_password),
            Page("GET", "/accounts", "owner", self.show),
            Page("POST", "/accounts/invite", "owner", self.invite),
            Page("POST", "/accounts/role", "owner", self.change_role),
            Page("POST", "/accounts/lists", "owner", self.change_lists),
            Page("POST", "/accounts/remove", "owner", self.remove),
        ]

    def own(self, asked: Asked) -> Response:
        """Show one's own account."""
        account = self._accounts.named(asked.who)
        if account is None:
            raise UsageError("this account was removed just now")
        return asked.show(
            "account",
            account=account,
            waits=self._steps.secret(account.id, active=False) is not None,
            codes_left=self._steps.codes_left(account.id),
        )

    def change_password(self, asked: Asked) -> Response:
        """Keep a new password; every sign-in of the account ends, this one too."""
        account = self._confirming.demand(asked, "old")
        kept = hashed(asked.form.get("new", [""])[0], account.name)
        with recording(self._desk, asked, "password changed", account.name) as app:
            app.store.accounts.set_password(account.id, kept)
        return Said("/admin/login", "The password is changed. Sign in with the new one.")

    def show(self, asked: Asked, link: str = "", role_given: str = "") -> Response:
        """Show everybody who may come in."""
        base = self._desk.app.sender.base_url or str(asked.request.base_url).rstrip("/")
        with self._desk.read() as connection:
            slugs = roster.slugs(connection)
        return asked.show(
            "accounts",
            accounts=self._accounts.all(),
            roles=ROLES,
            slugs=slugs,
            link=link and base + link,
            role_given=role_given,
            days=INVITATION_HOLDS.days,
        )

    def invite(self, asked: Asked) -> Response:
        """Show a link that makes an account; it is shown this once."""
        role, lists = role_named(asked.word("role")), lists_chosen(self._desk, asked)
        with recording(self._desk, asked, "account invited", role + of_lists(lists)) as app:
            link = invitation(app.store.accounts, role, self._desk.now(), lists)
        log.info("account_invited", by=asked.who, role=role)
        return self.show(asked, link, role)

    def change_role(self, asked: Asked) -> Response:
        """Give an account another role."""
        name, role = asked.word("name"), role_named(asked.word("role"))
        with recording(self._desk, asked, "role changed", f"{name}: {role}") as app:
            app.store.accounts.set_role(name, role)
        log.info("account_role_changed", by=asked.who, account=name, role=role)
        return Said("/admin/accounts", f"{name} is {role} now.")

    def change_lists(self, asked: Asked) -> Response:
        """Let an account touch some lists alone, or every list again."""
        name, lists = asked.word("name"), lists_chosen(self._desk, asked)
        told = f"{name}{of_lists(lists) or ': every list'}"
        with recording(self._desk, asked, "lists of an account changed", told) as app:
            app.store.accounts.set_lists(name, lists)
        log.info("account_lists_changed", by=asked.who, account=name, lists=lists)
        return Said("/admin/accounts", f"{name} keeps {', '.join(lists) if lists else 'every list'} now.")

    def remove(self, asked: Asked) -> Response:
        """Take an account away; it is signed out everywhere."""
        with recording(self._desk, asked, "account removed", asked.word("name")) as app:
            app.store.accounts.remove(asked.word("name"))
        log.info("account_removed", by=asked.who, account=asked.word("name"))
        return Said("/admin/accounts", f"{asked.word('name')} can no longer sign in.")


def role_named(word: str) -> Role:
    """Return the role of this name; raise UsageError for none."""
    if word not in ROLES:
        raise UsageError(f'"{word}" is no role; there are: {", ".join(ROLES)}')
    return word


def lists_chosen(desk: Desk, asked: Asked) -> tuple[str, ...] | None:
    """Return the lists that a form ticks, None where it says every list.

    Raises UsageError where none is ticked, UnknownList for one that is not there.
    """
    if asked.word("reach", "all") == "all":
        return None
    chosen = asked.words("of_list")
    if not chosen:
        raise UsageError("which lists? tick one at least, or choose every list")
    with desk.read() as connection:
        for slug in chosen:
            roster.demand_list(connection, slug)
    return chosen


def of_lists(lists: tuple[str, ...] | None) -> str:
    """Return the lists as the end of a sentence, nothing for every list."""
    return f", for {', '.join(lists)}" if lists is not None else ""
