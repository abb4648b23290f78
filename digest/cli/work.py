"""digest work: one more process that sends."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import click

from digest.cli import show
from digest.cli.opening import opened
from digest.cli.stopping import until_signal

if TYPE_CHECKING:
    from digest.model import Envelope
    from digest.pipeline.audience import ListAudience
    from digest.store import Stored


@click.command()
@click.option("--until-idle", is_flag=True, help="Stop when nothing is left to send, instead of waiting for more.")
@click.pass_context
def work(ctx: click.Context, until_idle: bool) -> int:
    """Help to send whatever is being sent, on this machine or another with the same config and a
    PostgreSQL store. Any number of workers share the work and the provider's limits; one that dies
    is replaced by the others.

    \b
    Example:
      digest work
    """
    from digest.cli.logs import start_logging
    from digest.pipeline import delivering
    from digest.pipeline.publishing import audience, lists_of
    from digest.pipeline.rendering import envelope_of
    from digest.pipeline.send import Ways
    from digest.pipeline.waking import bell_of
    from digest.pipeline.wayout import demand_way_out

    start_logging()
    with opened(ctx) as app, until_signal() as stop, show.amount("sending") as on_progress:

        def prepare(stored: Stored) -> tuple[Envelope, ListAudience]:
            newsletter = app.newsletter(stored.edition.newsletter)
            people = audience(app, newsletter, stored.edition, lists_of(app, newsletter, stored))
            return envelope_of(app, stored.edition), people

        demand_way_out(app)
        ways = Ways(app.clock, stop, on_progress, limits=app.pace)
        with closing(app.open_provider()) as provider, bell_of(app.store, ways.pause) as bell:
            delivering.work(app.store, provider, prepare, ways, until_idle=until_idle, bell=bell)
    return 0
