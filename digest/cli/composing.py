"""digest edition compose, recompose: the edition as it would go, kept, so that it can be corrected before it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from digest.cli import show as output
from digest.cli.correcting import print_edition
from digest.cli.opening import opened
from digest.cli.options import newsletter_option, now_option
from digest.model import EditionState

if TYPE_CHECKING:
    from datetime import datetime

    from digest.pipeline.app import Newsletter
    from digest.store import Stored


@click.command(short_help="Compose today's edition to be looked at; send nothing.")
@newsletter_option
@now_option
@click.pass_context
def compose(ctx: click.Context, newsletter: str | None, now: datetime) -> None:
    """Collect, compose the edition of today and keep it, to be corrected before it goes; send nothing.
    Where it is there already it is shown as it is: `recompose` takes in what has come since.

    \b
    Example:
      digest edition compose && digest edition pin morning/2026-03-04 3
    """
    from digest.cli.collect import asking
    from digest.pipeline.composing import compose as compose_edition

    with opened(ctx) as app:
        chosen = app.newsletter(newsletter)
        with asking(len(chosen.sources)) as on_outcome:
            composed = compose_edition(app, chosen, now, on_outcome=on_outcome)
        stored = app.store.editions.get(composed.edition.id)
        print_edition(app, stored)
    output.remark(f"look at it: digest preview --open; {_next(stored, chosen)}")


def _next(stored: Stored, newsletter: Newsletter) -> str:
    """Say what may be done with an edition as it is."""
    many = len(stored.edition.stories) + len(stored.edition.brief)
    change = f"change it: digest edition pin {stored.id} {min(3, many)}; " if many > 1 else ""
    waits = newsletter.approval_required and stored.state is EditionState.COMPOSED
    if waits or stored.state is EditionState.HELD:
        return f"{change}let it go: digest edition approve {stored.id}"
    return f"{change}send it: digest send"


@click.command(short_help="Compose an edition anew from what is stored.")
@click.argument("name", metavar="EDITION")
@now_option
@click.pass_context
def recompose(ctx: click.Context, name: str, now: datetime) -> None:
    """Compose an edition anew from what is stored by now, with the corrections made so far. One of another day
    takes in no article that came after it was composed.

    \b
    Example:
      digest collect && digest edition recompose morning/2026-03-04
    """
    from digest.pipeline.editing import is_of_day
    from digest.pipeline.editing import recompose as compose_again

    with opened(ctx) as app:
        stored = app.store.editions.get(name)
        if ctx.get_parameter_source("now") is ParameterSource.DEFAULT:
            until = max(now, stored.edition.cut_off) if is_of_day(app, stored, now) else None
        else:
            until = now
        print_edition(app, compose_again(app, name, until))
