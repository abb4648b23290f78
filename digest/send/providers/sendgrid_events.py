"""Reads SendGrid's event webhook: proves who sent it, and puts it into our words; changes nothing.

https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sendgrid.helpers.eventwebhook import EventWebhook

from digest.errors import ProviderRefused
from digest.send.events import Event, Kind, Why, as_told

SIGNATURE = "x-twilio-email-event-webhook-signature"
TIMESTAMP = "x-twilio-email-event-webhook-timestamp"

#: How far the time of a post may be from ours; what is older may be a replay.
FRESH = timedelta(minutes=10)

_KINDS: dict[str, Kind] = {
    "processed": "processed",
    "delivered": "delivered",
    "deferred": "deferred",
    "bounce": "bounced",
    "blocked": "blocked",
    "dropped": "dropped",
    "spamreport": "complained",
    "unsubscribe": "unsubscribed",
    "group_unsubscribe": "unsubscribed",
    "open": "opened",
    "click": "clicked",
}

#: Reasons of 'dropped' that say the address itself is known to be bad or unwilling.
_DROPPED: dict[str, Why] = {
    "bounced address": "bounce",
    "invalid": "bounce",
    "spam reporting address": "complaint",
    "unsubscribed address": "unsubscribed",
}


class Verifier:
    """Knows the account's key and proves that a post came from SendGrid, just now."""

    def __init__(self, public_key: str, *, fresh: timedelta = FRESH) -> None:
        try:
            self._webhook = EventWebhook(public_key)
        except ValueError as fault:
            raise ProviderRefused(
                "sendgrid: the key of the event webhook is not a public key; copy the verification key "
                "from Mail Settings, Signed Event Webhook"
            ) from fault
        self._fresh = fresh

    def is_genuine(self, body: bytes, headers: Mapping[str, str], now: datetime) -> bool:
        """Tell whether a raw body was signed by SendGrid and is fresh; ``headers`` have lower-case names."""
        signature, timestamp = headers.get(SIGNATURE, ""), headers.get(TIMESTAMP, "")
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12):
            return False
        if abs(now - datetime.fromtimestamp(int(timestamp), UTC)) > self._fresh:
            return False
        try:
            return bool(self._webhook.verify_signature(body.decode(), signature, timestamp))
        except ValueError:  # bad base64, bad UTF-8
            return False


def read(body: bytes) -> tuple[Event, ...]:
    """Return the events of a post, leaving out kinds and entries that are not known."""
    try:
        entries = json.loads(body)
    except (ValueError, RecursionError):
        return ()
    if not isinstance(entries, list):
        return ()
    return tuple(event for entry in entries if isinstance(entry, dict) and (event := _event(entry)))


def _event(entry: Mapping[str, Any]) -> Event | None:
    kind = _KINDS.get(str(entry.get("event")))
    if kind is None:
        return None
    if kind == "bounced" and entry.get("type") == "blocked":
        kind = "blocked"
    said = entry.get("reason") or entry.get("response") or ""
    return Event(
        kind=kind,
        at=_moment(entry.get("timestamp")),
        recipient=as_told(entry.get("recipient")),
        edition=as_told(entry.get("edition")),
        batch=_number(entry.get("batch")),
        attempt=_number(entry.get("attempt")),
        detail=as_told(said),
        suppresses=_why(kind, str(said)),
    )


def _why(kind: Kind, said: str) -> Why:
    match kind:
        case "bounced":
            return "bounce"
        case "complained":
            return "complaint"
        case "unsubscribed":
            return "unsubscribed"
        case "dropped":
            return _DROPPED.get(said.strip().lower(), "")
        case _:
            return ""


def _moment(value: object) -> datetime:
    number = _number(value)
    return datetime.fromtimestamp(number if 0 < number < 2**35 else 0, UTC)


def _number(value: object) -> int:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0
