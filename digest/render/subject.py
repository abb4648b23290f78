"""The line in the inbox and the one after it, made from the lead story and nothing added."""

from __future__ import annotations

from digest.model import Edition
from digest.render import text

#: What phones show of a subject and of the line after it, in characters.
SUBJECT_LIMIT, PREHEADER_LIMIT = 60, 90


def subject(edition: Edition) -> str:
    """Return the editor's subject, else the lead's headline, cut at a word."""
    own = text.one_line(edition.subject)
    return own or text.clip(text.headline(edition.lead.title), SUBJECT_LIMIT)


def preheader(edition: Edition) -> str:
    """Return the editor's preheader, else the lead's dek, else the headlines that follow it."""
    own = text.one_line(edition.preheader)
    if own:
        return own
    lead = edition.lead.lead
    words = edition.source(lead.source).quote_words
    dek = text.dek(lead.dek or lead.body, words)
    following = " · ".join(text.headline(story.title) for story in edition.stories[1:4])
    return text.clip(dek or following, PREHEADER_LIMIT)
