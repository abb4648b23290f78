"""What was missed and what comes, for people; carries nothing out and notes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from digest.pipeline.app import App, Newsletter
from digest.schedule.calendar import Due
from digest.schedule.missed import Policy, missed
from digest.schedule.running import last_run, parts, rule_of
from digest.schedule.waves import waves


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a newsletter."""

    due: Due
    zones: tuple[str, ...]  #: where it is due then; more than one only in readers' own time
    action: Policy = "send"
    why: str = ""  #: what there is to say of one that was missed


def outlook(app: App, newsletter: Newsletter, now: datetime, count: int) -> tuple[Run, ...]:
    """Return the runs that were missed and wait for ``digest serve``, then the next ``count``."""
    there, rule = parts(app, newsletter, now), rule_of(newsletter)
    waiting = {
        Run(decision.due, (part.zone.key,), decision.action, decision.why)
        for part in there
        if (since := last_run(app, part)) is not None
        for decision in missed(rule, part.zone, since, now, newsletter.late, newsletter.late_hours)
    }
    coming = waves(rule, now, [part.zone.key for part in there], count)
    return (
        *sorted(waiting, key=lambda run: (run.due, run.zones)),
        *(Run(wave.due, wave.zones) for wave in coming),
    )
