"""The owners' page of the tokens that programs ask with; shows each token once, when it is made."""

from __future__ import annotations

from datetime import timedelta

import structlog
from starlette.responses import Response

from digest.errors import UsageError
from digest.pipeline.desk import Desk
from digest.web.admin.accounts import lists_chosen
from digest.web.admin.recording import recording
from digest.web.api.scopes import SCOPES, Wish, new_token
from subscribers import roster
from subscribers.web.admin.asked import Asked, Page, Said
from subscribers.web.numbers import number_of

log = structlog.get_logger()


class TokenPages:
    """The page of tokens."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._tokens = desk, desk.app.store.tokens

    def pages(self) -> list[Page]:
        """Return the pages."""
        return [
            Page("GET", "/tokens", "owner", self.show),
            Page("POST", "/tokens", "owner", self.make),
            Page("POST", "/tokens/revoke", "owner", self.revoke),
        ]

    def show(self, asked: Asked, made: str = "", name_given: str = "") -> Response:
        """Show every token's name and what it may do."""
        with self._desk.read() as connection:
            slugs = roster.slugs(connection)
        return asked.show(
            "tokens",
            tokens=self._tokens.all(),
            now=asked.by["at"],
            scopes=SCOPES,
            slugs=slugs,
            made=made,
            name_given=name_given,
        )

    def make(self, asked: Asked) -> Response:
        """Make a token and show it, this once."""
        now, days = asked.by["at"], asked.word("days")
        if days and not 1 <= (number_of(days) or 0) <= 3650:
            raise UsageError("a token holds 1 to 3650 days; leave it empty for no end")
        until = now + timedelta(days=int(days)) if days else None
        wish = Wish(asked.word("name"), asked.words("scope"), lists_chosen(self._desk, asked), until)
        with recording(self._desk, asked, "token made", f"{wish.name}: {', '.join(wish.scopes)}") as app:
            made = new_token(app.store.tokens, wish, by=asked.who, now=now)
        log.info("token_made", by=asked.who, token=wish.name, scopes=wish.scopes)
        return self.show(asked, made, wish.name)

    def revoke(self, asked: Asked) -> Response:
        """End a token at once."""
        name = asked.word("name")
        with recording(self._desk, asked, "token revoked", name) as app:
            app.store.tokens.revoke(name, asked.by["at"])
        log.info("token_revoked", by=asked.who, token=name)
        return Said("/admin/tokens", f"The token “{name}” opens nothing any more.")
