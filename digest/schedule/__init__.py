"""When an edition is due; does not know what an edition is or what runs then."""

from digest.schedule.calendar import (
    WEEKDAYS,
    Due,
    Rule,
    Weekday,
    due_between,
    next_due,
    on_the_clock,
    upcoming,
)
from digest.schedule.missed import PUNCTUAL, Decision, Policy, missed
from digest.schedule.waves import Wave, waves

__all__ = [
    "PUNCTUAL",
    "WEEKDAYS",
    "Decision",
    "Due",
    "Policy",
    "Rule",
    "Wave",
    "Weekday",
    "due_between",
    "missed",
    "next_due",
    "on_the_clock",
    "upcoming",
    "waves",
]
