"""Builds the bytes of a mail: prepared once a message, filled once a recipient; sends nothing.

Quoted-printable lets a text be encoded in pieces: a soft line end on each side of a slot lets its value stand on
lines of its own, so that no piece ever has to be encoded again (RFC 2045 §6.7).
"""

from __future__ import annotations

from binascii import b2a_qp
from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import format_datetime
from hashlib import blake2b
from html import escape
from urllib.parse import quote

from digest.errors import ProviderRefused
from digest.model import SLOT, Envelope, Message, Recipient
from digest.send.addresses import ascii_domain, header, mailbox, one_line, split

#: The longest one-click address; longer ones come near the 998 octets a line may have (RFC 5322 §2.1.1).
LONGEST_LINK = 900

#: The longest line (RFC 2045 §6.7), and what ends one without ending the text's.
_LONGEST, _SOFT = 76, b"=\r\n"


def build(message: Message, envelope: Envelope, recipient: Recipient, *, date: datetime) -> bytes:
    """Return a mail as bytes with CRLF line ends; where many get the message, use a ``Mould``."""
    return Mould(message, envelope, date=date).fill(recipient)


class Mould:
    """A message prepared for many recipients.

    With ``is_stuffed`` the dot that begins a line is doubled, as SMTP wants it (RFC 5321 §4.5.2): looking for such
    lines in each mail costs more than all else that is done to it.
    """

    def __init__(self, message: Message, envelope: Envelope, *, date: datetime, is_stuffed: bool = False) -> None:
        self._edition = envelope.edition
        self._domain = ascii_domain(f"@{one_line(envelope.message_id_domain)}")[1:]
        self._mailbox = one_line(envelope.unsubscribe_mailbox)
        self._subject = message.subject if SLOT.search(message.subject) else ""
        seed = f"{envelope.edition}\n{message.subject}\n{message.html}".encode()
        self._boundary = f"=_{blake2b(seed, digest_size=12).hexdigest()}"
        self._head = self._fixed_headers(message, envelope, date)
        self._body = Body(message, self._boundary, stuffed if is_stuffed else lambda piece: piece)

    def fill(self, recipient: Recipient) -> bytes:
        """Return the mail of one recipient. Raises ProviderRefused where a slot has no value."""
        values = dict(recipient.slots)
        try:
            body = self._body.pieces(values)
            subject = header("Subject", fill(self._subject, values)) if self._subject else ""
        except KeyError as missing:
            raise ProviderRefused(f"the message has a slot %%{missing.args[0]}%% and no value for it") from missing
        own = f"To: {mailbox(recipient.name, recipient.address)}\r\n{subject}"
        own += f"Message-ID: <{self.message_id(recipient)}>\r\n{self._unsubscribe(recipient)}"
        return b"".join((own.encode(), self._head, *body))

    def message_id(self, recipient: Recipient) -> str:
        """Return the recipient's Message-ID, the same at every attempt, without angle brackets."""
        name = f"{self._edition}\n{recipient.public_id}".encode()
        return f"{blake2b(name, digest_size=16).hexdigest()}@{self._domain}"

    def _unsubscribe(self, recipient: Recipient) -> str:
        """Return the List-Unsubscribe headers of RFC 2369 and RFC 8058, in one piece: never an encoded word."""
        url = one_line(recipient.one_click_url)
        if len(url) > LONGEST_LINK:
            raise ProviderRefused(f"the unsubscribe address has {len(url)} characters, at most {LONGEST_LINK} fit")
        ways = unsubscribe_ways(url, self._mailbox, recipient.public_id)
        if not ways:
            return ""
        post = "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" if url else ""
        joined = ",\r\n ".join(ways)
        return f"List-Unsubscribe: {joined}\r\n{post}"

    def _fixed_headers(self, message: Message, envelope: Envelope, date: datetime) -> bytes:
        lines = [f"From: {mailbox(*split(envelope.sender))}\r\n"]
        if envelope.reply_to:
            lines.append(f"Reply-To: {mailbox(*split(envelope.reply_to))}\r\n")
        if not self._subject:
            lines.append(header("Subject", message.subject))
        lines.append(f"Date: {format_datetime(date)}\r\n")
        lines += [f"{name}: {value}\r\n" for name, value in list_headers(envelope).items()]
        lines.append("MIME-Version: 1.0\r\n")
        lines.append(f'Content-Type: multipart/alternative;\r\n boundary="{self._boundary}"\r\n\r\n')
        return "".join(lines).encode()


class Body:
    """Both parts of a message, encoded but for the slots; every piece begins a line and is ``finished`` by itself."""

    def __init__(self, message: Message, boundary: str, finished: Callable[[bytes], bytes]) -> None:
        self._finished = finished
        start, end = f"--{boundary}\r\n".encode(), f"--{boundary}--\r\n".encode()
        self._slots: list[tuple[int, str, Callable[[str], bytes]]] = []
        self._pieces: list[bytes] = [start, _part_head("plain")]
        self._add(message.text, lambda value: _closed(_encode(value)))
        self._pieces += [b"\r\n", start, _part_head("html")]
        self._add(message.html, lambda value: _closed(_encode(escape(value))))
        self._pieces += [b"\r\n", end]

    def pieces(self, values: Mapping[str, str]) -> list[bytes]:
        """Return the body in pieces, with every slot's value; a value missing raises KeyError."""
        pieces = self._pieces.copy()
        for place, name, encode in self._slots:
            pieces[place] = self._finished(encode(values[name]))
        return pieces

    def _add(self, text: str, encode: Callable[[str], bytes]) -> None:
        *cut, last = SLOT.split(text)
        for before, name in zip(cut[::2], cut[1::2], strict=True):
            self._pieces.append(self._finished(_closed(_encode(before))))
            self._slots.append((len(self._pieces), name, encode))
            self._pieces.append(b"")
        self._pieces.append(self._finished(_encode(last)))


def list_headers(envelope: Envelope) -> dict[str, str]:
    """Return the headers that say what kind of mail it is (RFC 2919, RFC 3834, Gmail's Feedback-ID)."""
    newsletter, _, rest = envelope.edition.partition("/")
    list_id = ascii_domain(f"@{one_line(envelope.list_id)}")[1:]
    return {
        "List-Id": f"<{list_id}>",
        "Feedback-ID": f"{rest.replace('/', '-')}:{newsletter}:edition:{list_id}",
        "Auto-Submitted": "auto-generated",
    }


def unsubscribe_ways(url: str, mailbox: str, public_id: str) -> list[str]:
    """Return the ways out of RFC 2369, in angle brackets, the one-click address first."""
    ways = [f"<{url}>"] if url else []
    if mailbox:
        ways.append(f"<mailto:{ascii_domain(mailbox)}?subject=unsubscribe%20{quote(public_id)}>")
    return ways


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return the text with every slot's value; a value missing raises KeyError."""
    return SLOT.sub(lambda found: values[found[1]], text)


def stuffed(content: bytes) -> bytes:
    """Double the dot a line begins with (RFC 5321 §4.5.2)."""
    content = content.replace(b"\r\n.", b"\r\n..")
    return b"." + content if content.startswith(b".") else content


def _part_head(kind: str) -> bytes:
    lines = f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    return lines.encode()


def _encode(text: str) -> bytes:
    """Return a piece in quoted-printable lines of at most 76 characters, with CRLF line ends."""
    plain = "\n".join(text.splitlines()) + ("\n" if text.endswith(("\n", "\r")) else "") if "\r" in text else text
    return b2a_qp(plain.encode(), istext=True).replace(b"\n", b"\r\n")


def _closed(piece: bytes) -> bytes:
    """Return a piece with a soft line end, so that the next one starts a line."""
    if not piece or piece.endswith(b"\n"):
        return piece
    if len(piece) < _LONGEST or len(piece) - piece.rfind(b"\n") - 1 < _LONGEST:
        return piece + _SOFT
    last = 3 if piece[-3:-2] == b"=" else 1
    return piece[:-last] + _SOFT + piece[-last:] + _SOFT
