"""digest schedule: when each newsletter is due next."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from digest.cli import show
from digest.cli.opening import opened
from digest.cli.options import json_option, now_option

if TYPE_CHECKING:
    from datetime import datetime

    from digest.pipeline.app import Newsletter
    from digest.schedule.outlook import Run

#: So many zones of a wave are named.
NAMED = 3


@click.command()
@click.option("--count", default=10, show_default=True, type=click.IntRange(1, 1000), help="How many runs of each.")
@json_option
@now_option
@click.pass_context
def schedule(ctx: click.Context, count: int, as_json: bool, now: datetime) -> None:
    """Show the next runs of each newsletter, in its own time and in UTC, after those that were missed
    and what becomes of them. One that goes in its readers' own time has a run for each instant at
    which it is that time in some of their zones.

    \b
    Example:
      digest schedule --count 3
    """
    from digest.schedule.outlook import outlook

    with opened(ctx, read_only=True) as app:
        runs = [(each, run) for each in app.newsletters for run in outlook(app, each, now, count)]
    if as_json:
        for newsletter, run in runs:
            show.value(value(newsletter, run))
    else:
        rows = [row(newsletter, run) for newsletter, run in runs]
        headings = ("newsletter", "local time", "zone", "UTC", "slot", "missed")
        width = len(headings) if any(each[-1] for each in rows) else len(headings) - 1
        show.table(headings[:width], [each[:width] for each in rows])


def value(newsletter: Newsletter, run: Run) -> dict[str, object]:
    """Return one run for programs."""
    local = run.due.at.astimezone(ZoneInfo(run.zones[0]))
    return {
        "newsletter": newsletter.slug, "local": f"{local:%Y-%m-%d %H:%M}", "zone": run.zones[0], "zones": run.zones,
        "utc": f"{run.due.at:%Y-%m-%d %H:%M}", "date": run.due.date.isoformat(), "slot": run.due.slot,
        "missed": bool(run.why), "action": run.action, "why": run.why,
    }  # fmt: skip


def row(newsletter: Newsletter, run: Run) -> tuple[str, ...]:
    """Return one run for people."""
    local = run.due.at.astimezone(ZoneInfo(run.zones[0]))
    more = len(run.zones) - NAMED
    zones = ", ".join(run.zones[:NAMED]) + (f" and {more} more" if more > 0 else "")
    becomes = {"send": "will be sent", "skip": "will be skipped", "ask": "will wait for a yes"}[run.action]
    note = f"{becomes}: {run.why}" if run.why else ""
    return newsletter.slug, f"{local:%a %Y-%m-%d %H:%M}", zones, f"{run.due.at:%Y-%m-%d %H:%M}", run.due.slot, note
