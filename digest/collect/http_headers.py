"""Reads from headers how long an answer is good for and how long to wait, and asks for news only; no connection."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from digest.collect.dates import read_date

_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,10})", re.IGNORECASE)
_NOT_KEPT = re.compile(r"\bno-(?:cache|store)\b", re.IGNORECASE)


def conditions(etag: str, last_modified: str) -> dict[str, str]:
    """Return the headers that ask for a body only if it is not the one we know (RFC 9110 §13.1)."""
    named = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in named.items() if value}


def fresh_seconds(headers: Mapping[str, str], now: datetime) -> float:
    """Return how long an answer stays good: the later of max-age less Age and Expires (RFC 9111 §4.2.1).

    ``now`` stands in where the server does not say what time it has.
    """
    control = headers.get("Cache-Control", "")
    if _NOT_KEPT.search(control):
        return 0.0
    age = headers.get("Age", "").strip()
    max_age = float(found[1]) if (found := _MAX_AGE.search(control)) else 0.0
    max_age -= float(age) if age.isdecimal() and len(age) < 11 else 0.0
    expires = read_date(headers.get("Expires"))
    until = (expires - _server_time(headers, now)).total_seconds() if expires else 0.0
    return max(0.0, max_age, until)


def retry_after(headers: Mapping[str, str], now: datetime) -> float:
    """Return the seconds a server asks to be left alone (RFC 9110 §10.2.3), 0 where it does not say."""
    value = headers.get("Retry-After", "").strip()
    if value.isdecimal() and len(value) < 11:
        return float(value)
    until = read_date(value)
    return max(0.0, (until - _server_time(headers, now)).total_seconds()) if until else 0.0


def _server_time(headers: Mapping[str, str], now: datetime) -> datetime:
    """Return the time the server has, so that two clocks that differ do no harm."""
    return read_date(headers.get("Date")) or now
