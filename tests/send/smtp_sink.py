"""A mail server of our own on the loopback: takes, refuses and hangs up as told."""

from __future__ import annotations

import socket
import threading
from collections import deque
from contextlib import suppress

#: Seconds that somebody is kept waiting at most.
PATIENCE = 300


class SmtpSink:
    """Speaks just enough SMTP, with every extension the provider uses; ``orders`` are replies by command.

    ``orders["RCPT"] = deque(["450 later", ""])`` answers the first RCPT with 450 and the second as usual; the
    reply ``cut`` closes the connection instead, ``hang`` never answers.
    """

    def __init__(self, *, extensions: tuple[str, ...] = ("PIPELINING", "SIZE 200000", "8BITMIME", "SMTPUTF8")) -> None:
        self.extensions = extensions
        self.orders: dict[str, deque[str]] = {}
        self.mails: list[tuple[str, bytes]] = []  # (recipient, content)
        self.connections = 0
        self.largest_group = 0  # commands that came in one piece
        self.stopped = threading.Event()
        self.keeps_waiting_after: int | None = None  # mails taken, from which on nobody gets an answer to one
        self._let_go = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._listening.getsockname()[1]
        self._threads: list[threading.Thread] = []
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def order(self, command: str, *replies: str) -> None:
        self.orders.setdefault(command, deque()).extend(replies)

    def ordered(self, command: str) -> str:
        """Take the next order: connections ask side by side, so what one looked at another may have taken."""
        try:
            return self.orders[command].popleft()
        except (KeyError, IndexError):
            return ""

    def let_go(self) -> None:
        """Answer everybody, also those who were kept waiting."""
        self._let_go.set()

    def keep_waiting(self) -> None:
        """Answer the mail that was just taken, unless it is one too many for now."""
        if self.keeps_waiting_after is not None and len(self.mails) >= self.keeps_waiting_after:
            self._let_go.wait(PATIENCE)

    def close(self) -> None:
        self.let_go()
        self.stopped.set()
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for thread in (self._accepting, *self._threads):
            thread.join(5)

    def _accept(self) -> None:
        while not self.stopped.is_set():
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(client,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, client: socket.socket) -> None:
        with client, suppress(OSError, _HungUp):
            client.settimeout(30)
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            _Conversation(self, client).run()


class _HungUp(Exception):
    """the connection is over"""


class _Conversation:
    def __init__(self, sink: SmtpSink, client: socket.socket) -> None:
        self.sink, self.client = sink, client
        self.buffer = b""
        self.sender: str | None = None
        self.recipient: str | None = None

    def run(self) -> None:
        self.reply("CONNECT", "220 sink.example")
        while line := self.line():
            verb = line.split(b":")[0].split()[0].upper().decode()
            getattr(self, f"do_{verb.lower()}")(line)

    def line(self) -> bytes:
        while b"\r\n" not in self.buffer:
            self.receive()
        line, _, self.buffer = self.buffer.partition(b"\r\n")
        return line

    def receive(self) -> None:
        more = self.client.recv(65536)
        if not more:
            raise _HungUp
        self.buffer += more
        self.sink.largest_group = max(self.sink.largest_group, self.buffer.count(b"\r\n"))

    def reply(self, command: str, usual: str) -> bool:
        """Answer as ordered, else as usual; tell whether it was as usual."""
        return self.say(self.sink.ordered(command), usual)

    def say(self, ordered: str, usual: str) -> bool:
        if ordered == "hang":
            self.sink.stopped.wait(60)
            raise _HungUp
        if ordered == "cut":
            raise _HungUp
        self.client.sendall((ordered or usual).encode() + b"\r\n")
        if ordered.startswith("421"):
            raise _HungUp
        return not ordered

    def do_ehlo(self, _line: bytes) -> None:
        lines = ["sink.example", *self.sink.extensions]
        self.client.sendall(
            "".join(f"250-{line}\r\n" for line in lines[:-1]).encode() + f"250 {lines[-1]}\r\n".encode()
        )

    def do_mail(self, line: bytes) -> None:
        if self.sender is not None:
            self.client.sendall(b"503 nested MAIL\r\n")
        elif self.reply("MAIL", "250 fine"):
            self.sender = _path(line)

    def do_rcpt(self, line: bytes) -> None:
        if self.sender is None:
            self.client.sendall(b"503 MAIL first\r\n")
        elif self.reply("RCPT", "250 fine"):
            self.recipient = _path(line)

    def do_data(self, _line: bytes) -> None:
        if self.recipient is None:
            self.client.sendall(b"554 no valid recipients\r\n")
            return
        if not self.reply("DATA", "354 go on"):
            return
        while b"\r\n.\r\n" not in self.buffer:
            self.receive()
        content, _, self.buffer = self.buffer.partition(b"\r\n.\r\n")
        content = content.replace(b"\r\n..", b"\r\n.") + b"\r\n"
        recipient, self.sender, self.recipient = self.recipient, None, None
        if self.sink.ordered("ACCEPT") == "cut":
            self.sink.mails.append((recipient, content))
            raise _HungUp
        ordered = self.sink.ordered(".")
        if not ordered:
            self.sink.mails.append((recipient, content))
            self.sink.keep_waiting()
        self.say(ordered, "250 queued")

    def do_rset(self, _line: bytes) -> None:
        self.sender = self.recipient = None
        self.client.sendall(b"250 fine\r\n")

    def do_noop(self, _line: bytes) -> None:
        self.client.sendall(b"250 fine\r\n")

    def do_quit(self, _line: bytes) -> None:
        self.client.sendall(b"221 bye\r\n")
        raise _HungUp


def _path(line: bytes) -> str:
    return line.partition(b"<")[2].partition(b">")[0].decode()
