"""SendGrid's webhook, mounted: what it tells counts once, and only when it is signed."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from digest.bootstrap import build
from digest.config import read_config
from digest.pipeline.app import App
from digest.web.app import make_app
from tests.newsroom import Newsroom
from tests.send.test_events import KEY, signed
from tests.subscribers.browser import Browser

NAME = "daily/2026-03-04"
PUBLIC_KEY = b64encode(KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


def sent(newsroom: Newsroom) -> App:
    newsroom.add("ada@reader.example.org", "ben@reader.example.org")
    assert newsroom.digest("send", "--yes").code == 0
    return replace(build(read_config(newsroom.write_config()), now=datetime.now(UTC)), webhook_key=PUBLIC_KEY)


def told(newsroom: Newsroom, kind: str) -> bytes:
    recipient = newsroom.journal[0]["recipient"]
    event = {
        "event": kind,
        "timestamp": int(datetime.now(UTC).timestamp()),
        "recipient": recipient,
        "edition": NAME,
        "reason": "550 no such user",
    }
    return json.dumps([event]).encode()


def test_a_signed_bounce_suppresses_whom_it_names_once(newsroom: Newsroom) -> None:
    app = sent(newsroom)
    provider = Browser(make_app(app))
    body = told(newsroom, "bounce")
    for _ in range(2):
        answer = provider.post_raw("/events/sendgrid", body, signed(body, datetime.now(UTC)))
        assert (answer.status, answer.text) == (200, "ok")
    app.store.close()
    (report,) = newsroom.digest("report", NAME, "--json").values
    assert report["events"] == {"bounced": 1}
    assert newsroom.digest("send", "--dry-run", "--json").values[0]["recipients"] == 1


def test_what_is_not_signed_changes_nothing(newsroom: Newsroom) -> None:
    app = sent(newsroom)
    body = told(newsroom, "spamreport")
    assert Browser(make_app(app)).post_raw("/events/sendgrid", body, {}).status == 403
    app.store.close()
    assert newsroom.digest("send", "--dry-run", "--json").values[0]["recipients"] == 2


def test_without_a_key_there_is_no_such_address(newsroom: Newsroom) -> None:
    app = replace(sent(newsroom), webhook_key="")
    assert Browser(make_app(app)).post_raw("/events/sendgrid", b"[]", {}).status == 404
    app.store.close()
