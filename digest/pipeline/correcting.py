"""A correction to an edition, as mail, in the installation's own templates; knows no ledger."""

from __future__ import annotations

from digest.model import Edition, Message
from digest.pipeline.app import App
from digest.render import notices


def correction(app: App, edition: Edition, words: str) -> Message:
    """Return the mail that corrects an edition; ``words`` are plain text, paragraphs separated by a blank line."""
    return notices.correction(edition, words, app.templates)
