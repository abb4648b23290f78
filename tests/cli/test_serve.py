"""digest serve, as a real process: the pages answer, the due edition goes, SIGTERM ends it in order."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta

from digest.bootstrap import build
from digest.config import read_config
from tests.newsroom import EVENTS, Newsroom


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def eventually(look, seconds: float = 60.0):
    """Return what ``look`` finds, asking until it finds something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if found := look():
                return found
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.1)
    raise AssertionError("it never came")


def get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=5) as answer:
        return answer.read().decode()


def test_a_missed_edition_is_sent_at_the_start_and_shown_on_a_page(newsroom: Newsroom) -> None:
    now = datetime.now(UTC)
    newsroom.report("herald", *EVENTS, at=now - timedelta(hours=3))
    newsroom.newsletter += f'\nsend_at = "{now - timedelta(hours=1):%H:%M}"'
    newsroom.add("ada@reader.example.org")
    config = newsroom.write_config()
    app = build(read_config(config), now=now)
    app.store.meta.set("last run of daily", (now - timedelta(hours=20)).isoformat())
    app.store.close()
    port = free_port()
    command = [sys.executable, "-m", "digest", "--config", str(config), "serve", "--port", str(port)]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        eventually(lambda: newsroom.journal)
        page = eventually(lambda: "/editions/daily/" in (text := get(f"http://127.0.0.1:{port}/")) and text)
        assert EVENTS[0].split()[0] in page
        assert get(f"http://127.0.0.1:{port}/healthz") == "ok"
    finally:
        server.send_signal(signal.SIGTERM)
        _, said = server.communicate(timeout=60)
    assert server.returncode == 0, said
    assert "Traceback" not in said
    assert "ada@" not in said
    assert len(newsroom.journal) == 1
