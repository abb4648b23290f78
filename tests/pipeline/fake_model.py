"""A language model of our own on the loopback: speaks the chat API, says what it is told to, and can misbehave."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

KEY = "sk-quay-1871"


def told(content: str) -> dict[str, Any]:
    """Return the article that the model is told of; a word for one that is only greeted."""
    return json.loads(content) if content.startswith("{") else {"headline": "Ready."}


class FakeModel:
    """The API at ``address``; knows one model and one key."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.says: Callable[[dict[str, Any]], str] = lambda article: article["headline"]
        self.does = ""  #: how it misbehaves: 401, 500, redirect, hang, trickle, cut, huge, garbage, empty, list
        self._over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def close(self) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _handler(model) -> type[BaseHTTPRequestHandler]:  # noqa: N805 (self is the request's)
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                model.keys.append(self.headers.get("Authorization", ""))
                if self.path != "/v1/chat/completions":
                    self.answer(404, {"error": "no such page"})
                else:
                    model.asked.append(question)
                    getattr(self, f"do_{model.does or 'well'}")(question)

            def do_well(self, question: dict[str, Any]) -> None:
                system, user = question["messages"]
                assert (system["role"], user["role"]) == ("system", "user")
                self.answer(
                    200,
                    {"choices": [{"message": {"role": "assistant", "content": model.says(told(user["content"]))}}]},
                )

            def do_401(self, _question: object) -> None:
                self.answer(401, {"error": {"message": f"Incorrect API key provided: {self.headers['Authorization']}"}})

            def do_500(self, _question: object) -> None:
                self.answer(500, {"error": "overloaded"})

            def do_redirect(self, _question: object) -> None:
                self.send_response(307)
                self.send_header("Location", f"{model.address}/chat/completions")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def do_hang(self, _question: object) -> None:
                model._over.wait(20)

            def do_trickle(self, _question: object) -> None:
                self.send_response(200)
                self.send_header("Content-Length", "100000")
                self.end_headers()
                while not model._over.wait(0.02):
                    self.wfile.write(b" ")
                    self.wfile.flush()

            def do_cut(self, _question: object) -> None:
                self.send_response(200)
                self.send_header("Content-Length", "500")
                self.end_headers()
                self.wfile.write(b'{"choices": [{"mess')
                self.wfile.flush()
                self.connection.shutdown(socket.SHUT_RDWR)

            def do_huge(self, _question: object) -> None:
                self.answer(200, {"choices": [{"message": {"content": "word " * 100_000}}]})

            def do_garbage(self, _question: object) -> None:
                self.answer(200, b"<html>Welcome to the hotel's network</html>")

            def do_empty(self, _question: object) -> None:
                self.answer(200, {"choices": []})

            def do_list(self, _question: object) -> None:
                self.answer(200, {"choices": [{"message": {"content": ["a", "b"]}}]})

            def answer(self, status: int, body: object) -> None:
                raw = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *_: object) -> None:
                pass

            def handle(self) -> None:
                with suppress(OSError):  # whoever asked has gone
                    super().handle()

        return Handler
