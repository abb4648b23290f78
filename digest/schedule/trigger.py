"""A rule as a trigger of APScheduler 3; does not know what the job does.

APScheduler's own cron trigger skips a day whose time falls into a gap at midnight and fires twice
in a repeated hour; this one asks the calendar.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from apscheduler.triggers.base import BaseTrigger

from digest.schedule.calendar import Rule, next_due

#: What a job with this trigger is added with: however late it is, it runs once, and the job itself
#: decides what to do about what was missed. APScheduler's default drops a run that is a second late.
JOB_OPTIONS: dict[str, Any] = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}


class CalendarTrigger(BaseTrigger):  # type: ignore[misc]  # APScheduler 3 carries no types
    """Fires whenever a rule is due in a zone."""

    __slots__ = ("rule", "zone")

    def __init__(self, rule: Rule, zone: ZoneInfo) -> None:
        self.rule = rule
        self.zone = zone

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """Return the next instant the rule is due, in its zone's time; None where there is none.

        A previous time that lies ahead means that the clock was set back: it counts from now then.
        """
        after = now - timedelta(microseconds=1)
        if previous_fire_time is not None:
            after = min(previous_fire_time, now)
        found = next_due(self.rule, after, self.zone)
        return found.astimezone(self.zone) if found else None

    def __str__(self) -> str:
        times = ", ".join(at.strftime("%H:%M") for at in self.rule.clock)
        return f"at {times} in {self.zone.key}"
