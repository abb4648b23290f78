"""Asks a language model behind an OpenAI-compatible API, within limits; knows no article and judges no answer."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Event, Timer
from typing import Any
from urllib.parse import urlsplit

from digest.errors import WriterFailed

#: Bytes of an answer: a dek, and what the API says of it, take a few thousand.
_MOST = 200_000


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One model, and how it is asked."""

    base_url: str  #: such as https://api.example/v1
    model: str  #: its name there
    key: str = ""  #: '' for an API that asks for none
    timeout: float = 20.0  #: seconds for a whole question
    connections: int = 4  #: questions at once

    def ask(self, system: str, user: str) -> str:
        """Return what the model answers. Raises WriterFailed, after the timeout at the latest."""
        messages = [{"role": "system", "content": system}, {"role": "user", "content": user}]
        try:
            status, body = self._post(json.dumps({"model": self.model, "messages": messages}).encode())
        except (OSError, HTTPException) as error:
            raise WriterFailed(f"{self._name}: {error or type(error).__name__}") from error
        if status != 200:
            said = body[:200].decode("utf-8", "replace")
            raise WriterFailed(f"{self._name} answered {status}: {said.replace(self.key, '…') if self.key else said}")
        return _content(body, self._name)

    @property
    def _name(self) -> str:
        return f"{self.model} at {urlsplit(self.base_url).hostname}"

    def _post(self, body: bytes) -> tuple[int, bytes]:
        """Return status and body. A redirect is an answer like any other: the key goes nowhere else."""
        parts = urlsplit(self.base_url)
        connection = _connection(parts.scheme, parts.netloc.rpartition("@")[2], self.timeout)
        try:
            connection.connect()
            with _cut_after(self.timeout, connection.sock):
                connection.request("POST", f"{parts.path.rstrip('/')}/chat/completions", body, self._headers())
                response = connection.getresponse()
                answer = response.read(_MOST + 1)
        finally:
            connection.close()
        if len(answer) > _MOST:
            raise WriterFailed(f"{self._name}: an answer of more than {_MOST:,} bytes")
        return response.status, answer

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "Broadsheet"}
        return headers | ({"Authorization": f"Bearer {self.key}"} if self.key else {})


def _connection(scheme: str, host: str, timeout: float) -> HTTPConnection:
    if scheme == "https":
        return HTTPSConnection(host, timeout=timeout, context=ssl.create_default_context())
    return HTTPConnection(host, timeout=timeout)


@contextmanager
def _cut_after(seconds: float, connected: socket.socket) -> Iterator[None]:
    """Cut a connection off after so many seconds: a socket's own limit begins anew with each byte that trickles in."""
    is_cut = Event()

    def cut() -> None:
        is_cut.set()
        with suppress(OSError):
            connected.shutdown(socket.SHUT_RDWR)

    timer = Timer(seconds, cut)
    timer.start()
    try:
        yield
    except (OSError, HTTPException):
        if not is_cut.is_set():
            raise
    finally:
        timer.cancel()
    if is_cut.is_set():
        raise TimeoutError(f"no whole answer after {seconds:g} s")


def _content(body: bytes, name: str) -> str:
    try:
        answer: Any = json.loads(body)
        content = answer["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise WriterFailed(f"{name}: its answer is no chat completion") from error
    if not isinstance(content, str):
        raise WriterFailed(f"{name}: its answer has no text")
    return content
