"""One round of a sender: what comes next for each batch, and its transaction; hands nothing over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic

from digest.model import Recipient
from digest.send.ledger import B, Ledger
from digest.send.work import Work

#: Batches claimed and built before a connection is free for them.
AHEAD = 2


@dataclass(frozen=True, slots=True)
class Plan(Generic[B]):
    """What a round does."""

    ended: tuple[Work[B], ...] = ()  #: given up, with what is known
    going: tuple[Work[B], ...] = ()  #: their next window leaves
    fresh: tuple[Work[B], ...] = ()  #: their first window leaves
    rest: tuple[Work[B], ...] = ()  #: still to wait for a connection
    claims: int = 0  #: how many more are wanted


@dataclass(frozen=True, slots=True)
class Written(Generic[B]):
    """What its transaction came to."""

    claimed: tuple[B, ...] = ()
    started: tuple[Work[B], ...] = ()  #: marked as leaving
    rest: tuple[Work[B], ...] = ()  #: still to wait for a connection
    wait: float = 0.0  #: seconds until it is worth claiming more
    is_over: bool = False  #: nothing is left to claim


def plan(back: Sequence[Work[B]], ahead: Sequence[Work[B]], free: int, wanted: int, *, is_stopping: bool) -> Plan[B]:
    """Say what a round does with what came back and what was claimed ahead, while so many connections are free.

    A provider that says when to come back means every batch: what was claimed ahead is given back.
    """
    if is_stopping:
        return Plan(ended=(*back, *ahead))
    going = tuple(work for work in back if work.left and not work.handed.is_in_vain)
    ended = tuple(work for work in back if work not in going)
    if any(work.handed.is_for_all for work in back):
        return Plan((*ended, *ahead), going, claims=wanted)
    at = max(0, free - len(going))
    return Plan(ended, going, tuple(ahead[:at]), tuple(ahead[at:]), max(0, wanted - len(ahead[at:])))


def commit(ledger: Ledger[B], steps: Plan[B], send: int, me: int, now: datetime, *, is_repeatable: bool) -> Written[B]:
    """Carry a plan out in the ledger; where nothing may be claimed any more, nothing begins either.

    Where a provider may be told the same thing twice, its windows are marked only when they are known to have left.
    """

    def mark(work: Work[B], gone: Sequence[int] = ()) -> bool:
        """Write down what is known and who leaves next; tell whether the batch is still ours."""
        start = () if is_repeatable or not work.left else _ids(work.left[0])
        return ledger.advance(work.batch, work.handed.receipts, start=start, gone=gone, now=now) is not None

    for work in (*steps.ended, *steps.going) if is_repeatable else ():
        if work.handed.receipts:
            ledger.advance(work.batch, start=_ids(work.begun), now=now)
    for work in steps.ended:
        handed = work.handed
        ledger.release(work.batch, handed.receipts, due_at=work.due_at, is_for_all=handed.is_for_all, now=now)
    started = [work for work in steps.going if mark(work)]
    claimed, wait, is_over = _claimed(ledger, steps.claims, send, me, now)
    if is_over:
        for work in (*steps.fresh, *steps.rest):
            ledger.release(work.batch, now=now)
        return Written((), tuple(started), is_over=True)
    for work in steps.fresh:
        if not mark(work, work.gone):
            continue
        if work.left:
            started.append(work)
        else:
            ledger.release(work.batch, now=now)
    return Written(claimed, tuple(started), steps.rest, wait)


def _claimed(ledger: Ledger[B], most: int, send: int, me: int, now: datetime) -> tuple[tuple[B, ...], float, bool]:
    """Claim some batches; return them, the seconds until it is worth asking again, and whether it is over."""
    claimed: list[B] = []
    for _ in range(most):
        turn = ledger.claim(send, me, now)
        if turn.batch is None:
            return tuple(claimed), turn.wait, turn.is_over
        claimed.append(turn.batch)
    return tuple(claimed), 0.0, False


def _ids(window: Sequence[Recipient]) -> list[int]:
    return [recipient.id for recipient in window]
