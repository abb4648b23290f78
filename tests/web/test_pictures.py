"""From an article's picture on its publisher's server to a reader of the mail, over loopback."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from PIL import Image

from digest.bootstrap import build
from digest.config import read_config
from digest.web.app import make_app
from tests.newsroom import NOW, Newsroom, feed
from tests.subscribers.browser import Browser


def photograph() -> bytes:
    """Return a picture as a file."""
    written = io.BytesIO()
    Image.new("RGB", (1600, 900), "navy").save(written, "JPEG")
    return written.getvalue()


class Publisher(BaseHTTPRequestHandler):
    """Answers every request with a photograph."""

    def do_GET(self) -> None:
        """Answer."""
        body = photograph()
        self.send_response(200)
        self.send_header("Content-Type", "image/jpeg")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def publisher() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Publisher)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def with_picture(address: str) -> str:
    """Return a feed whose article has a picture."""
    plain = feed("coast", [("Ferry runs aground off Port Ellery", NOW)])
    return plain.replace("</item>", f'<enclosure url="{address}/ferry.jpg" type="image/jpeg" length="1"/></item>')


def test_a_readers_mail_shows_the_picture_from_our_own_server(newsroom: Newsroom, publisher: str) -> None:
    newsroom.site += '\nbase_url = "https://news.example"'
    newsroom.newsletter += '\n[collect]\nallow_hosts = ["127.0.0.1"]'
    newsroom.source("coast", with_picture(publisher))
    newsroom.add("ada@reader.example.org")
    sent = newsroom.digest("send", "--yes")
    assert sent.code == 0, sent.err
    app = build(read_config(newsroom.write_config()), now=datetime.now(UTC))
    try:
        pages = Browser(make_app(app))
        page = pages.get("/editions/daily/2026-03-04").text
        assert publisher not in page
        (name,) = re.findall(r'src="https://news\.example/pictures/([0-9a-f]{24}\.jpg)"', page)
        answer = pages.get(f"/pictures/{name}")
        assert answer.headers["content-type"] == "image/jpeg"
        assert "immutable" in answer.headers["cache-control"]
        with Image.open(io.BytesIO(answer.body)) as picture:
            assert picture.size == (1200, 675)
        for other in ("0" * 24 + ".jpg", f"../{name}", "%2e%2e/daily.sqlite", name.replace(".jpg", ".from")):
            assert pages.get(f"/pictures/{other}").status == 404
    finally:
        app.store.close()


def test_a_dry_run_keeps_no_picture(newsroom: Newsroom, publisher: str) -> None:
    newsroom.site += '\nbase_url = "https://news.example"'
    newsroom.source("coast", with_picture(publisher))
    newsroom.add("ada@reader.example.org")
    newsroom.digest("send", "--dry-run")
    assert not (newsroom.folder / "var" / "pictures").exists()
