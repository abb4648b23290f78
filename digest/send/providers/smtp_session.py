"""One SMTP conversation: many mails, pipelined where the server offers it; knows no login and no ledger.

A mail's content and the next mail's MAIL, RCPT and DATA travel together, so a mail costs one round trip
(RFC 2920 §3.1). Whatever is sent after the content's first byte without an answer is uncertain.
"""

from __future__ import annotations

import re
import select
import smtplib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO

from digest.errors import ProviderRefused
from digest.model import Fate, Receipt
from digest.send.addresses import ascii_domain
from digest.send.mime import stuffed
from digest.send.status import has_no_mailbox

#: What a connection may raise when it breaks.
BROKEN = (OSError, smtplib.SMTPServerDisconnected)

#: The longest line of a reply that is read (RFC 5321 §4.5.3.1.5 asks for 512).
_LONGEST_LINE = 8192

#: A reply's code and its text.
Reply = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail to one recipient."""

    recipient: int  #: the subscriber's id
    address: str
    content: bytes  #: with CRLF line ends
    is_stuffed: bool = False  #: whether the dot that begins a line is doubled already


class Session:
    """An open connection to a mail server."""

    def __init__(self, client: smtplib.SMTP) -> None:
        self._client = client
        self._is_pipelining = client.has_extn("pipelining")
        self._is_utf8 = client.has_extn("smtputf8")
        self._has_size = client.has_extn("size")
        size = client.esmtp_features.get("size", "")
        self._most = int(size) if re.fullmatch("[0-9]{1,18}", size) else 0
        self.is_open = True

    def send(self, sender: str, mails: Sequence[Mail]) -> tuple[Receipt, ...]:
        """Send mails in order and return a receipt for each.

        Raises ProviderRefused where the server does not take the sender, before anything was sent.
        """
        faults = {mail.recipient: self._fault(mail) for mail in mails}
        refused = [Receipt(number, "rejected", detail=fault) for number, fault in faults.items() if fault]
        return (*refused, *self._converse(sender, [mail for mail in mails if not faults[mail.recipient]]))

    def noop(self) -> None:
        """Make sure the server answers."""
        self._client.noop()

    def is_alive(self) -> bool:
        """Tell whether a connection that was idle still stands: a server that left has said so."""
        sock = self._client.sock
        self.is_open = sock is not None and not select.select([sock], [], [], 0)[0]
        return self.is_open

    def quit(self) -> None:
        """Say goodbye."""
        self.is_open = False
        with suppress(*BROKEN, smtplib.SMTPException):
            self._client.quit()

    def _fault(self, mail: Mail) -> str:
        """Say why the server will never take a mail, '' where it may."""
        if self._most and len(mail.content) > self._most:
            return f"the mail has {len(mail.content)} bytes, the server takes {self._most}"
        if not mail.address.isascii() and not mail.address.rpartition("@")[0].isascii() and not self._is_utf8:
            return "the server takes no letters beyond ASCII before the @ (no SMTPUTF8)"
        return ""

    def _converse(self, sender: str, mails: Sequence[Mail]) -> list[Receipt]:
        receipts: list[Receipt] = []
        early = b""  # the commands that went out with the mail before
        commands = [*(self._commands(sender, mail) for mail in mails), b""]
        for n, mail in enumerate(mails):
            step = _Step(self._client, self._is_pipelining)
            receipt = step.run(mail, commands[n], early, commands[n + 1])
            early = step.early
            receipts.append(receipt)
            if step.refused_sender and n == 0:
                self._leave()
                raise ProviderRefused(f"smtp: sender {sender} refused: {receipt.detail}; mend [site] sender")
            if step.is_over:
                self._leave()
                receipts += [Receipt(each.recipient, "later", detail=receipt.detail) for each in mails[n + 1 :]]
                break
        return receipts

    def _commands(self, sender: str, mail: Mail) -> bytes:
        address = ascii_domain(mail.address)
        options = f" SIZE={len(mail.content)}" if self._has_size else ""
        options += "" if address.isascii() else " SMTPUTF8 BODY=8BITMIME"
        return f"MAIL FROM:<{sender}>{options}\r\nRCPT TO:<{address}>\r\nDATA\r\n".encode()

    def _leave(self) -> None:
        self.is_open = False
        self._client.close()


class _Step:
    """One mail of a conversation."""

    def __init__(self, client: smtplib.SMTP, is_pipelining: bool) -> None:
        self._client = client
        self._is_pipelining = is_pipelining
        self._has_begun = False  # whether the content's first byte may have left
        self.early = b""  # what of the next mail is on its way already
        self.refused_sender = False
        self._refused_recipient = False
        self.is_over = False  # whether the connection can be used no more

    def run(self, mail: Mail, commands: bytes, early: bytes, after: bytes) -> Receipt:
        """Send one mail; ``early`` are its commands that left before, ``after`` those of the next one."""
        try:
            refusal = self._ask(commands, early)
            if refusal is None:
                return self._transfer(mail, after)
            return self._receipt(mail, refusal)
        except BROKEN as fault:
            self.is_over = True
            fate: Fate = "uncertain" if self._has_begun else "later"
            return Receipt(mail.recipient, fate, detail=f"connection lost: {fault or type(fault).__name__}")

    def _ask(self, commands: bytes, early: bytes) -> Reply | None:
        """Go through MAIL, RCPT and DATA; return the first refusal, nothing where content is awaited."""
        if self._is_pipelining:
            if not early:
                self._write(commands)
            replies = [self._reply() for _ in range(3)]
        else:
            replies = []
            for command in commands.splitlines(keepends=True):
                self._write(command)
                replies.append(self._reply())
                if replies[-1][0] >= 400:
                    break
        refusal = next((reply for reply in replies if reply[0] >= 400), None)
        self.refused_sender = 500 <= replies[0][0] < 600
        self._refused_recipient = refusal is not None and refusal is not replies[0] and refusal is replies[1]
        if replies[-1][0] == 354 and refusal:
            self._write(b".\r\n")  # RFC 2920 §3.1: content is awaited for nobody
            self._reply()
        if refusal and refusal[0] != 421:
            self._write(b"RSET\r\n")
            self._reply()
        return refusal

    def _transfer(self, mail: Mail, after: bytes) -> Receipt:
        self._has_begun = True
        self.early = after if self._is_pipelining else b""
        content = mail.content if mail.is_stuffed else stuffed(mail.content)
        self._write(b"".join((content, b".\r\n" if content.endswith(b"\r\n") else b"\r\n.\r\n", self.early)))
        return self._receipt(mail, self._reply())

    def _receipt(self, mail: Mail, reply: Reply) -> Receipt:
        code, said = reply
        self.is_over = code == 421
        if 200 <= code < 300:
            return Receipt(mail.recipient)
        if code < 500:
            return Receipt(mail.recipient, "later", detail=f"{code} {said}")
        is_nobody = self._refused_recipient and has_no_mailbox(said)
        return Receipt(mail.recipient, "rejected", detail=f"{code} {said}", has_no_mailbox=is_nobody)

    def _write(self, data: bytes) -> None:
        sock = self._client.sock
        if sock is None:
            raise smtplib.SMTPServerDisconnected("the connection is closed")
        sock.sendall(data)

    def _reply(self) -> Reply:
        """Read one reply; most are a line, and the client's own reader takes twice as long for it."""
        file: BinaryIO | None = self._client.file
        line = file.readline(_LONGEST_LINE) if file is not None else b""
        if file is None or not line.endswith(b"\n") or not line[:3].isdigit():
            self._client.close()
            raise smtplib.SMTPServerDisconnected("connection unexpectedly closed")
        said = [line[4:]]
        while line[3:4] == b"-":
            line = file.readline(_LONGEST_LINE)
            said.append(line[4:])
        return int(line[:3]), " ".join(b" ".join(said).decode(errors="replace").split())
