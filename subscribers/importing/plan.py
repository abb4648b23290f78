"""What will become of each line of an import: decides, and knows no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Literal, NamedTuple

from subscribers.model import By, OptIn, Reason, State
from subscribers.tables import STATE_CODES

Fate = Literal["new", "joined", "confirmed", "already", "marked as left", "left before", "suppressed"]

_CONFIRMED = STATE_CODES[State.CONFIRMED]
_UNCONFIRMED = STATE_CODES[State.UNCONFIRMED]
_UNSUBSCRIBED = STATE_CODES[State.UNSUBSCRIBED]


@dataclass(frozen=True, slots=True)
class Terms:
    """What one import was told."""

    list_id: int
    opt_in: OptIn
    at: datetime  #: aware, UTC
    source: str = ""  #: the file's name, for the audit log
    who: str = ""
    act: int = 0  #: the audit log's entry of this import; 0 while only previewed
    override: bool = False  #: take back those who left or are suppressed
    keep: bool = False  #: leave names, fields and preferences of known people as they are
    only_here: bool = False  #: what the file says of every list is kept for this one

    @property
    def by(self) -> By:
        """Who acts, for the audit log."""
        return By(at=self.at, how="import", source=self.source, who=self.who)


class Known(NamedTuple):
    """Someone the store knows by this address."""

    id: int
    state: int | None  #: on this list: a code of ``STATE_CODES``; None where they never were on it


class Verdict(NamedTuple):
    """What becomes of one line."""

    fate: Fate
    state: int | None  #: the subscription's code afterwards; None where it is left as it is
    asks: bool = False  #: whether a confirmation is to be mailed


def decide(told: int | None, known: Known | None, reason: Reason | None, opt_in: OptIn, *, override: bool) -> Verdict:
    """Return the fate of one line.

    Args:
        told: the state that the file gives, None where it gives none: then the list's opt-in decides.
        known: who has the address now.
        reason: why the address must not be written to.
        override: take back those who left or are suppressed.
    """
    if reason is not None and not override:
        return _SUPPRESSED
    if known is None or known.state is None:
        return _fresh(told, opt_in, "new" if known is None else "joined")
    if told == _UNSUBSCRIBED:
        return _LEFT_BEFORE if known.state == _UNSUBSCRIBED else _LEAVES
    if known.state == _UNSUBSCRIBED:
        return _fresh(told, opt_in, "joined") if override else _LEFT_BEFORE
    if known.state == _UNCONFIRMED and told == _CONFIRMED:
        return _CONFIRMS
    if reason is not None:
        return Verdict("joined", known.state)  # on the list all the time, but suppressed until this override
    return _ALREADY


@cache
def _fresh(told: int | None, opt_in: OptIn, fate: Fate) -> Verdict:
    if told is not None:
        return Verdict(fate, told)
    return Verdict(fate, _CONFIRMED) if opt_in == "single" else Verdict(fate, _UNCONFIRMED, asks=True)


_SUPPRESSED = Verdict("suppressed", None)
_LEFT_BEFORE = Verdict("left before", None)
_LEAVES = Verdict("marked as left", _UNSUBSCRIBED)
_CONFIRMS = Verdict("confirmed", _CONFIRMED)
_ALREADY = Verdict("already", None)
