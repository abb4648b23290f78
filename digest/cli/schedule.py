"""digest schedule: when each newsletter is due next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from digest.cli import show
from digest.cli.opening import opened
from digest.cli.options import json_option, now_option

if TYPE_CHECKING:
    from datetime import datetime

    from digest.pipeline.app import Newsletter
    from digest.schedule.calendar import Due


@click.command()
@click.option("--count", default=10, show_default=True, help="How many runs of each newsletter.")
@json_option
@now_option
@click.pass_context
def schedule(ctx: click.Context, count: int, as_json: bool, now: datetime) -> None:
    """Show the next runs of each newsletter, in its own time and in UTC.

    \b
    Example:
      digest schedule --count 3
    """
    from digest.schedule import upcoming
    from digest.schedule.running import rule_of

    with opened(ctx, read_only=True) as app:
        rows = [row(each, due) for each in app.newsletters for due in upcoming(rule_of(each), now, each.zone, count)]
    if as_json:
        for newsletter, local, zone, utc, slot in rows:
            show.value({"newsletter": newsletter, "local": local[4:], "zone": zone, "utc": utc, "slot": slot})
    else:
        show.table(("newsletter", "local time", "zone", "UTC", "slot"), rows)


def row(newsletter: Newsletter, due: Due) -> tuple[str, str, str, str, str]:
    """Return one run: newsletter, local time, zone, UTC and slot."""
    local = due.at.astimezone(newsletter.zone)
    return newsletter.slug, f"{local:%a %Y-%m-%d %H:%M}", newsletter.zone.key, f"{due.at:%Y-%m-%d %H:%M}", due.slot
