"""digest edition compose, recompose: the edition as it would go, kept, so that it can be corrected before it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from digest.cli import show as output
from digest.cli.correcting import print_edition
from digest.cli.opening import opened
from digest.cli.options import newsletter_option, now_option

if TYPE_CHECKING:
    from datetime import datetime


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
        name = composed.edition.id
        print_edition(app.store.editions.get(name), app.store.corrections.history(name))
    output.remark(f"look at it: digest preview --open; change it: digest edition pin {name} 3; send it: digest send")


@click.command(short_help="Compose an edition anew from what is stored.")
@click.argument("name", metavar="EDITION")
@click.pass_context
def recompose(ctx: click.Context, name: str) -> None:
    """Compose an edition anew from what is stored, with the corrections made so far.

    \b
    Example:
      digest collect && digest edition recompose morning/2026-03-04
    """
    from digest.pipeline.editing import recompose as compose_again

    with opened(ctx) as app:
        print_edition(compose_again(app, name))
