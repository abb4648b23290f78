"""SIGTERM and Ctrl-C while mail is on its way: the first finishes what is in flight, the second does not wait."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from digest.cli.stopping import until_signal
from tests.newsroom import NOW, Newsroom
from tests.send.fake_sendgrid import FakeSendgrid, Taken

NAME = "daily/2026-03-04"
READERS = 6000

#: Seconds that nothing takes unless it hangs.
LONG = 120.0


class Slow(FakeSendgrid):
    """Accepts requests and answers none of them before it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.has_one, self.may_answer = threading.Event(), threading.Event()
        self.on_taken = self.hold

    def hold(self, _taken: Taken) -> None:
        self.has_one.set()
        self.may_answer.wait(LONG)

    def close(self) -> None:
        self.may_answer.set()
        super().close()


@pytest.fixture
def api() -> Iterator[Slow]:
    api = Slow()
    yield api
    api.close()


@pytest.fixture
def sending(newsroom: Newsroom, api: Slow, monkeypatch: pytest.MonkeyPatch) -> Iterator[subprocess.Popen[str]]:
    """A send as it stands when its first request is with the provider."""
    monkeypatch.setenv("SENDGRID_API_KEY", "SG.right")
    newsroom.provider = f'kind = "sendgrid"\napi = "{api.address}"\ntimeout = 200\nconnections = 2'
    newsroom.site += '\nunsubscribe_mailbox = "leave@daily.example"'
    file = newsroom.folder / "readers.csv"
    file.write_text("email\n" + "".join(f"reader{n}@reader.example.org\n" for n in range(READERS)), encoding="utf-8")
    assert newsroom.digest("subscribers", "import", "daily", str(file), "--yes").code == 0
    words = ["--config", str(newsroom.folder / "config.toml"), "send", "--yes", "--json", "--now", NOW.isoformat()]
    process = subprocess.Popen(
        [sys.executable, "-m", "digest", *words],
        env=os.environ | {"SENDGRID_API_KEY": "SG.right"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert api.has_one.wait(LONG)
        yield process
    finally:
        process.kill()
        process.communicate()


def told(process: subprocess.Popen[str], words: str) -> str:
    """Read what the process says until it says these words."""
    assert process.stderr is not None
    return next(line for line in process.stderr if words in line)


def test_the_first_signal_finishes_what_is_in_flight(newsroom, api, sending):
    sending.send_signal(signal.SIGTERM)
    assert "again to stop at once" in told(sending, "stopping after what is in flight")
    api.may_answer.set()
    out, _ = sending.communicate(timeout=LONG)
    report = json.loads(out)
    assert sending.returncode == 1  # not everyone has it
    assert (report["uncertain"], report["planned"]) == (0, READERS)
    assert report["sent"] == len(api.mails) > 0
    assert report["unsent"] == READERS - report["sent"] > 0
    assert newsroom.digest("resume", NAME, "--json").values[0]["sent"] == READERS
    assert set(api.mails.values()) == {1}


def test_the_second_signal_stops_at_once_and_nobody_gets_it_twice(newsroom, api, sending):
    sending.send_signal(signal.SIGINT)
    told(sending, "stopping after what is in flight")
    sending.send_signal(signal.SIGINT)
    _, said = sending.communicate(timeout=LONG / 2)  # the provider has not answered yet
    assert sending.returncode == 130
    assert "stopped" in said
    assert "Traceback" not in said
    api.may_answer.set()
    report = newsroom.digest("resume", NAME, "--json").values[0]
    assert set(api.mails.values()) == {1}
    assert report["sent"] + report["uncertain"] == report["planned"] == READERS
    assert 1000 <= report["uncertain"] <= 2000  # one request a connection
    assert report["sent"] + 2000 >= len(api.mails)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_before_anything_is_in_flight_the_first_signal_ends_the_command(number: signal.Signals) -> None:
    with pytest.raises(KeyboardInterrupt), until_signal():
        signal.raise_signal(number)


def test_while_mail_is_in_flight_the_first_signal_only_asks(capsys: pytest.CaptureFixture[str]) -> None:
    with until_signal() as stop:
        assert not stop()
        signal.raise_signal(signal.SIGINT)
        assert stop()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert "stopping after what is in flight" in capsys.readouterr().err
