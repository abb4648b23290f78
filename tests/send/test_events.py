"""What providers tell afterwards: genuine, in our words, taken in once."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from digest.errors import ProviderRefused, ProviderUncertain
from digest.pipeline import send as sending
from digest.pipeline.events import take_events
from digest.send import bounces
from digest.send.providers.sendgrid_events import SIGNATURE, TIMESTAMP, Verifier, read
from tests.send.roster import NumberedRoster
from tests.send.worlds import World
from tests.store.samples import NOW

KEY = ec.generate_private_key(ec.SECP256R1())


@pytest.fixture
def verifier() -> Verifier:
    der = KEY.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return Verifier(base64.b64encode(der).decode())


def signed(body: bytes, at: datetime = NOW) -> dict[str, str]:
    timestamp = str(int(at.timestamp()))
    signature = KEY.sign(timestamp.encode() + body, ec.ECDSA(hashes.SHA256()))
    return {SIGNATURE: base64.b64encode(signature).decode(), TIMESTAMP: timestamp}


def test_a_post_of_sendgrids_own_is_genuine(verifier):
    body = '[{"event":"open","email":"zoë@readers.example"}]\r\n'.encode()
    assert verifier.is_genuine(body, signed(body), NOW)


@pytest.mark.parametrize(
    "change",
    [
        {"body": b'[{"event":"click"}]'},
        {"body": b"\xff\xfe"},
        {"headers": {SIGNATURE: "not base64!"}},
        {"headers": {SIGNATURE: "AAAA"}},
        {"headers": {SIGNATURE: ""}},
        {"headers": {TIMESTAMP: ""}},
        {"headers": {TIMESTAMP: "1e9"}},
        {"headers": {TIMESTAMP: "9" * 40}},
        {"now": NOW + timedelta(minutes=11)},
        {"now": NOW - timedelta(minutes=11)},
    ],
    ids=str,
)
def test_anything_else_is_not(verifier, change):
    body = b'[{"event":"open"}]'
    headers = signed(body) | change.get("headers", {})
    assert not verifier.is_genuine(change.get("body", body), headers, change.get("now", NOW))


def test_a_key_that_is_none_is_told():
    with pytest.raises(ProviderRefused, match="verification key"):
        Verifier("no key")


@pytest.mark.parametrize(
    ("entry", "kind", "why"),
    [
        ({"event": "delivered"}, "delivered", ""),
        ({"event": "bounce", "type": "bounce", "reason": "550 gone"}, "bounced", "bounce"),
        ({"event": "bounce", "type": "blocked"}, "blocked", ""),
        ({"event": "deferred"}, "deferred", ""),
        ({"event": "dropped", "reason": "Bounced Address"}, "dropped", "bounce"),
        ({"event": "dropped", "reason": "Recipient List over Package Quota"}, "dropped", ""),
        ({"event": "spamreport"}, "complained", "complaint"),
        ({"event": "group_unsubscribe"}, "unsubscribed", "unsubscribed"),
        ({"event": "open"}, "opened", ""),
    ],
    ids=lambda value: str(value),
)
def test_every_event_has_a_word_of_ours(entry, kind, why):
    (event,) = read(json.dumps([entry | {"recipient": "p3", "batch": "7", "attempt": "2", "timestamp": 5}]).encode())
    assert (event.kind, event.suppresses, event.recipient, event.batch, event.attempt) == (kind, why, "p3", 7, 2)
    assert event.at == datetime.fromtimestamp(5, UTC)


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[1, null]", b"\xff", b'[{"event":"new kind"}]', b'[{"event":[]}]', b"[" * 5000]
)
def test_a_post_that_says_nothing_known_is_survived(body):
    assert read(body) == ()


def test_what_another_server_said_is_kept_without_what_no_store_keeps():
    body = b'[{"event":"bounce","recipient":"p\\u0000 3","reason":"no \\ud83d\\u0000 such\\n\\u001b[31m person"}]'
    (event,) = read(body)
    assert (event.recipient, event.detail) == ("p 3", "no such [31m person")


@pytest.mark.parametrize("odd", [None, [], {}, -1, "x", "٣", 1e300, "9" * 30])
def test_odd_values_in_an_event_are_survived(odd):
    entry = {"event": "bounce", "timestamp": odd, "batch": odd, "attempt": odd, "recipient": odd, "reason": odd}
    (event,) = read(json.dumps([entry]).encode())
    assert event.batch == 0


@pytest.fixture
def world(tmp_path):
    world = World(tmp_path)
    yield world
    world.store.close()


def happened(world, *told: tuple[str, int], batch: int = 1, attempt: int = 1, **others):
    entries = [
        {"event": kind, "recipient": f"p{who}", "batch": str(batch), "attempt": str(attempt), "timestamp": 9} | others
        for kind, who in told
    ]
    return read(json.dumps(entries).encode())


def test_any_event_of_an_attempt_settles_its_whole_batch(world):
    world.provider.plan = [ProviderUncertain("timed out")]
    assert world.send().uncertain == 10
    take_events(world.store, happened(world, ("processed", 3)), NumberedRoster(), NOW)
    report = sending.report(world.store, world.edition.id)
    assert (report.sent, report.uncertain) == (25, 0)


def test_an_event_of_another_attempt_settles_nothing(world):
    world.provider.plan = [ProviderUncertain("timed out")]
    world.send()
    take_events(world.store, happened(world, ("open", 3), attempt=9), NumberedRoster(), NOW)
    assert sending.report(world.store, world.edition.id).uncertain == 10


def test_an_event_that_comes_before_the_answer_settles_too(world):
    def early() -> None:
        take_events(world.store, happened(world, ("delivered", 3)), NumberedRoster(), NOW)

    world.provider.when_called = early
    world.provider.plan = [ProviderUncertain("timed out")]
    assert world.send().uncertain == 0


def test_events_are_counted_once_however_often_they_come(world):
    world.send()
    events = happened(world, ("delivered", 1), ("delivered", 2), ("open", 1), ("open", 1))
    roster = NumberedRoster()
    first = take_events(world.store, events, roster, NOW)
    again = take_events(world.store, events, roster, NOW)
    assert (first.new, first.known) == (3, 1)
    assert (again.new, again.known) == (0, 4)
    assert dict(sending.report(world.store, world.edition.id).events) == {"delivered": 2, "opened": 1}


def test_bounces_complaints_and_unsubscribes_suppress_once(world):
    world.send()
    roster = NumberedRoster()
    events = [
        *happened(world, ("bounce", 1), reason="550 no such user"),
        *happened(world, ("spamreport", 2), ("unsubscribe", 3), ("deferred", 4)),
    ]
    assert take_events(world.store, events, roster, NOW).suppressed == 3
    assert roster.suppressed == {1: "bounce", 2: "complaint", 3: "unsubscribed"}
    assert take_events(world.store, events, NumberedRoster(), NOW).suppressed == 0
    assert ("bounced", "550 no such user", 1) in sending.report(world.store, world.edition.id).reasons


def test_events_about_nobody_of_ours_are_passed_over(world):
    world.send()
    events = [*happened(world, ("open", 1), batch=99), *happened(world, ("open", 77))]
    taken = take_events(world.store, events, NumberedRoster(), NOW)
    assert (taken.new, taken.suppressed) == (0, 0)


REPORT = """\
From: MAILER-DAEMON@mx.example
To: news@morning.example
Subject: Undelivered
Date: Wed, 04 Mar 2026 07:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Sorry.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; reader7@readers.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} No such
 person

--b
Content-Type: {returned}

Message-ID: <x@morning.example>
Feedback-ID: 2026-03-04:morning:edition:morning.morning.example
Subject: Ferry runs again

--b--
"""


@pytest.mark.parametrize(
    ("action", "status", "kind", "why"),
    [
        ("failed", "5.1.1", "bounced", "bounce"),
        ("failed", "5.2.2", "blocked", ""),
        ("failed", "5.7.1", "blocked", ""),
        ("failed", "4.4.7", "blocked", ""),
        ("delayed", "4.2.0", "deferred", ""),
    ],
)
@pytest.mark.parametrize("returned", ["text/rfc822-headers", "message/rfc822"])
def test_a_delivery_report_is_read(action, status, kind, why, returned):
    (event,) = bounces.read(REPORT.format(action=action, status=status, returned=returned).encode(), NOW)
    assert (event.kind, event.suppresses, event.edition) == (kind, why, "morning/2026-03-04")
    assert (event.address, event.at) == ("reader7@readers.example", datetime(2026, 3, 4, 7, tzinfo=UTC))
    assert "No such person" in event.detail


@pytest.mark.parametrize("date", ["Fri, 31 Dec 9999 23:59:59 -1400", "soon"])
def test_a_delivery_report_of_no_day_is_of_now(date):
    report = REPORT.format(action="failed", status="5.1.1", returned="text/rfc822-headers")
    lines = [line for line in report.splitlines() if not line.startswith("Date:")]
    raw = "\n".join([f"Date: {date}", *lines]).replace("No such", "N\xf6 \x00such").encode("latin-1")
    (event,) = bounces.read(raw, NOW)
    assert event.at == NOW
    event.detail.encode()
    assert "\x00" not in event.detail


def test_a_delivery_report_suppresses_its_address_and_proves_its_mail(world):
    world.provider.plan = [ProviderUncertain("lost")]
    world.send()
    raw = REPORT.format(action="failed", status="5.1.1", returned="message/rfc822").encode()
    roster = NumberedRoster()
    assert take_events(world.store, bounces.read(raw, NOW), roster, NOW).suppressed == 1
    assert roster.suppressed == {7: "bounce"}
    assert sending.report(world.store, world.edition.id).uncertain == 9


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"Subject: hello\n\nhi",
        b"Content-Type: multipart/report; boundary=b\n\n--b\n\nx\n--b--\n",
        b"\xff\xfe" * 50,
    ],
)
def test_other_mail_is_no_report(raw):
    assert bounces.read(raw, NOW) == ()
