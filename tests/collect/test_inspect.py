"""Looking at an address from the command line: fetched within the config's limits, read as for an edition."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from digest.cli.root import run
from tests.collect.feedserver import FeedServer

FEED = b"<rss><channel><title>The Tarn</title><item><title>Boats</title></item></channel></rss>"
PAGE = (
    "<html><head><title>Böen</title></head><body><article><h1>Böen über dem See</h1><p>Der Wind nahm am Abend zu, und die "
    "Boote liefen eines nach dem anderen in den Hafen ein, bis kein Platz mehr frei war.</p></article></body></html>"
)


@pytest.fixture
def server() -> Iterator[FeedServer]:
    """A server on loopback."""
    with FeedServer() as server:
        yield server


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A config that allows loopback."""
    file = tmp_path / "config.toml"
    file.write_text('[collect]\nallow_hosts = ["127.0.0.1"]\nhost_gap = 0\n[[newsletters]]\nslug = "daily"\n')
    return file


def inspected(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, object]]:
    """What the command prints with --json, one value a line."""
    run([*words, "--json"])
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_feeds_address_is_fetched_as_the_config_allows(server, config, capsys) -> None:
    url = server.answers("/feed", FEED)
    (feed,) = inspected(capsys, "--config", str(config), "inspect", "feed", url)
    assert (feed["file"], feed["title"], feed["error"]) == (url, "The Tarn", "")


def test_without_a_config_a_private_address_is_refused(server, tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    (feed,) = inspected(capsys, "inspect", "feed", server.answers("/feed", FEED))
    assert "private or local address" in str(feed["error"])


def test_a_pages_address_is_read_in_the_encoding_its_server_names(server, config, capsys) -> None:
    latin = PAGE.encode("iso-8859-1")
    url = server.answers("/a", latin, Content_Type="text/html; charset=iso-8859-1")
    gone = server.url("/gone")
    page, missing = inspected(capsys, "--config", str(config), "inspect", "page", url, gone)
    assert (page["file"], page["headline"], page["error"]) == (url, "Böen über dem See", None)
    assert "404" in str(missing["error"])
