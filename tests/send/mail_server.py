"""A mail server of aiosmtpd on a place that it holds from the start, so that nobody else can take it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller

#: Seconds that it may take to start on a busy machine.
PATIENCE = 120.0


class Held(Controller):
    """Serves on a socket that listens already."""

    def __init__(self, handler: object, **options: Any) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        super().__init__(handler, "127.0.0.1", self._listening.getsockname()[1], ready_timeout=PATIENCE, **options)

    def _create_server(self) -> Coroutine[Any, Any, asyncio.AbstractServer]:
        return self.loop.create_server(self._factory_invoker, sock=self._listening, ssl=self.ssl_context)


@contextmanager
def mail_server(handler: object, **options: Any) -> Iterator[int]:
    """Run a mail server and give its port."""
    controller = Held(handler, **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()
