"""Signed links: who may do what for one person and one scope; knows no database and no page.

A link reads ``<purpose><key>.<public id>.<scope>.<signature>``. It is bound to one purpose, one person and
one newsletter or list, so a forwarded mail opens nothing else.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from subscribers.errors import KeyFault, LinkFault

Purpose = Literal["unsubscribe", "preferences", "confirm"]

_LETTERS: dict[Purpose, str] = {"unsubscribe": "u", "preferences": "p", "confirm": "c"}
_KEY_BYTES = 32
_MARK_BYTES = 16  # 128 bits of HMAC-SHA-256, as RFC 2104 §5 allows
_MARK_LETTERS = 22  # of those bytes in base64, without its padding
_BLOCK_BYTES = 64  # SHA-256 takes in so many at a time


@dataclass(frozen=True, slots=True)
class Claim:
    """What a link that verified says."""

    purpose: Purpose
    public_id: str
    scope: str  #: a newsletter's or a list's slug


@dataclass(frozen=True, slots=True, repr=False)
class KeyRing:
    """The keys that sign links: the first signs, all verify, none is ever taken off by itself."""

    keys: tuple[tuple[str, bytes], ...]  #: (name, secret), newest first

    @classmethod
    def generate(cls) -> KeyRing:
        """Return a ring with one new key."""
        return cls(()).rotate()

    @classmethod
    def from_text(cls, text: str) -> KeyRing:
        """Read a ring, newest key first, ``name:secret`` parted by blanks, commas or lines.

        Raises:
            KeyFault: there is no key, or one cannot be read; the message never holds a secret.
        """
        keys = tuple(_key(word, place) for place, word in enumerate(text.replace(",", " ").split(), 1))
        if not keys:
            raise KeyFault("the key ring is empty: a line of it reads name:secret; `digest init` makes one")
        return cls(keys)

    def to_text(self) -> str:
        """Return the ring as ``from_text`` reads it, a key a line."""
        return "".join(f"{name}:{urlsafe_b64encode(secret).decode()}\n" for name, secret in self.keys)

    def rotate(self) -> KeyRing:
        """Return a ring that signs with a new key and still verifies with the old ones."""
        taken = {name for name, _ in self.keys}
        name = next(str(number) for number in range(1, len(taken) + 2) if str(number) not in taken)
        return KeyRing(((name, secrets.token_bytes(_KEY_BYTES)), *self.keys))

    def sign(self, purpose: Purpose, public_id: str, scope: str) -> str:
        """Return the token of a link, safe in a URL's path; costs about 3 µs."""
        name, secret = self.keys[0]
        said = f"{_LETTERS[purpose]}{name}.{public_id}.{scope}"
        return f"{said}.{_mark(secret, said)}"

    def sign_all(self, purpose: Purpose, public_ids: Sequence[str], scope: str) -> list[str]:
        """Return the tokens ``sign`` returns for each, at a third of its cost."""
        name, secret = self.keys[0]
        marks = _Marks(secret)
        saids = [f"{_LETTERS[purpose]}{name}.{public_id}.{scope}" for public_id in public_ids]
        return [f"{said}.{mark}" for said, mark in zip(saids, marks.of(saids), strict=True)]

    def verify(self, token: str, purpose: Purpose) -> Claim:
        """Return what a token says.

        Raises:
            LinkFault: it was not signed by this ring, or for another purpose.
        """
        said, _, mark = token.rpartition(".")
        head, public_id, scope = [*said.split(".", 2), "", ""][:3]
        secret = dict(self.keys).get(head[1:])
        # An unknown key costs the same as a wrong mark, and ends the same.
        right = hmac.compare_digest(_mark(secret or b"\0", said).encode(), mark.encode())
        if not (right and secret and head[:1] == _LETTERS[purpose]):
            raise LinkFault("this link is not complete, or not ours: copy it whole from the mail")
        return Claim(purpose, public_id, scope)


class _Marks:
    """HMAC-SHA-256 of many texts with one key, which is taken in once (RFC 2104 §4)."""

    def __init__(self, secret: bytes) -> None:
        key = (secret if len(secret) <= _BLOCK_BYTES else hashlib.sha256(secret).digest()).ljust(_BLOCK_BYTES, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in key))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in key))

    def of(self, saids: Sequence[str]) -> list[str]:
        """Return each text's mark, as ``_mark`` does."""
        made = [self._digest(said.encode())[:_MARK_BYTES] for said in saids]
        # Padded to whole groups of three bytes, each takes four letters a group: the last two say nothing.
        written = urlsafe_b64encode(b"\0\0".join([*made, b""])).decode()
        return [written[at : at + _MARK_LETTERS] for at in range(0, len(written), _MARK_LETTERS + 2)]

    def _digest(self, said: bytes) -> bytes:
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(said)
        outer.update(inner.digest())
        return outer.digest()


def _mark(secret: bytes, said: str) -> str:
    made = hmac.digest(secret, said.encode(), "sha256")[:_MARK_BYTES]
    return urlsafe_b64encode(made).rstrip(b"=").decode()


def _key(word: str, place: int) -> tuple[str, bytes]:
    name, _, secret = word.partition(":")
    try:
        decoded = urlsafe_b64decode(secret)
    except ValueError as fault:
        raise KeyFault(f"key {place} of the ring is not base64url") from fault
    if not name.isalnum() or len(decoded) < _KEY_BYTES:
        raise KeyFault(f"key {place} of the ring does not read name:secret with a secret of {_KEY_BYTES} bytes")
    return name, decoded
