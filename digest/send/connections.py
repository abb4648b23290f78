"""Keeps HTTP connections to one address open and asks over them, with time limits; knows no provider.

Tells apart what a ledger must know: that nothing of a request's body has left, or that something may have.
"""

from __future__ import annotations

import http.client
import select
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, LifoQueue
from urllib.parse import urlsplit


class NotSent(Exception):
    """nothing of the body has left"""


class Unanswered(Exception):
    """the body may have arrived, and no answer came"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]  #: names in lower case
    body: bytes


class Connections:
    """Connections to one address, lent to one thread at a time."""

    def __init__(self, address: str, *, timeout: float, context: ssl.SSLContext | None = None) -> None:
        parts = urlsplit(address)
        self.address = address
        self._is_safe = parts.scheme == "https"
        self._host, self._port = parts.hostname or "", parts.port
        self._path = parts.path.rstrip("/")
        self._timeout = timeout
        self._context = context
        self._idle: LifoQueue[http.client.HTTPConnection] = LifoQueue()

    def ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        """Send a request and return the answer. Raises NotSent or Unanswered."""
        connection = self._kept() or self._connect()
        self._send_head(connection, method, path, headers, body)
        try:
            if body:
                connection.send(body)
            response = connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException) as fault:
            connection.close()
            raise Unanswered(str(fault) or type(fault).__name__) from fault
        if response.will_close:
            connection.close()
        else:
            self._idle.put(connection)
        kept = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status, kept, content)

    def close(self) -> None:
        """Close every idle connection."""
        with suppress(Empty):
            while True:
                self._idle.get_nowait().close()

    def _send_head(
        self,
        connection: http.client.HTTPConnection,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes,
    ) -> None:
        try:
            connection.putrequest(method, self._path + path, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name, value)
            if body:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders()
        except (OSError, http.client.HTTPException) as fault:
            connection.close()
            raise NotSent(str(fault) or type(fault).__name__) from fault

    def _kept(self) -> http.client.HTTPConnection | None:
        """Return an idle connection that still stands: a server that hung up has made it readable."""
        with suppress(Empty):
            while True:
                connection = self._idle.get_nowait()
                if connection.sock is not None and not select.select([connection.sock], [], [], 0)[0]:
                    return connection
                connection.close()
        return None

    def _connect(self) -> http.client.HTTPConnection:
        connection: http.client.HTTPConnection
        if self._is_safe:
            context = self._context or ssl.create_default_context()
            connection = http.client.HTTPSConnection(self._host, self._port, timeout=self._timeout, context=context)
        else:
            connection = http.client.HTTPConnection(self._host, self._port, timeout=self._timeout)
        try:
            connection.connect()
        except OSError as fault:
            connection.close()
            raise NotSent(str(fault) or type(fault).__name__) from fault
        return connection
