"""A SendGrid of our own on the loopback: enforces the documented rules and misbehaves when told to.

Rules: https://www.twilio.com/docs/sendgrid/api-reference/mail-send/limitations and the pages beside it.
"""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

RESERVED = {
    "x-sg-id", "x-sg-eid", "received", "dkim-signature", "content-type", "content-transfer-encoding",
    "to", "from", "subject", "reply-to", "cc", "bcc",
}  # fmt: skip
ADDRESS = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\".]+|[^@\s<>\"]+@localhost")
MOST_BYTES = 30 * 1024 * 1024
#: Seconds after which a connection that does not end is a fault of the test.
PATIENCE = 120


@dataclass(frozen=True)
class Taken:
    """A request that was accepted."""

    body: dict[str, Any]
    number: int

    @property
    def recipients(self) -> list[str]:
        return [p["custom_args"]["recipient"] for p in self.body["personalizations"]]


@dataclass
class Orders:
    """How the next requests are answered; when nothing is ordered, by the rules."""

    next: deque[str] = field(default_factory=deque)
    always: Callable[[int], str] | None = None  # request number -> order
    reset_at: float = 0.0


class FakeSendgrid:
    """The API at ``address``; knows one key."""

    def __init__(self, key: str = "SG.right", scopes: tuple[str, ...] = ("mail.send",)) -> None:
        self.key, self.scopes = key, scopes
        self.orders = Orders()
        self.taken: list[Taken] = []
        self.mails: Counter[tuple[str, str]] = Counter()  # (edition, recipient) -> times accepted
        self.on_taken: Callable[[Taken], None] = lambda _taken: None
        self.requests = 0
        self.connections = 0
        self._lock = threading.Lock()
        self._released = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def order(self, *orders: str) -> None:
        self.orders.next.extend(orders)

    def close(self) -> None:
        """Stop; nobody is being answered any more."""
        self._released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self._server.hang_up()

    def settle(self) -> None:
        """Wait until everything that was asked before is taken or turned down; those who asked must be gone."""
        self._released.set()
        self._server.wait_for_everybody()
        self._released.clear()

    def wait_released(self, seconds: float) -> None:
        self._released.wait(seconds)

    def next_order(self) -> str:
        with self._lock:
            self.requests += 1
            if self.orders.next:
                return self.orders.next.popleft()
            return self.orders.always(self.requests) if self.orders.always else ""

    def take(self, body: dict[str, Any]) -> None:
        with self._lock:
            taken = Taken(body, len(self.taken))
            self.taken.append(taken)
            edition = body.get("custom_args", {}).get("edition", "")
            self.mails.update((edition, recipient) for recipient in taken.recipients)
        self.on_taken(taken)


def faults(raw: bytes) -> tuple[int, list[dict[str, str | None]]]:
    """Return the status and the errors of a request by the rules."""
    if len(raw) > MOST_BYTES:
        return 413, [_error("The request is too large")]
    try:
        body = json.loads(raw)
    except ValueError:
        return 400, [_error("Bad Request")]
    found = [*_personalizations(body), *_content(body), *_headers("headers", body.get("headers", {})), *_others(body)]
    return (400 if found else 202), found


def _error(message: str, where: str | None = None) -> dict[str, str | None]:
    return {"message": message, "field": where, "help": None}


def _personalizations(body: dict[str, Any]):
    people = body.get("personalizations")
    if not isinstance(people, list) or not people:
        yield _error(
            "The personalizations field is required and must have at least one personalization.", "personalizations"
        )
        return
    count = sum(len(each.get(kind, [])) for each in people for kind in ("to", "cc", "bcc"))
    if len(people) > 1000 or count > 1000:
        yield _error("The maximum number of recipients is 1000.", "personalizations")
    for n, each in enumerate(people):
        addresses = [one["email"].lower() for kind in ("to", "cc", "bcc") for one in each.get(kind, [])]
        if not each.get("to"):
            yield _error("The to array is required.", f"personalizations.{n}.to")
        for m, address in enumerate(addresses):
            if not ADDRESS.fullmatch(address):
                yield _error("Does not contain a valid address.", f"personalizations.{n}.to.{m}.email")
        if len(set(addresses)) < len(addresses):
            yield _error("Each email address in the personalization block should be unique.", f"personalizations.{n}")
        yield from _headers(f"personalizations.{n}.headers", each.get("headers", {}))
        for name in ("substitutions", "custom_args"):
            if len(json.dumps(each.get(name, {}), ensure_ascii=False).encode()) > 10_000:
                yield _error(f"The {name} may take 10000 bytes.", f"personalizations.{n}.{name}")
            if not all(isinstance(value, str) for value in each.get(name, {}).values()):
                yield _error("Values must be strings.", f"personalizations.{n}.{name}")


def _content(body: dict[str, Any]):
    kinds = [part.get("type") for part in body.get("content", [])]
    if not kinds:
        yield _error("The content field is required.", "content")
    if "text/plain" in kinds[1:]:
        yield _error("If present, text/plain must be first.", "content")
    if any(not part.get("value") for part in body.get("content", [])):
        yield _error("The content value must be at least one character.", "content.0.value")
    if not body.get("subject"):
        yield _error("The subject is required.", "subject")
    if not ADDRESS.fullmatch(body.get("from", {}).get("email", "")):
        yield _error("The from email does not contain a valid address.", "from.email")


def _headers(where: str, headers: dict[str, str]):
    for name, value in headers.items():
        if name.lower() in RESERVED:
            yield _error("The header is reserved.", f"{where}.{name}")
        if not isinstance(value, str) or not value.isascii() or re.search(r"[\r\n]", value):
            yield _error("Header values must be ASCII on one line.", f"{where}.{name}")


def _others(body: dict[str, Any]):
    categories = body.get("categories", [])
    if len(categories) > 10 or len(set(categories)) < len(categories):
        yield _error("There may be 10 categories, all different.", "categories")
    if not all(isinstance(value, str) for value in body.get("custom_args", {}).values()):
        yield _error("Values must be strings.", "custom_args")
    for name in ("click_tracking", "open_tracking", "subscription_tracking"):
        if "enable" not in body.get("tracking_settings", {}).get(name, {}):
            yield _error("Tracking is not said explicitly.", f"tracking_settings.{name}")


class _Server(ThreadingHTTPServer):
    """Knows who is connected: a request goes on being answered after the one who asked was killed."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, *arguments: Any) -> None:
        self._connected: dict[Any, socket.socket] = {}  # by the other side's address
        self._changed = threading.Condition()
        super().__init__(*arguments)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._changed:
            self._connected[client_address] = request
            self._changed.notify_all()
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        with self._changed:
            self._connected = {who: each for who, each in self._connected.items() if each is not request}
            self._changed.notify_all()

    def hang_up(self) -> None:
        """Let every connection end."""
        with self._changed:
            for each in self._connected.values():
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
            assert self._changed.wait_for(lambda: not self._connected, PATIENCE)

    def wait_for_everybody(self) -> None:
        """Wait until nobody is connected: those who came before a last one, who is let in after them, among them."""
        with socket.create_connection(self.server_address) as last:
            here = last.getsockname()
            with self._changed:
                assert self._changed.wait_for(lambda: here in self._connected, PATIENCE)
        with self._changed:
            assert self._changed.wait_for(lambda: not self._connected, PATIENCE)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that were killed are no news."""


def _handler(api: FakeSendgrid) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def setup(self) -> None:
            super().setup()
            api.connections += 1

        def log_message(self, *args: object) -> None:
            """Say nothing."""

        def do_GET(self) -> None:
            if self._is_known():
                self._answer(200, {"scopes": list(api.scopes)})

        def do_POST(self) -> None:
            order = api.next_order()
            if order == "cut early":
                return self._cut()
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            if order == "cut":
                return self._cut()
            if order == "hang":
                api.wait_released(60)
                return self._cut()
            if not order or order in {"accept and cut", "accept and hang", "accept and 500"}:
                return self._by_the_rules(raw, order)
            return self._ordered(int(order))

        def _by_the_rules(self, raw: bytes, order: str) -> None:
            if not self._is_known():
                return None
            status, errors = faults(raw)
            if errors:
                return self._answer(status, {"errors": errors})
            api.take(json.loads(raw))
            if order == "accept and hang":
                api.wait_released(60)
            if order in {"accept and cut", "accept and hang"}:
                return self._cut()
            if order == "accept and 500":
                return self._ordered(500)
            return self._answer(202, None, {"X-Message-Id": f"message-{len(api.taken)}"})

        def _ordered(self, status: int) -> None:
            headers = {}
            if status == 429:
                headers["X-RateLimit-Reset"] = str(int(api.orders.reset_at or time.time() + 1))
            self._answer(status, {"errors": [_error(f"ordered {status}")]}, headers)

        def _is_known(self) -> bool:
            if self.headers["Authorization"] == f"Bearer {api.key}":
                return True
            self._answer(401, {"errors": [_error("The provided authorization grant is invalid, expired, or revoked")]})
            return False

        def _answer(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
            content = b"" if body is None else json.dumps(body).encode()
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def _cut(self) -> None:
            self.close_connection = True
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)

    return Handler
