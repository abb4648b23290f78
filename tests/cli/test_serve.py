"""digest serve, as real processes: the pages answer, the due edition goes, and goes on whatever is killed."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from itertools import cycle
from pathlib import Path

from digest.bootstrap import build
from digest.config import read_config
from digest.model import EditionState
from digest.pipeline.send import SendReport, report
from subscribers import KeyRing, roster
from tests.newsroom import EVENTS, Newsroom
from tests.send.smtp_sink import SmtpSink

#: Below those that the system gives to whoever asks for any, so that nobody gets ours before it is taken.
PORTS = cycle(range(20_000 + os.getpid() * 97 % 10_000, 32_000))


def free_port() -> int:
    """Return a port that is free, and that no other process of the tests looks at now."""
    for port in PORTS:
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError


def eventually(look, seconds: float = 200.0):
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
    with urllib.request.urlopen(url, timeout=60) as answer:
        return answer.read().decode()


class Serving:
    """A ``digest serve`` whose newsletter missed its time an hour ago, so that it goes at once."""

    def __init__(self, room: Newsroom, readers: int) -> None:
        now = datetime.now(UTC)
        room.report("herald", *EVENTS, at=now - timedelta(hours=3))
        room.newsletter += f'\nsend_at = "{now - timedelta(hours=1):%H:%M}"'
        self.config = room.write_config()
        app = build(read_config(self.config), now=now)
        app.store.meta.set("last run of daily", (now - timedelta(hours=20)).isoformat())
        with app.store.begin() as connection:
            for number in range(readers):
                roster.add(connection, "daily", f"reader{number}@reader.example.org", how="command", at=now)
        app.store.close()
        self.port = free_port()
        command = [sys.executable, "-m", "digest", "--config", str(self.config), "serve", "--port", str(self.port)]
        self._said = (room.folder / "said").open("w+", encoding="utf-8")
        self.process = subprocess.Popen(command, stderr=self._said)
        try:
            self.demand_health()
        except BaseException:
            self.end()
            raise

    def demand_health(self) -> None:
        """Wait until the pages answer that all is well: mails may leave before there is a page, and after."""
        eventually(lambda: self.page("/healthz") == "ok")

    def page(self, path: str) -> str:
        return get(f"http://127.0.0.1:{self.port}{path}")

    def children(self) -> dict[str, int]:
        """Return the pid of each child by its part."""
        found = {}
        parent = self.process.pid
        for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
            with suppress(OSError, ValueError):  # it has ended, or not yet begun
                words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
                found[words[words.index("--part") + 1]] = int(pid)
        return found

    def report(self) -> SendReport:
        app = build(read_config(self.config), now=datetime.now(UTC), read_only=True)
        try:
            (stored,) = app.store.editions.list()
            return report(app.store, stored.id)
        finally:
            app.store.close()

    def said(self) -> str:
        """Return what it said so far."""
        return Path(self._said.name).read_text(encoding="utf-8")

    def end(self) -> str:
        """Ask it to stop, wait, and return what it said."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(180)
        finally:
            self.process.kill()  # its children end by themselves
            self.process.wait()
            self._said.seek(0)
            with self._said:
                said = self._said.read()
        return said


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


def test_pages_whose_place_is_taken_are_refused_before_anything_starts(newsroom: Newsroom) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        ran = newsroom.digest("serve", "--port", str(other.getsockname()[1]))
    assert ran.code == 2
    assert "--port" in ran.err
    assert newsroom.digest("serve", "--port", "99999").code == 2


def test_a_missed_edition_is_sent_at_the_start_and_shown_and_a_program_sends_it_to_who_came_late(
    newsroom: Newsroom,
) -> None:
    serving = Serving(newsroom, readers=1)
    try:
        eventually(lambda: newsroom.journal)
        page = eventually(lambda: "/editions/daily/" in (text := serving.page("/")) and text)
        assert EVENTS[0].split()[0] in page
        assert '"openapi": "3.1.0"' in serving.page("/api/openapi.json")
        assert set(serving.children()) == {"web", "clock", "sender"}
        backup = str(newsroom.folder / "news.zip")
        assert newsroom.digest("backup", backup).code == 0
        assert "stop it first" in newsroom.digest("restore", backup, "--yes").err
        eventually(lambda: serving.report().state is EditionState.SENT)
        assert len(newsroom.journal) == 1
        send_by_a_program_to_who_came_late(newsroom, serving)
        eventually(lambda: len(newsroom.journal) == 2)
        eventually(lambda: serving.report().sent == 2)
    finally:
        said = serving.end()
    assert serving.process.returncode == 0, said
    assert "Traceback" not in said
    assert "reader0@" not in said
    assert "late@" not in said
    assert said.count("stopping after what is in flight") == 1
    assert said.count("/admin/welcome/") == 1, "the first start offers one link that makes an owner"
    assert said.count("edition_sent") == 2, said
    assert len(newsroom.journal) == 2
    assert newsroom.digest("restore", backup, "--yes").code == 0


def send_by_a_program_to_who_came_late(newsroom: Newsroom, serving: Serving) -> None:
    """Ask the pages for a send, which leaves by the process that sends."""
    newsroom.add("late@reader.example.org")
    token = newsroom.digest("admin", "token", "robot", "--may", "sends:write").out.strip()
    asked = urllib.request.Request(
        f"http://127.0.0.1:{serving.port}/api/sends",
        json.dumps({"edition": serving.report().edition}).encode(),
        {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(asked, timeout=60) as answer:
        assert answer.status == 202


def test_a_rotated_ring_holds_at_once_in_what_runs(newsroom: Newsroom) -> None:
    serving = Serving(newsroom, readers=1)
    try:
        eventually(lambda: newsroom.journal)
        header = message_from_bytes(newsroom.mails()[0].read_bytes())["List-Unsubscribe"]
        (old,) = re.findall(r"/u/([^\s>]+)", header)
        assert "<form" in serving.page(f"/u/{old}")
        assert newsroom.digest("keys", "rotate").code == 0
        ring = KeyRing.from_text((newsroom.folder / "var" / "link-keys").read_text())
        claim = ring.verify(old, "unsubscribe")
        new = ring.sign("unsubscribe", claim.public_id, claim.scope)
        assert new.startswith("u2.")
        newsroom.site += '\ntitle = "The Other Daily"'
        newsroom.write_config()
        eventually(lambda: "config_changed" in serving.said())
        assert serving.page(f"/u/{new}") == serving.page(f"/u/{old}").replace(old, new)
        left = urllib.request.Request(f"http://127.0.0.1:{serving.port}/u/{new}", b"List-Unsubscribe=One-Click")
        with urllib.request.urlopen(left, timeout=30) as answer:
            assert answer.status == 200
    finally:
        said = serving.end()
    assert "keys_taken" in said
    assert "Traceback" not in said


def test_a_sender_killed_in_mid_send_is_replaced_and_nobody_gets_it_twice(newsroom: Newsroom) -> None:
    sink = SmtpSink()
    sink.keeps_waiting_after = 41
    newsroom.provider = (
        f'kind = "smtp"\nhost = "127.0.0.1"\nport = {sink.port}\nsecurity = "none"\nper_second = 100\ntimeout = 300'
    )
    newsroom.site += '\nunsubscribe_mailbox = "leave@daily.example"'
    serving = Serving(newsroom, readers=300)
    try:
        eventually(lambda: len(sink.mails) > 40)
        killed = serving.children()["sender"]
        os.kill(killed, signal.SIGKILL)
        assert len(sink.mails) < 300, "the send was over before the kill"
        sink.let_go()
        serving.demand_health()
        done = eventually(lambda: (found := serving.report()).state is EditionState.SENT and found)
        assert serving.children()["sender"] != killed
        left = serving.children().values()
        os.kill(serving.process.pid, signal.SIGKILL)
        assert eventually(lambda: all(is_gone(pid) for pid in left)), "children outlived a parent that was killed"
    finally:
        sink.let_go()
        serving.end()
        sink.close()
    reached = [address for address, _ in sink.mails]
    assert len(reached) == len(set(reached)), "somebody got it twice"
    assert (done.planned, done.unsent, done.rejected) == (300, 0, 0)
    assert done.sent + done.uncertain == 300
    assert done.sent <= len(reached) <= 300
    assert done.uncertain <= 40, "more than what was in flight is unknown"
