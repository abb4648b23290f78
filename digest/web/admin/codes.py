"""Codes of the second step of signing in: made, checked, drawn, and their secrets sealed; knows no account's page."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from datetime import datetime
from hmac import compare_digest

import pyotp
import segno
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from digest.errors import StoreError
from subscribers import KeyRing

#: RFC 6238 §5.2 recommends both: a new code every 30 seconds, and one span of leeway for the network and the typist.
SPAN, LEEWAY = 30, 1
#: Each has 80 random bits, so that its bare SHA-256 tells nobody anything.
RECOVERY_CODES, _RECOVERY_SIGNS = 10, 16
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"  # RFC 4648 §6: no 0, 1, 8 to be misread
_NONCE = 12  # bytes, as NIST SP 800-38D §8.2 has it


def new_secret() -> str:
    """Return a new secret in base32: 160 bits, as RFC 4226 §4 recommends."""
    return pyotp.random_base32()


def span_of(secret: str, code: str, now: datetime) -> int | None:
    """Return the span of time a code belongs to, counted from 1970, None where it is not one of about now."""
    here, maker = int(now.timestamp()) // SPAN, pyotp.TOTP(secret)
    typed = re.sub(r"\s", "", code).encode()
    right = [span for span in range(here - LEEWAY, here + LEEWAY + 1)
             if compare_digest(maker.generate_otp(span).encode(), typed)]  # fmt: skip
    return right[-1] if right else None


def address(secret: str, account: str, place: str) -> str:
    """Return what an authenticator app reads off a picture: an ``otpauth`` address."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=place)


def picture(text: str) -> str:
    """Return a QR code as an SVG element: dark on light in any colour scheme, as cameras want it."""
    code = segno.make(text, error="m", micro=False)
    return code.svg_inline(border=4, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None)


def recovery_codes() -> list[str]:
    """Return new recovery codes, in the way they are written down."""
    made = ("".join(secrets.choice(_LETTERS) for _ in range(_RECOVERY_SIGNS)) for _ in range(RECOVERY_CODES))
    return ["-".join(re.findall(".{4}", each)) for each in made]


def plain(code: str) -> str:
    """Return a recovery code as it is kept, however it was typed."""
    return re.sub(r"[^a-z0-9]", "", code.casefold())


class Vault:
    """Seals secrets with the installation's keys, which the store does not hold."""

    def __init__(self, keys: Callable[[], KeyRing]) -> None:
        self._keys = keys

    def seal(self, account: int, secret: str) -> bytes:
        """Return a secret encrypted, bound to its account."""
        nonce = secrets.token_bytes(_NONCE)
        newest, key = self._keys().keys[0]
        sealed = AESGCM(_derived(key)).encrypt(nonce, secret.encode(), str(account).encode())
        return newest.encode() + b":" + nonce + sealed

    def open(self, account: int, sealed: bytes) -> str:
        """Return a secret; raise StoreError where the key it was sealed with is gone."""
        name, _, rest = sealed.partition(b":")
        try:
            key = AESGCM(_derived(dict(self._keys().keys)[name.decode()]))
            return key.decrypt(rest[:_NONCE], rest[_NONCE:], str(account).encode()).decode()
        except (KeyError, InvalidTag, ValueError) as fault:
            raise StoreError(
                f"the second step's secret cannot be read: key {name.decode(errors='replace')} is not on the ring "
                "(var/link-keys); put it back, or take the step off with: digest admin reset NAME"
            ) from fault


def _derived(secret: bytes) -> bytes:
    """Return a key for this purpose alone (RFC 5869): the ring's own sign links."""
    return HKDF(SHA256(), 32, salt=None, info=b"broadsheet second step").derive(secret)
