"""Sends over SMTP with smtplib's client; the conversation itself is in ``smtp_session``."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from queue import Empty, LifoQueue
from typing import Literal
from weakref import WeakKeyDictionary

from digest.errors import ProviderBusy, ProviderRefused
from digest.model import Receipt
from digest.send.addresses import ascii_domain, split
from digest.send.mime import Mould
from digest.send.provider import Mailing, Parcel, Traits
from digest.send.providers.smtp_session import Mail, Session


@dataclass(frozen=True, slots=True)
class Options:
    """How the mail server is reached."""

    host: str
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str = ""
    password: str = ""
    timeout: float = 30.0  #: seconds, for every step of the conversation
    connections: int = 2
    window: int = 20  #: mails of a connection that are marked as leaving at the same time
    local_hostname: str = ""  #: what we call ourselves, '' for this machine's name


class Smtp:
    """A mail server, over connections that are kept."""

    name = "smtp"

    def __init__(
        self,
        options: Options,
        *,
        context: ssl.SSLContext | None = None,
        sign: Callable[[bytes], bytes] | None = None,
    ) -> None:
        # Half a window is on its way and half waits beside it, so that a connection never waits for a commit.
        half = max(1, options.window // 2)
        self.traits = Traits(batch_size=100, window=half, connections=options.connections, queue=2)
        self._options = options
        self._context = context
        self._sign = sign
        self._idle: LifoQueue[Session] = LifoQueue()
        self._moulds: WeakKeyDictionary[Mailing, Mould] = WeakKeyDictionary()

    def deliver(self, mailing: Mailing, parcel: Parcel) -> tuple[Receipt, ...]:
        """Hand the mails over one after another, on one connection where it holds."""
        return self.prepare(mailing, parcel)()

    def prepare(self, mailing: Mailing, parcel: Parcel) -> Callable[[], tuple[Receipt, ...]]:
        """Fill the mails and return what signs them and hands them over."""
        mould = self._mould_of(mailing)
        sender = ascii_domain(split(mailing.envelope.sender)[1])
        mails = [Mail(each.id, each.address, mould.fill(each), self._sign is None) for each in parcel.recipients]

        def hand_over() -> tuple[Receipt, ...]:
            with self._session() as session:
                return session.send(sender, self._signed(mails))

        return hand_over

    def check(self) -> str:
        """Connect, protect the connection and log in."""
        with self._session() as session:
            session.noop()
        return f"{self._options.host}:{self._options.port} lets us in"

    def close(self) -> None:
        """Say goodbye on every connection."""
        while not self._idle.empty():
            self._idle.get_nowait().quit()

    def _signed(self, mails: list[Mail]) -> list[Mail]:
        sign = self._sign
        return mails if sign is None else [replace(mail, content=sign(mail.content)) for mail in mails]

    @contextmanager
    def _session(self) -> Iterator[Session]:
        """Lend a connection that works; one that broke is not kept."""
        session = self._kept() or self._connect()
        yield session
        if session.is_open:
            self._idle.put(session)

    def _kept(self) -> Session | None:
        while True:
            try:
                session = self._idle.get_nowait()
            except Empty:
                return None
            if session.is_alive():
                return session

    def _connect(self) -> Session:
        o = self._options
        context = self._context or (ssl.create_default_context() if o.security != "none" else None)
        name = o.local_hostname or None
        client: smtplib.SMTP | None = None
        try:
            if o.security == "tls":
                client = smtplib.SMTP_SSL(o.host, o.port, name, timeout=o.timeout, context=context)
            else:
                client = smtplib.SMTP(o.host, o.port, name, timeout=o.timeout)
            self._open(client, context)
        except Exception as fault:
            if client is not None:
                client.close()
            raise self._explained(fault) from fault
        if client.sock is not None:
            client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return Session(client)

    def _open(self, client: smtplib.SMTP, context: ssl.SSLContext | None) -> None:
        client.ehlo_or_helo_if_needed()
        if self._options.security == "starttls":
            client.starttls(context=context)
            client.ehlo()
        if self._options.username:
            client.login(self._options.username, self._options.password)

    def _explained(self, fault: Exception) -> ProviderRefused | ProviderBusy:
        """Say what kept us out, and which setting mends it."""
        where = f"smtp: {self._options.host}:{self._options.port}"
        match fault:
            case smtplib.SMTPAuthenticationError() if 500 <= fault.smtp_code < 600:
                said = f"{fault.smtp_code} {_text(fault.smtp_error)}"
                return ProviderRefused(
                    f"{where}: login refused ({said}); mend [provider] username or BROADSHEET_SMTP_PASSWORD"
                )
            case smtplib.SMTPNotSupportedError():
                return ProviderRefused(f"{where}: {fault}; mend [provider] security or username")
            case ssl.SSLError():
                return ProviderRefused(f"{where}: no safe connection: {fault}; mend [provider] security or port")
            case smtplib.SMTPResponseException():
                said = f"{fault.smtp_code} {_text(fault.smtp_error)}"
                kind = ProviderRefused if 500 <= fault.smtp_code < 600 else ProviderBusy
                return kind(f"{where}: {said}")
            case _:
                return ProviderBusy(f"{where}: not reached: {fault}; mend [provider] host or port if this stays")

    def _mould_of(self, mailing: Mailing) -> Mould:
        mould = self._moulds.get(mailing)
        if mould is None:
            is_plain = self._sign is None  # a signature is made over the mail as it is read
            mould = Mould(mailing.message, mailing.envelope, date=mailing.date, is_stuffed=is_plain)
            self._moulds[mailing] = mould
        return mould


def _text(said: bytes | str) -> str:
    return said.decode(errors="replace") if isinstance(said, bytes) else said
