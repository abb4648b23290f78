"""Signs of life: what monitoring is told, and who is told it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from digest.bootstrap import build
from digest.config import read_config
from digest.pipeline.app import App
from digest.pipeline.dispatching import Dispatcher
from digest.pipeline.vitals import note_tick
from digest.web.app import make_app
from digest.web.metrics import METRICS
from tests.newsroom import EVENTS, NOW, Newsroom
from tests.subscribers.browser import Browser

SAMPLE = re.compile(r'([a-z_]+)(?:\{((?:[a-z]+="(?:[^"\\]|\\.)*",?)+)\})? (-?[0-9.e+]+)')


@pytest.fixture
def app(newsroom: Newsroom) -> App:
    """Return an installation that has sent an edition; one of its sources fails."""
    newsroom.report("tide", *EVENTS)
    newsroom.report("quay", EVENTS[0])
    newsroom.source("broken", "<html><title>500</title></html>")
    newsroom.add("ada@reader.example.org", "ben@reader.example.org")
    assert newsroom.digest("send", "--yes").code == 0
    return replace(build(read_config(newsroom.write_config()), now=NOW), clock=lambda: NOW + timedelta(minutes=1))


@pytest.fixture
def newsroom(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Newsroom:
    """Return a newsletter in an empty folder."""
    return Newsroom(tmp_path, capsys)


def numbers(app: App) -> dict[str, float]:
    """Ask for the metrics and read each line by the format's grammar."""
    answer = Browser(make_app(app), "127.0.0.1").get("/metrics")
    assert answer.status == 200
    found = {}
    for line in answer.text.splitlines():
        if not line.startswith("#"):
            sample = SAMPLE.fullmatch(line)
            assert sample, line
            found[f"{sample[1]}{{{sample[2] or ''}}}"] = float(sample[3])
    return found


def test_the_numbers_are_those_of_the_installation(app: App) -> None:
    told = numbers(app)
    assert told["broadsheet_up{}"] == 1
    assert told['broadsheet_deliveries_total{place="sent"}'] == 2
    assert told['broadsheet_deliveries_total{place="unsent"}'] == 0
    assert told['broadsheet_subscribers{list="daily"}'] == 2
    assert told['broadsheet_editions{newsletter="daily",state="sent"}'] == 1
    assert told['broadsheet_source_failing{source="broken"}'] == 1
    assert told['broadsheet_source_failing{source="tide"}'] == 0
    assert told['broadsheet_send_duration_seconds{newsletter="daily"}'] >= 0
    assert told["broadsheet_open_batches{}"] == 0
    assert "broadsheet_oldest_unsent_seconds{}" not in told


def test_every_family_is_described_once(app: App) -> None:
    text = Browser(make_app(app), "127.0.0.1").get("/metrics").text
    for name, metric in METRICS.items():
        assert text.count(f"# TYPE {name} {metric.kind}\n") == 1
        assert (metric.kind == "counter") == name.endswith("_total")


def test_nobody_from_outside_is_told(app: App) -> None:
    pages = make_app(app)
    assert Browser(pages, "192.0.2.7").get("/metrics").status == 200  # a network kept for documentation is private
    assert Browser(pages, "8.8.4.4").get("/metrics").status == 403


def test_a_proxy_that_speaks_for_somebody_is_told_nothing(app: App) -> None:
    scope_headers = {"X-Forwarded-For": "8.8.4.4"}
    answer = Browser(make_app(app), "127.0.0.1")._ask("GET", "/metrics", b"", scope_headers)
    assert answer.status == 403


def test_no_address_of_anybody_is_among_the_numbers(app: App) -> None:
    assert "reader.example.org" not in Browser(make_app(app), "127.0.0.1").get("/metrics").text


def test_ready_tells_of_store_clock_edition_and_provider(app: App) -> None:
    note_tick(app, {"daily": NOW + timedelta(days=1)})
    answer = Browser(make_app(app)).get("/readyz")
    assert answer.status == 200
    told = json.loads(answer.text)
    assert told["clock"] == "2026-03-04T06:31:00Z"
    assert set(told["sent"]) == {"daily"}
    assert told["provider"]
    assert told["faults"] == []
    assert numbers(app)['broadsheet_next_run_seconds{newsletter="daily"}'] == (NOW + timedelta(days=1)).timestamp()


def test_a_clock_that_fell_silent_makes_it_unready(app: App) -> None:
    note_tick(app, {})
    later = replace(app, clock=lambda: NOW + timedelta(hours=1))
    answer = Browser(make_app(later)).get("/readyz")
    assert answer.status == 503
    assert "silent since 2026-03-04 06:31 UTC" in answer.text


def test_a_sender_that_fell_silent_makes_it_unready(app: App) -> None:
    Dispatcher(app, lambda: False, lambda _seconds: None).look()
    assert Browser(make_app(app)).get("/readyz").status == 200
    later = replace(app, clock=lambda: NOW + timedelta(hours=1))
    answer = Browser(make_app(later)).get("/readyz")
    assert answer.status == 503
    assert "process that sends" in answer.text


def test_an_installation_without_a_clock_is_ready(app: App) -> None:
    assert Browser(make_app(app)).get("/readyz").status == 200
