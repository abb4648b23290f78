"""Signs mails with DKIM (RFC 6376), both List-Unsubscribe headers among what is signed; sends nothing."""

from __future__ import annotations

from dataclasses import dataclass

from digest.errors import ProviderRefused

#: What is signed where it is there; RFC 8058 §4 asks for both List-Unsubscribe headers.
SIGNED = (
    b"from",
    b"to",
    b"subject",
    b"date",
    b"message-id",
    b"reply-to",
    b"mime-version",
    b"content-type",
    b"list-id",
    b"list-unsubscribe",
    b"list-unsubscribe-post",
    b"feedback-id",
    b"auto-submitted",
)


@dataclass(frozen=True, slots=True)
class Key:
    """A signing key and where its public half is found in the DNS."""

    domain: str  #: ``news.example``
    selector: str  #: the record is ``selector._domainkey.news.example``
    pem: str  #: the private key, PEM


class Signer:
    """Puts a DKIM-Signature above mails."""

    def __init__(self, key: Key) -> None:
        try:
            import dkim
        except ModuleNotFoundError as fault:
            raise ProviderRefused("signing mails needs dkimpy: pip install 'broadsheet[dkim]'") from fault
        self._dkim = dkim
        self._domain, self._selector = key.domain.encode(), key.selector.encode()
        self._key = key.pem.encode()
        try:
            self.sign(b"From: a@b.example\r\n\r\nx\r\n")
        except (dkim.DKIMException, ValueError, TypeError) as fault:
            raise ProviderRefused(f"the DKIM key cannot sign: {fault}; it must be an RSA key in PEM") from fault

    def sign(self, mail: bytes) -> bytes:
        """Return a mail with its signature above it."""
        head = mail.partition(b"\r\n\r\n")[0].lower()
        there = [name for name in SIGNED if head.startswith(name + b":") or b"\r\n" + name + b":" in head]
        signature: bytes = self._dkim.sign(
            mail,
            self._selector,
            self._domain,
            self._key,
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=there,
        )
        return signature + mail
