"""digest sources add, import, export: config.toml gains sources and keeps its comments."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from digest.config import Secrets, read_config
from tests.newsroom import EVENTS, NOW, Newsroom, feed

PAGE = '<html><head><title>Isle News</title><link rel="alternate" type="application/rss+xml" href="/feed.xml"></head><body>Hello</body></html>'


@pytest.fixture
def site() -> Iterator[str]:
    """A site on the loopback with a page that names its feed."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            text, kind = (
                (PAGE, "text/html")
                if self.path == "/"
                else (feed("Isle News", [(EVENTS[0], NOW)]), "application/rss+xml")
            )
            found = self.path in ("/", "/feed.xml")
            body = text.encode() if found else b"no"
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def open_newsroom(newsroom: Newsroom) -> Newsroom:
    newsroom.site += '\n\n# our own comment\n[collect]\nallow_hosts = ["127.0.0.1"]\nhost_gap = 0.0'
    return newsroom


def sources_of(newsroom: Newsroom) -> dict[str, str]:
    settings = read_config(newsroom.folder / "config.toml", Secrets({})).settings
    return {source.slug: source.url for source in settings.sources}


def test_the_feed_of_a_site_is_found_shown_and_written_into_the_config(open_newsroom: Newsroom, site: str) -> None:
    ran = open_newsroom.digest("sources", "add", site, "--yes")
    assert ran.code == 0, ran.err
    assert EVENTS[0] in ran.out
    assert sources_of(open_newsroom)["isle-news"] == f"{site}feed.xml"
    assert "# our own comment" in (open_newsroom.folder / "config.toml").read_text()


def test_a_private_address_is_refused_unless_the_config_allows_it(newsroom: Newsroom, site: str) -> None:
    ran = newsroom.digest("sources", "add", site, "--yes")
    assert ran.code == 1
    assert "127.0.0.1" in ran.err
    assert set(sources_of(newsroom)) == {"herald", "courier"}


def test_a_file_is_no_address_and_the_message_says_how_it_is_named(newsroom: Newsroom) -> None:
    file = newsroom.folder / "saved.xml"
    file.write_text(feed("Saved", [(EVENTS[0], NOW)]))
    ran = newsroom.digest("sources", "add", str(file), "--yes")
    assert ran.code == 2
    assert f'with a slug, and path = "{file}" to config.toml' in ran.err
    ran = newsroom.digest("sources", "add", str(newsroom.folder), "--yes")
    assert 'with a slug, kind = "folder", and path = ' in ran.err


def test_a_site_without_a_feed_is_said_so(open_newsroom: Newsroom, site: str) -> None:
    ran = open_newsroom.digest("sources", "add", f"{site}nowhere", "--yes")
    assert ran.code == 1
    assert "404" in ran.err


def test_feeds_come_from_opml_and_go_back_to_it(newsroom: Newsroom) -> None:
    file = newsroom.folder / "feeds.opml"
    file.write_text(
        '<opml version="2.0"><body><outline text="Isles"><outline text="One" xmlUrl="https://one.example/rss"/>'
        '<outline text="Herald" xmlUrl="https://two.example/rss"/></outline></body></opml>'
    )
    newsroom.write_config()
    ran = newsroom.digest("sources", "import", str(file), "--yes")
    assert ran.code == 0, ran.err
    assert sources_of(newsroom) == {
        "herald": "",
        "courier": "",
        "one": "https://one.example/rss",
        "herald-2": "https://two.example/rss",
    }
    written = newsroom.capture
    from digest.cli.root import run

    assert run(["--config", str(newsroom.folder / "config.toml"), "sources", "export"]) == 0
    exported = written.readouterr().out
    assert 'xmlUrl="https://one.example/rss"' in exported
    assert exported.startswith("<?xml")
    assert run(["--config", str(newsroom.folder / "config.toml"), "sources", "import", str(file), "--yes"]) == 0
    assert "0 of them new" in written.readouterr().out
