"""Somebody with a browser that keeps cookies, without a network: asks an ASGI application as a browser would."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from html import unescape
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from starlette.types import ASGIApp

from tests.background import until_done

HOST = "news.example"


@dataclass
class Answer:
    """What came back."""

    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def plain(self) -> str:
        """The words on the page."""
        return " ".join(unescape(re.sub(r"<[^>]*>", " ", self.text)).split())

    @property
    def location(self) -> str:
        return self.header("location")

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")

    @property
    def csrf(self) -> str:
        found = re.search(r'name="csrf"\s+value="([0-9a-f]{64})"', self.text)
        return found[1] if found else ""


class Visitor:
    """Gets and posts, keeps cookies, remembers the mark of the last form it saw and the page it is on."""

    def __init__(self, app: ASGIApp, address: str = "192.0.2.7") -> None:
        self.app, self.address = app, address
        self.cookies: dict[str, str] = {}
        self.csrf = ""
        self.at = "/admin"

    def get(self, path: str, **headers: str) -> Answer:
        answer = self._ask("GET", path, b"", headers)
        if b"Counting the people" in answer.body:  # the page asks again by itself, and fills in what it gets
            until_done("count lists")
            answer.body += self._ask("GET", path, b"", headers).body
        self.at, self.csrf = path, answer.csrf or self.csrf
        return answer

    def post(self, path: str, form: dict[str, str] | list[tuple[str, str]] | None = None, **headers: str) -> Answer:
        pairs = list(form.items() if isinstance(form, dict) else form or [])
        if not any(name == "csrf" for name, _ in pairs):
            pairs.append(("csrf", self.csrf))
        kind = {"content-type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, urlencode(pairs).encode(), kind | headers)

    def upload(self, path: str, form: dict[str, str], name: str, content: bytes) -> Answer:
        parts = [f'--edge\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
                 for key, value in {"csrf": self.csrf, **form}.items()]  # fmt: skip
        head = f'--edge\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = b"".join(parts) + head.encode() + content + b"\r\n--edge--\r\n"
        return self._ask("POST", path, body, {"content-type": "multipart/form-data; boundary=edge"})

    def follow(self, answer: Answer) -> Answer:
        """Go where an answer leads."""
        assert answer.status == 303, answer.plain
        return self.get(answer.location)

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        answer = Answer()
        parts = urlsplit(path)
        sent = {"host": HOST, "content-length": str(len(body)), "referer": f"https://{HOST}{self.at}"}
        if method == "POST":
            sent |= {"origin": f"https://{HOST}", "sec-fetch-site": "same-origin"}
        if self.cookies:
            sent["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        gone = asyncio.Event()

        async def receive() -> dict[str, object]:
            if gone.is_set():
                await asyncio.Event().wait()
            gone.set()
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, object]) -> None:
            if message["type"] == "http.response.start":
                answer.status = message["status"]
                answer.headers = [(name.decode(), value.decode()) for name, value in message["headers"]]
            elif message["type"] == "http.response.body":
                answer.body += message.get("body", b"")

        scope = {
            "type": "http", "http_version": "1.1", "method": method, "path": parts.path, "raw_path": parts.path.encode(),
            "query_string": parts.query.encode(), "root_path": "", "scheme": "https", "server": (HOST, 443),
            "client": (self.address, 50000), "headers": [(n.encode(), v.encode()) for n, v in sent.items()],
        }  # fmt: skip
        asyncio.run(self.app(scope, receive, send))
        self._keep_cookies(answer)
        return answer

    def _keep_cookies(self, answer: Answer) -> None:
        for name, value in answer.headers:
            if name == "set-cookie":
                for key, morsel in SimpleCookie(value).items():
                    if morsel["max-age"] == "0":
                        self.cookies.pop(key, None)
                    else:
                        self.cookies[key] = morsel.value
