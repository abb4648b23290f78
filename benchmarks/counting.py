"""An HTTP endpoint on the loopback that only counts; run as a process of its own."""

from __future__ import annotations

import multiprocessing
import selectors
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

ANSWER = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\nX-Message-Id: counted\r\n\r\n"


@dataclass
class _Client:
    head: bytearray = field(default_factory=bytearray)
    left: int = -1  # bytes of the body still to come, -1 while the head is read


@contextmanager
def endpoint(latency: float = 0.0) -> Iterator[str]:
    """Give the address of an endpoint that answers 202 so many seconds after each request."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs, latency), daemon=True)
    process.start()
    theirs.close()  # a child that dies ends the wait
    try:
        yield f"http://127.0.0.1:{ours.recv()}"
    finally:
        process.kill()
        process.join()


def _serve(pipe: multiprocessing.connection.Connection, latency: float) -> None:
    selector = selectors.DefaultSelector()
    listening = socket.create_server(("127.0.0.1", 0), backlog=64)
    selector.register(listening, selectors.EVENT_READ)
    pipe.send(listening.getsockname()[1])
    due: list[tuple[float, socket.socket]] = []
    buffer = bytearray(1 << 20)
    while True:
        wait = max(0.0, due[0][0] - time.monotonic()) if due else None
        for key, _ in selector.select(wait):
            if key.fileobj is listening:
                client, _ = listening.accept()
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                selector.register(client, selectors.EVENT_READ, _Client())
            elif _read(key.fileobj, key.data, buffer, selector):
                due.append((time.monotonic() + latency, key.fileobj))
        while due and due[0][0] <= time.monotonic():
            due.pop(0)[1].sendall(ANSWER)


def _read(client: socket.socket, state: _Client, buffer: bytearray, selector: selectors.BaseSelector) -> bool:
    """Read what is there; tell whether a request is whole."""
    size = client.recv_into(buffer)
    if not size:
        selector.unregister(client)
        client.close()
        return False
    if state.left >= 0:
        state.left -= size
    else:
        state.head += buffer[:size]
        end = state.head.find(b"\r\n\r\n")
        if end < 0:
            return False
        start = state.head.lower().find(b"content-length:")
        length = int(state.head[start + 15 : state.head.find(b"\r\n", start)])
        state.left = length - (len(state.head) - end - 4)
    if state.left > 0:
        return False
    state.head.clear()
    state.left = -1
    return True
