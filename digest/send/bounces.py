"""Reads delivery status notifications (RFC 3464) and tells whom they concern; opens no mailbox.

No address of the sender's is made up for each recipient: the report itself names the recipient, and the headers
of the returned mail name the edition.
"""

from __future__ import annotations

import email
import email.policy
import re
from datetime import UTC, datetime
from email.message import EmailMessage, Message
from email.utils import parsedate_to_datetime

from digest.send.events import Event, Kind, as_told
from digest.send.status import speaks_of_the_address

#: ``2026-03-04-0700:morning:edition:list-id``, as ``mime.list_headers`` writes it.
_FEEDBACK = re.compile(r"(\d{4}-\d\d-\d\d)(?:-([\w.+-]+))?:([\w.+-]+):edition:")


def read(raw: bytes, now: datetime) -> tuple[Event, ...]:
    """Return an event for each recipient that a report speaks of; nothing where the mail is no report."""
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    if mail.get_content_type() != "multipart/report":
        return ()
    parts = list(mail.walk())
    report = next((part for part in parts if part.get_content_type() == "message/delivery-status"), None)
    if report is None:
        return ()
    edition = _edition(parts)
    at = _date(mail, now)
    blocks = report.get_payload()
    found = [_event(block, edition, at) for block in blocks if isinstance(block, Message)]
    return tuple(event for event in found if event)


def _event(block: Message, edition: str, at: datetime) -> Event | None:
    """Return what one block says, nothing for the block about the whole report."""
    address = _address(str(block.get("Original-Recipient") or block.get("Final-Recipient") or ""))
    kind = _kind(str(block.get("Action") or "").strip().lower(), str(block.get("Status") or "").strip())
    if not address or kind is None:
        return None
    status = str(block.get("Status") or "").strip()
    said = str(block.get("Diagnostic-Code") or "").partition(";")[2] or status
    return Event(
        kind=kind,
        at=at,
        address=address,
        edition=edition,
        detail=as_told(said),
        suppresses="bounce" if kind == "bounced" else "",
    )


def _kind(action: str, status: str) -> Kind | None:
    """Say what an action means: only a permanent failure that speaks of the address is a hard bounce."""
    if action == "failed":
        return "blocked" if status.startswith("4") or not speaks_of_the_address(status) else "bounced"
    kinds: dict[str, Kind] = {"delayed": "deferred", "delivered": "delivered", "relayed": "delivered"}
    return kinds.get(action)


def _address(field: str) -> str:
    """Return the address of ``rfc822; someone@example.org``, undoing xtext (RFC 3461 §4)."""
    kind, _, address = field.partition(";")
    address = (address or kind).strip().strip("<>")
    address = re.sub(r"\+([0-9A-F]{2})", lambda found: chr(int(found[1], 16)), address)
    return as_told(address) if "@" in address else ""


def _edition(parts: list[EmailMessage]) -> str:
    """Return the edition that the returned headers name, '' where none came back."""
    for part in parts:
        text = str(part.get("Feedback-ID") or "")
        if part.get_content_type() == "text/rfc822-headers":
            headers = email.message_from_string(str(part.get_payload()), policy=email.policy.default)
            text = text or str(headers.get("Feedback-ID") or "")
        found = _FEEDBACK.match("".join(text.split()))
        if found:
            return "/".join(filter(None, (found[3], found[1], found[2])))
    return ""


def _date(mail: Message, now: datetime) -> datetime:
    try:
        moment = parsedate_to_datetime(str(mail["Date"]))
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (TypeError, ValueError, OverflowError):  # no date, or a day that no other zone has
        return now
