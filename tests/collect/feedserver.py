"""A web server on loopback that answers as it is told and remembers what it was asked."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self


@dataclass
class Asked:
    """One request that came in."""

    path: str
    headers: Mapping[str, str]


@dataclass
class Told:
    """One answer to give."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    instead: Callable[[BaseHTTPRequestHandler], None] | None = None


class FeedServer:
    """Answers each path with what it was told, the last answer again and again; unknown paths are not found."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.most_at_a_time = 0
        self._at_a_time = 0
        self._lock = threading.Lock()
        self._told: dict[str, list[Told]] = defaultdict(list)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def answers(self, path: str, body: bytes = b"", status: int = 200, **headers: str) -> str:
        """Give this answer next at ``path``; return the path's address."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._told[path].append(Told(body, status, named))
        return self.url(path)

    def does(self, path: str, instead: Callable[[BaseHTTPRequestHandler], None]) -> str:
        """Do something else than answering at ``path``; return the path's address."""
        self._told[path].append(Told(instead=instead))
        return self.url(path)

    def url(self, path: str) -> str:
        """Return the address of a path."""
        return f"http://127.0.0.1:{self._server.server_port}{path}"

    def paths(self) -> list[str]:
        """Return what was asked for, in order."""
        return [each.path for each in self.asked]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.asked.append(Asked(self.path, dict(self.headers.items())))
                server._enter(1)
                told = server._told.get(self.path) or [Told(b"nothing here", 404)]
                answer = told.pop(0) if len(told) > 1 else told[0]
                (answer.instead or server._giving(answer))(self)

            def log_message(self, *args: object) -> None:
                pass

        return Handler

    def _enter(self, step: int) -> None:
        with self._lock:
            self._at_a_time += step
            self.most_at_a_time = max(self.most_at_a_time, self._at_a_time)

    def _giving(self, told: Told) -> Callable[[BaseHTTPRequestHandler], None]:
        server = self

        def give(handler: BaseHTTPRequestHandler) -> None:
            server._enter(-1)
            handler.send_response(told.status)
            for name, value in told.headers.items():
                handler.send_header(name, value)
            handler.send_header("Content-Length", str(len(told.body)))
            handler.end_headers()
            with suppress(OSError):  # a client that has read enough hangs up
                handler.wfile.write(told.body)

        return give

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
