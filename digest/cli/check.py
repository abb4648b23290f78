"""digest check: every fault, with its mend, before the day it matters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from digest.cli import show
from digest.cli.opening import opened
from digest.cli.options import json_option, now_option

if TYPE_CHECKING:
    from datetime import datetime


@click.command()
@click.option("--offline", is_flag=True, help="Leave out what needs the network.")
@json_option
@now_option
@click.pass_context
def check(ctx: click.Context, offline: bool, as_json: bool, now: datetime) -> int:
    """Find every fault in config.toml, the sources, the templates, readers' links, the provider, the
    sender's domain and the machine, each with its mend. Nothing is sent and nothing is kept. A
    source that fails is a warning: the edition goes on without it.

    \b
    Example:
      digest check --offline
    """
    from digest.pipeline.checking import check as look

    faults = warnings = 0
    with opened(ctx, read_only=True) as app:
        for finding in look(app, now, offline=offline):
            is_warning = finding.is_fault and finding.part.startswith("source ")
            faults += finding.is_fault and not is_warning
            warnings += is_warning
            word = "warning" if is_warning else "fault" if finding.is_fault else "ok"
            if as_json:
                show.value({"part": finding.part, "finding": word, "what": finding.what})
            else:
                click.echo(f"{word:<8} {finding.part}: {finding.what}")
    if not as_json:
        click.echo(f"\n{show.count(faults, 'fault')}, {show.count(warnings, 'warning')}")
    return 1 if faults else 0
