"""What a token may do, in words, and how one is made; knows no request."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from digest.errors import UsageError
from digest.store.tokens import ApiTokens

#: Each scope and what it lets a program do. Writing does not include reading.
SCOPES = {
    "lists:read": "read the lists",
    "lists:write": "make lists, change them",
    "lists:delete": "delete lists that no newsletter goes to",
    "subscribers:read": "read people",
    "subscribers:write": "add, import, change, remove people",
    "editions:read": "read editions",
    "editions:write": "compose, correct, approve, hold, skip editions, choose their time",
    "sends:read": "read what became of sends",
    "sends:write": "send, send tests, pause, go on, cancel, send again to those who missed it",
}
#: So that a token found somewhere can be told for one.
PREFIX = "bst_"


@dataclass(frozen=True, slots=True)
class Wish:
    """The token that somebody wants."""

    name: str  #: of the program, shown in the log
    scopes: tuple[str, ...]
    lists: tuple[str, ...] | None = None  #: the only lists it may touch, None for every list
    until: datetime | None = None  #: aware, UTC; None for no end


def new_token(tokens: ApiTokens, wish: Wish, *, by: str, now: datetime) -> str:
    """Make a token and return it, to be shown once; raise UsageError where the wish is none that can be granted."""
    if not (1 <= len(wish.name) <= 60 and wish.name.isprintable()):
        raise UsageError("name the program that will use the token, in at most 60 signs")
    if unknown := sorted(set(wish.scopes) - set(SCOPES)):
        raise UsageError(f'"{unknown[0]}" is no scope; there are: {", ".join(SCOPES)}')
    if not wish.scopes:
        raise UsageError(f"what may the token do? choose one at least of: {', '.join(SCOPES)}")
    token = PREFIX + secrets.token_urlsafe(32)
    tokens.make(token, wish.name, wish.scopes, by=by, now=now, lists=wish.lists, until=wish.until)
    return token
