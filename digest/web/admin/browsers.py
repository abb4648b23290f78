"""Browsers that somebody signed in with before: they are not kept out while strangers guess at a name.

A mark of theirs is signed, tied to one name, and opens nothing: it only has its tries counted apart
(OWASP, "Slow Down Online Guessing Attacks with Device Cookies"). Knows no account and no page.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta

from subscribers import KeyRing

COOKIE = "broadsheet-known"
#: A browser unused for longer counts as a stranger's.
HOLDS = timedelta(days=180)


def mark_for(ring: KeyRing, name: str) -> str:
    """Return a new mark for a browser that somebody of this name signed in with."""
    nonce = secrets.token_urlsafe(12)
    return f"{nonce}.{_signature(ring.keys[0][1], name, nonce)}"


def known_as(ring: KeyRing, mark: str, name: str) -> str:
    """Return what tells one known browser of a name from another, '' for a stranger's."""
    nonce, _, signature = mark.partition(".")
    right = [hmac.compare_digest(_signature(key, name, nonce).encode(), signature.encode()) for _, key in ring.keys]
    return nonce if any(right) else ""


def _signature(key: bytes, name: str, nonce: str) -> str:
    return hmac.digest(key, f"browser\n{name.casefold()}\n{nonce}".encode(), "sha256").hex()
