"""Writes what somebody does into the log that the admin shows; knows no page."""

from __future__ import annotations

from contextlib import AbstractContextManager

from digest.pipeline.app import App
from digest.pipeline.desk import Desk
from digest.pipeline.recording import recorded
from subscribers import audit
from subscribers.web.admin.asked import Asked


def recording(desk: Desk, asked: Asked, what: str, detail: str) -> AbstractContextManager[App]:
    """Give the application to do something with: it is kept with its entry by whoever asks, or neither is."""
    return recorded(desk.app, asked.by, what, detail)


def record(desk: Desk, asked: Asked, what: str, detail: str) -> None:
    """Add an entry for what the store does not do by itself, such as a mail; the detail never holds a secret."""
    with desk.begin() as connection:
        audit.write(connection, what, detail=detail, **asked.by)
