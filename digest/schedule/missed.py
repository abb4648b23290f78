"""What to do about runs whose time has come or gone; reads no clock and sends nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from digest.schedule.calendar import Due, Rule, due_between

Policy = Literal["send", "skip", "ask"]

#: A run this late is still on time: the machine was busy, not away.
PUNCTUAL = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do about one run."""

    due: Due
    action: Policy
    why: str  #: for people


def missed(
    rule: Rule,
    zone: ZoneInfo,
    last_run: datetime | None,
    now: datetime,
    policy: Policy = "send",
    late_hours: float = 4.0,
) -> tuple[Decision, ...]:
    """Decide every run later than ``last_run`` and not later than ``now``, soonest first.

    ``last_run`` is the instant the last decided run was due; None on a first start, which has missed
    nothing. Only the newest run can still go: the articles of the ones before it are in it. It is sent
    where it is on time or, by policy, at most ``late_hours`` late.
    """
    since = last_run if last_run is not None else now - PUNCTUAL
    runs = tuple(due_between(rule, since, now, zone))
    older = [due for due in runs if due.at < runs[-1].at]
    newest = [due for due in runs if due.at == runs[-1].at]
    passed = [Decision(due, "skip", "a later run is due as well") for due in older]
    return (*passed, *(_decide(due, now - due.at, policy, late_hours) for due in newest))


def _decide(due: Due, late: timedelta, policy: Policy, late_hours: float) -> Decision:
    if late <= PUNCTUAL:
        return Decision(due, "send", "on time")
    hours = f"{late / timedelta(hours=1):.1f} hours late"
    if policy == "send" and late > timedelta(hours=late_hours):
        return Decision(due, "skip", f"{hours}; at most {late_hours:g} are allowed")
    reasons = {"send": hours, "skip": f"{hours}; this newsletter skips what it missed", "ask": hours}
    return Decision(due, policy, reasons[policy])
