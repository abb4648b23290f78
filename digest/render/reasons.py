"""Why a story stands where it stands, in words for readers; knows no score."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from digest.model import Reason, Story
from digest.render.text import clip
from digest.render.words import Language

#: More parts than these make no reader wiser.
PARTS = 3


def why(story: Story, words: Language) -> str:
    """Return what speaks for a story as one line in the newsletter's language, '' where nothing is known."""
    said = (_PHRASES[reason.what](words, reason) for reason in story.reasons if reason.what in _PHRASES)
    return clip(" · ".join([part for part in said if part][:PARTS]), 160)


def _pinned(words: Language, _reason: Reason) -> str:
    return words.gettext("chosen by an editor")


def _sources(words: Language, reason: Reason) -> str:
    number = int(reason.value)
    said = words.ngettext("reported by %(num)s source", "reported by %(num)s independent sources", number)
    return said % {"num": words.number(number)}


def _reports(words: Language, reason: Reason) -> str:
    number = int(reason.value)
    return words.ngettext("%(num)s report in all", "%(num)s reports in all", number) % {"num": words.number(number)}


def _position(words: Language, reason: Reason) -> str:
    number = int(reason.value)
    if number < 2:
        return ""  # every article is first somewhere
    said = words.ngettext("at the top of %(num)s feed", "at the top of %(num)s feeds", number)
    return said % {"num": words.number(number)}


def _recency(words: Language, reason: Reason) -> str:
    span = words.span(timedelta(minutes=float(reason.value)))
    return words.gettext("newest report %(span)s before this edition closed") % {"span": span}


#: Parts of a score that mean something to a reader, by the name grouping gives them.
_PHRASES: dict[str, Callable[[Language, Reason], str]] = {
    "pinned": _pinned,
    "sources": _sources,
    "reports": _reports,
    "position": _position,
    "recency": _recency,
}
