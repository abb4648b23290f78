"""A reader's browser, without a network: asks an ASGI application and reads the answer."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from urllib.parse import urlencode

from starlette.types import ASGIApp


@dataclass
class Answer:
    """What came back."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def heading(self) -> str:
        """The page's first heading."""
        found = re.search(r"<h1>(.*?)</h1>", self.text, re.DOTALL)
        assert found, self.text
        return found[1]


class Browser:
    """Gets and posts from one network address, keeping no cookies."""

    def __init__(self, app: ASGIApp, address: str = "192.0.2.7") -> None:
        self.app = app
        self.address = address

    def get(self, path: str, query: str = "", headers: dict[str, str] | None = None) -> Answer:
        return self._ask("GET", path, b"", headers, query)

    def post(self, path: str, form: dict[str, str] | list[tuple[str, str]] | None = None) -> Answer:
        return self._ask("POST", path, urlencode(form or {}).encode())

    def post_raw(self, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        return self._ask("POST", path, body, headers)

    def _ask(self, method: str, path: str, body: bytes, more: dict[str, str] | None = None, query: str = "") -> Answer:
        answer = Answer()

        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, object]) -> None:
            if message["type"] == "http.response.start":
                answer.status = message["status"]
                answer.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            elif message["type"] == "http.response.body":
                answer.body += message.get("body", b"")

        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "scheme": "https",
            "server": ("news.example", 443),
            "client": (self.address, 50000),
            "headers": [
                (b"host", b"news.example"),
                (b"content-type", b"application/x-www-form-urlencoded"),
                *((name.lower().encode(), value.encode()) for name, value in (more or {}).items()),
            ],
        }
        asyncio.run(self.app(scope, receive, send))
        return answer
