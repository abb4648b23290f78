"""What the person at a terminal is told of events, and what programs read of them."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from contextlib import suppress
from datetime import timedelta

import pytest
import structlog

from digest.cli.logs import Spoken
from tests.newsroom import EVENTS, NOW, Newsroom, feed

NAME = "daily/2026-03-04"


@pytest.fixture
def illustrated(newsroom: Newsroom) -> Newsroom:
    """A newsletter with an edition whose pictures are at private addresses, where none is fetched."""
    newsroom.site += '\nbase_url = "https://news.example"'
    for slug in tuple(newsroom.sources):
        told = feed(slug, [(each, NOW - timedelta(hours=1)) for each in EVENTS])
        pictured = f"<enclosure url='http://127.0.0.1:9/{slug}.png' type='image/png' length='1'/></item>"
        newsroom.source(slug, told.replace("</item>", pictured))
    newsroom.digest("edition", "compose", "--now", NOW.isoformat())
    return newsroom


def at_a_terminal(newsroom: Newsroom, *words: str) -> tuple[int, str]:
    """Run a command whose standard error is a terminal; return its exit code and what is read there."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "digest", "--config", newsroom.folder, *words],
        stderr=theirs, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
    ) as running:  # fmt: skip
        os.close(theirs)
        read = b""
        with suppress(OSError):  # Linux's way to say that nobody writes any more
            while more := os.read(ours, 4096):
                read += more
        os.close(ours)
        return running.wait(60), read.decode().replace("\r\n", "\n")


def test_a_person_is_told_once_and_in_words_which_pictures_are_missing(illustrated: Newsroom) -> None:
    code, told = at_a_terminal(illustrated, "edition", "pin", NAME, "2")
    assert code == 0
    assert "picture_missing" not in told
    (line,) = (line for line in told.splitlines() if "127.0.0.1:9" in line)
    assert line.count("http://") == 1
    assert line.startswith(("no picture: http://", "2 pictures could not be had, the first is http://"))


def test_a_program_reads_every_event_whole(illustrated: Newsroom) -> None:
    command = [sys.executable, "-m", "digest", "--config", illustrated.folder, "edition", "pin", NAME, "2"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    events = [json.loads(line) for line in ran.stderr.splitlines()]
    assert {each["event"] for each in events} == {"picture_missing"}
    assert {each["edition"] for each in events} == {NAME}


def test_what_is_said_of_events_is_plain_and_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    spoken = Spoken()

    def happens(level: str, event: str, **facts: object) -> None:
        with pytest.raises(structlog.DropEvent):
            spoken(None, level, {"event": event, **facts})

    happens("info", "edition_sent", edition="a", planned=3)
    happens("warning", "notice_not_sent", notice=1, why="timed\x1b out")
    happens("warning", "notice_not_sent", notice=2, why="timed\x1b out")
    happens("warning", "sky_fell", where="here", when=2)
    happens("error", "sky_fell", why="weight")
    happens("info", "picture_missing", edition="a", address="https://a.example/1.png", why="too large")
    happens("info", "picture_missing", edition="a", address="https://a.example/1.png", why="too large")
    spoken.finish()
    happens("info", "picture_missing", edition="a", address="p", why="p: gone")
    happens("info", "picture_missing", edition="a", address="q", why="q: gone")
    spoken.finish()
    spoken.finish()
    assert capsys.readouterr().err.splitlines() == [
        "a confirmation mail is tried again later: timed out",
        "sky fell: where here, when 2",
        "sky fell: weight",
        "no picture: https://a.example/1.png: too large",
        "2 pictures could not be had, the first is p: gone",
    ]
