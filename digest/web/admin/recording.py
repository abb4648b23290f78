"""Writes what is done to accounts and tokens into the log that the admin shows; knows no page."""

from __future__ import annotations

from digest.pipeline.desk import Desk
from subscribers import audit
from subscribers.web.admin.asked import Asked


def record(desk: Desk, asked: Asked, what: str, detail: str) -> None:
    """Add an entry by whoever asks; the detail names accounts and tokens, never a secret."""
    with desk.begin() as connection:
        audit.write(connection, what, detail=detail, **asked.by)
