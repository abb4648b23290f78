"""Asks for the password once more before something is changed that keeps an account; knows no page."""

from __future__ import annotations

from digest.errors import UsageError
from digest.pipeline.desk import Desk
from digest.store.accounts import Account
from digest.web.admin.passwords import is_right
from subscribers.web.admin.asked import Asked
from subscribers.web.rate import Rate


class Confirming:
    """Checks the password of somebody who is signed in already: a browser left open is not enough."""

    def __init__(self, desk: Desk) -> None:
        self._accounts, self._tries = desk.app.store.accounts, Rate(most=10)

    def demand(self, asked: Asked, word: str = "password") -> Account:
        """Return the account that asks; raise UsageError unless the form's password is its own."""
        if not self._tries.allows(asked.who, asked.by["at"]):
            raise UsageError("too many tries; wait ten minutes, then try again")
        account = self._accounts.named(asked.who)
        if account is None or not is_right(asked.form.get(word, [""])[0], account.password):
            raise UsageError("the password you have now is another one")
        return account
