"""Why a story stands where it stands, as one quiet line; knows no score."""

from __future__ import annotations

from digest.model import Story
from digest.render.text import clip, one_line

#: More parts than these make nobody wiser.
PARTS = 3


def why(story: Story) -> str:
    """Return the reasons of a story joined into a line, '' where there are none."""
    parts = [one_line(reason.text) for reason in story.reasons if reason.text.strip()]
    return clip(" · ".join(parts[:PARTS]), 160)
