"""Why a story stands where it stands, in words for readers; knows no score."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta

from digest.model import Reason, Story
from digest.render.text import clip
from digest.render.words import Language

#: More parts than these make no reader of a mail wiser.
PARTS = 3


def why(story: Story, words: Language) -> str:
    """Return what speaks for a story as one line in the newsletter's language, '' where nothing is known."""
    told = (reason for reason in story.reasons if reason.what not in _MACHINERY and not _is_small(reason))
    return clip(" · ".join(_said(told, words)[:PARTS]), 160)


def every(story: Story, words: Language) -> tuple[str, ...]:
    """Return every part of what a story's place rests on, for the page: as many as `digest group` prints."""
    return tuple(_said(story.reasons, words))


def _said(reasons: Iterable[Reason], words: Language) -> list[str]:
    return [_PHRASES[reason.what](words, reason) for reason in reasons if reason.what in _PHRASES]


def _is_small(reason: Reason) -> bool:
    """Return whether a part tells little: every article is first somewhere."""
    return reason.what == "position" and int(reason.value) < _FEEDS


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
    said = words.ngettext("at the top of %(num)s feed", "at the top of %(num)s feeds", number)
    return said % {"num": words.number(number)}


def _recency(words: Language, reason: Reason) -> str:
    span = words.span(timedelta(minutes=float(reason.value)))
    return words.gettext("newest report %(span)s before this edition closed") % {"span": span}


def _copies(words: Language, reason: Reason) -> str:
    number = int(reason.value)
    said = words.ngettext("%(num)s copy not counted", "%(num)s copies not counted", number)
    return said % {"num": words.number(number)}


def _weight(words: Language, reason: Reason) -> str:
    said = words.gettext("the weightiest source counts %(num)s times")
    return said % {"num": words.number(float(reason.value))}


#: What a mail leaves out, and the page has room for; and the fewest feeds whose top is worth a word in a mail.
_MACHINERY, _FEEDS = frozenset({"copies", "weight"}), 2

#: Parts of a score that mean something to a reader, by the name grouping gives them.
_PHRASES: dict[str, Callable[[Language, Reason], str]] = {
    "pinned": _pinned,
    "sources": _sources,
    "reports": _reports,
    "position": _position,
    "recency": _recency,
    "copies": _copies,
    "weight": _weight,
}
