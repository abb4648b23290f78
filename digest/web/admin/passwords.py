"""Passwords: what makes a good one, and its argon2 hash; knows no account."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from digest.errors import UsageError

#: NIST SP 800-63B §5.1.1.2 asks for 8 at least; length is what counts, so more, and no rules about signs.
SHORTEST, LONGEST = 10, 256

_hasher = PasswordHasher()  # RFC 9106 §4, the second recommended option: 64 MiB, 3 passes, 4 lanes


def hashed(password: str, name: str = "") -> str:
    """Return a new password's hash; raise UsageError where it is too easy to guess."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise UsageError(f"a password has {SHORTEST} to {LONGEST} signs; a few words in a row make a good one")
    if len(set(password)) < 5 or (name and name.casefold() in password.casefold() and len(password) < 2 * len(name)):
        raise UsageError("that password is easily guessed; a few words in a row make a good one")
    return _hasher.hash(password)


def is_right(password: str, kept: str | None) -> bool:
    """Tell whether a password is the one kept; takes as long where there is none."""
    try:
        return _hasher.verify(kept or _nobody(), password[:LONGEST]) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    return _hasher.hash("nobody has this password")
