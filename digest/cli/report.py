"""digest report: who got an edition, who did not, what is unknown."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from digest.cli import show
from digest.cli.opening import opened
from digest.cli.options import json_option

if TYPE_CHECKING:
    from digest.pipeline.send import SendReport

#: Where everybody planned is now, with what it means; they add up to 'planned'.
PLACES = {
    "sent": "the provider has it",
    "rejected": "refused for this recipient",
    "suppressed": "left, or was suppressed, before it went",
    "uncertain": "may have it; never sent again without being told so",
    "cancelled": "stopped before it went",
    "unsent": "still to go: digest resume",
}


@click.command()
@click.argument("name", metavar="EDITION")
@click.option("--missed", is_flag=True, help="List who did not certainly get it, one subscriber a line.")
@json_option
@click.pass_context
def report(ctx: click.Context, name: str, missed: bool, as_json: bool) -> int:
    """Show what became of everyone an edition was planned for, in numbers that balance.

    \b
    Examples:
      digest report morning/2026-03-04
      digest report morning/2026-03-04 --missed
    """
    from digest.pipeline import send

    with opened(ctx, read_only=True) as app:
        if missed:
            for subscriber, place in send.missed(app.store, name):
                show.value({"subscriber": subscriber, "place": place}) if as_json else click.echo(
                    f"{subscriber}\t{place}"
                )
            return 0
        print_report(send.report(app.store, name), as_json)
    return 0


def print_report(report: SendReport, as_json: bool) -> int:
    """Print a report and return the exit code it stands for."""
    if as_json:
        data = asdict(report)
        data["reasons"] = [{"what": what, "detail": detail, "count": n} for what, detail, n in report.reasons]
        data["events"] = dict(report.events)
        show.value({**data, "state": str(report.state)})
    else:
        rows: list[tuple[str, object]] = [
            ("edition", f"{report.edition} ({report.state})"),
            ("planned", f"{report.planned:,}"),
        ]
        for place, meaning in PLACES.items():
            number = getattr(report, place)
            if number or place == "sent":
                rows.append((f"= {place}" if place == "sent" else f"+ {place}", f"{number:,}  {meaning}"))
        rows += [("reason", f"{count:,}: {what}: {detail}") for what, detail, count in report.reasons]
        rows += [("event", f"{count:,} {kind}") for kind, count in report.events]
        show.pairs(rows)
    return 0 if report.is_complete else 1
