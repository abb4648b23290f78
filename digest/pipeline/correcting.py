"""A correction to an edition, as mail: its words, the edition's name, the reader's way out; knows no ledger."""

from __future__ import annotations

from digest.model import Edition, Message
from digest.pipeline.app import App
from digest.pipeline.desk import pages


def correction(app: App, edition: Edition, words: str) -> Message:
    """Return the mail that corrects an edition; ``words`` are plain text, paragraphs separated by a blank line."""
    paragraphs = [" ".join(part.split()) for part in words.split("\n\n") if part.strip()]
    values = {
        "edition": edition,
        "masthead": edition.masthead,
        "paragraphs": [each.replace("%%", "%\u2060%") for each in paragraphs],
    }
    templates = pages(app.templates)
    return Message(
        subject=f"Correction: {edition.subject or edition.lead.title}",
        html=templates.get_template("notices/correction.html").render(**values),
        text=templates.get_template("notices/correction.txt").render(**values),
        slots=("ADDRESS", "UNSUBSCRIBE_URL"),
    )
