"""Decides what a check of a source leaves to be remembered: when to ask again, where, and with which marks.

Pure: it is told the time and what the server answered, and knows no network.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from digest.model import Source, SourceState

#: A source is asked at least once a day, whatever its server says: news is not older.
LONGEST = timedelta(days=1)
#: A server that is down for maintenance may say so for longer.
LONGEST_HOLD = timedelta(days=7)
#: A permanent redirect is believed when it was seen this many times in a row; a slip in a config is mended sooner.
SIGHTINGS = 3
#: Failures past which the wait no longer grows: 2⁶ intervals.
_MOST_DOUBLINGS = 6


@dataclass(frozen=True, slots=True)
class Answered:
    """What an answer says about the next question."""

    etag: str = ""  #: byte for byte
    last_modified: str = ""  #: byte for byte
    fresh_seconds: float = 0.0  #: by max-age or Expires, whichever is later
    ttl_minutes: int = 0  #: by the feed itself
    moved_to: str = ""  #: where permanent redirects, and no others, led
    body_hash: str = ""


def known(source: Source, state: SourceState | None) -> SourceState:
    """Return what is remembered of a source; nothing where its address was another one then.

    Where the config has changed what its articles say, it is forgotten how the last body is recognised, so that it
    is read again.
    """
    read_as = _read_as(source)
    if state is None or (state.url and state.url != source.url):
        return SourceState(slug=source.slug, url=source.url, read_as=read_as)
    if state.read_as and state.read_as != read_as:
        state = replace(state, etag="", last_modified="", body_hash="", next_check_at=None, pages_tried=(), parts=())
    return replace(state, url=source.url, read_as=read_as)


def _read_as(source: Source) -> str:
    """Return what of a source's settings ends up in its articles."""
    told = (source.kind, source.owner, source.section, source.weight, source.language, source.full_text)
    return " ".join(map(repr, told))


def is_due(state: SourceState, now: datetime) -> bool:
    """Tell whether a source may be asked at ``now``."""
    return not state.is_gone and (state.next_check_at is None or now >= state.next_check_at)


def address(source: Source, state: SourceState) -> str:
    """Return where to ask: the config's address, or the one it has moved to for good."""
    return state.moved_to if state.moved_to and state.moved_seen >= SIGHTINGS else source.url


def after_answer(
    state: SourceState, answered: Answered, now: datetime, interval: timedelta, *, is_new: bool
) -> SourceState:
    """Return what to remember after an answer, changed or not.

    The next check is the latest of what the feed, its server and our own interval ask for, within a day.
    """
    wait = max(interval, timedelta(minutes=answered.ttl_minutes), timedelta(seconds=answered.fresh_seconds))
    return replace(
        _moved(state, answered.moved_to),
        etag=answered.etag,
        last_modified=answered.last_modified,
        checked_at=now,
        changed_at=now if is_new else state.changed_at,
        next_check_at=now + min(wait, max(LONGEST, interval)),
        failures=0,
        error="",
        body_hash=answered.body_hash or state.body_hash,
        is_gone=False,
    )


def after_failure(
    state: SourceState,
    error: str,
    now: datetime,
    interval: timedelta,
    *,
    retry_after: float = 0.0,
    is_gone: bool = False,
) -> SourceState:
    """Return what to remember after a failure: wait twice as long after each in a row, within a day.

    ``retry_after`` is in seconds, as the server asked. Where the address it had moved to fails, it is forgotten.
    """
    wait = min(interval * 2 ** min(state.failures, _MOST_DOUBLINGS), max(LONGEST, interval))
    hold = min(timedelta(seconds=min(retry_after, 1e9)), LONGEST_HOLD)
    return replace(
        state,
        checked_at=now,
        next_check_at=now + max(wait, hold),
        failures=state.failures + 1,
        error=error,
        is_gone=is_gone,
        moved_to="",
        moved_seen=0,
    )


def after_hold(state: SourceState, seconds: float, now: datetime) -> SourceState:
    """Return what to remember of a source that was not asked because its host wants to be left alone."""
    hold = now + min(timedelta(seconds=min(seconds, 1e9)), LONGEST_HOLD)
    return replace(state, next_check_at=max(hold, state.next_check_at or hold))


def _moved(state: SourceState, moved_to: str) -> SourceState:
    if state.moved_seen >= SIGHTINGS and not moved_to:
        return state  # it was asked at its new address, which answered
    seen = state.moved_seen + 1 if moved_to and moved_to == state.moved_to else int(bool(moved_to))
    return replace(state, moved_to=moved_to, moved_seen=seen)
