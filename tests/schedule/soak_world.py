"""A month in the life of an installation: feeds that change, a clock driven by hand, processes that die."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import re
import resource
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection, wait
from pathlib import Path
from pydoc_data.topics import topics
from zlib import crc32

from digest.bootstrap import build
from digest.config import read_config
from digest.pipeline.collecting import collect
from digest.pipeline.dispatching import Dispatcher
from digest.schedule.running import run_due

PAPERS = ("tide", "quay", "lantern")
READERS = 25
#: Thousands of English words that come with Python.
WORDS = sorted(set(re.findall(r"\b[a-z]{6,}\b", " ".join(topics.values()))))


class Newsstand:
    """Loopback feeds. Three papers tell each day's events in words of their own; a fourth only fails."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._items: list[tuple[str, str, datetime]] = []
        self.asked = 0
        stand = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                stand.asked += 1
                paper = self.path.strip("/")
                body = stand.feed(paper).encode() if paper in PAPERS else b"<html><title>500</title></html>"
                self.send_response(200 if paper in PAPERS else 500)
                self.send_header("Content-Type", "application/rss+xml")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_words: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()

    def happen(self, at: datetime, count: int = 4) -> None:
        """Let things happen, each told by two papers; what is older than two days leaves the feeds."""
        for _ in range(count):
            who, what, does, where, when = (self._word() for _ in range(5))
            first, second = self._random.sample(PAPERS, 2)
            self._items.append((first, f"{who} {what} {does} {where} {when}".capitalize(), at))
            self._items.append((second, f"{where}: {what} {who} {does} {when}".capitalize(), at))
        self._items = [item for item in self._items if item[2] > at - timedelta(days=2)]

    def feed(self, paper: str) -> str:
        """Return a paper's feed as it is now."""
        items = "".join(
            f"<item><title>{headline}</title><link>http://{paper}.example/{crc32(headline.encode())}</link>"
            f"<description>{headline}.</description><pubDate>{format_datetime(at)}</pubDate></item>"
            for who, headline, at in reversed(self._items)
            if who == paper
        )
        return f'<rss version="2.0"><channel><title>{paper}</title>{items}</channel></rss>'

    def _word(self) -> str:
        """Return a word of the day; with thousands of them, no two stories share many."""
        return self._random.choice(WORDS)


def write_config(folder: Path, port: int) -> Path:
    """Write the config of two newsletters whose clocks change, one forward and one back."""
    sources = "".join(
        f'[[sources]]\nslug = "{name}"\nurl = "http://127.0.0.1:{port}/{name}"\n\n' for name in (*PAPERS, "broken")
    )
    newsletters = "".join(
        f'[[newsletters]]\nslug = "{slug}"\nopt_in = "single"\nlists = ["all"]\nsend_at = "02:30"\n'
        f'timezone = "{zone}"\nlate = "send"\nlate_hours = 4\n\n'
        for slug, zone in (("north", "Europe/Berlin"), ("south", "Australia/Sydney"))
    )
    file = folder / "config.toml"
    file.write_text(
        '[site]\nsender = "The Daily <news@daily.example>"\npostal_address = "1 Quay"\n\n'
        f'[collect]\nhost_gap = 0\nallow_hosts = ["127.0.0.1"]\n\n{newsletters}{sources}',
        encoding="utf-8",
    )
    return file


def serve(config: Path, line: Connection) -> None:
    """Be the clock's process: at each time told, collect and send what is due; answer with decisions and memory."""
    import structlog

    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    while True:
        now: datetime | None = line.recv()
        if now is None:
            return
        app = replace(build(read_config(config), now=now), clock=lambda now=now: now)
        collect(app, app.sources, now)
        actions = [
            (each.slug, decision.due.date.isoformat(), decision.action)
            for each in app.newsletters
            for decision in run_due(app, each, now)
        ]
        Dispatcher(app, lambda: False, lambda _seconds: None).look()
        app.store.close()
        line.send((actions, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))


class Clockwork:
    """The process that serves, which can be started, told the time, and killed."""

    def __init__(self, config: Path) -> None:
        self.config, self.journal = config, config.parent / "out" / "journal.jsonl"
        self.decisions: list[tuple[str, str, str]] = []
        self.memory: list[int] = []  #: kilobytes at most, after each look, of the process then alive
        self.start()

    def start(self) -> None:
        """Start a process."""
        context = multiprocessing.get_context("forkserver")  # what is imported is imported once for all of them
        context.set_forkserver_preload(
            ["tests.schedule.soak_world", "digest.render", "sklearn.feature_extraction.text"]
        )
        self._line, other = context.Pipe()
        self._process = context.Process(target=serve, args=(self.config, other), daemon=True)
        self._process.start()
        other.close()
        self.memory.clear()

    def look(self, now: datetime) -> None:
        """Tell the time and wait for what comes of it."""
        self._line.send(now)
        actions, memory = self._line.recv()
        self.decisions += actions
        self.memory.append(memory)

    def kill(self) -> None:
        """End it at once, as a power cut does."""
        assert self._process.pid is not None
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.join()
        self._line.close()

    def kill_in_mid_send(self, now: datetime) -> int:
        """Tell the time, and kill it while mails are leaving; return how many had left."""
        before = len(self.lines())
        self._line.send(now)
        while len(self.lines()) < before + 3 and not wait([self._line, self._process.sentinel], 0.001):
            pass
        self.kill()
        return len(self.lines()) - before

    def stop(self) -> None:
        """Let it go in peace."""
        self._line.send(None)
        self._process.join()
        self._line.close()

    def lines(self) -> list[bytes]:
        """Return the whole lines of the outbox's journal."""
        return self.journal.read_bytes().split(b"\n")[:-1] if self.journal.exists() else []

    def mails(self) -> list[tuple[str, str]]:
        """Return edition and recipient of each mail."""
        return [(each["edition"], each["recipient"]) for each in map(json.loads, self.lines())]


@contextmanager
def newsstand(seed: int) -> Iterator[Newsstand]:
    """Open a newsstand."""
    stand = Newsstand(seed)
    try:
        yield stand
    finally:
        stand.close()
