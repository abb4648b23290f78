"""digest edition …: see, approve and correct an edition before it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from digest.cli import show as output
from digest.cli.composing import compose, recompose
from digest.cli.correcting import COMMANDS, print_edition
from digest.cli.opening import opened
from digest.cli.options import json_option
from digest.cli.person import whoever
from digest.errors import UsageError

if TYPE_CHECKING:
    from digest.pipeline.app import App
    from digest.store import Stored


@click.group()
def edition() -> None:
    """See, approve and correct an edition before it goes. An edition is named like
    morning/2026-03-04; its stories by their numbers in `digest edition show`.

    \b
    Examples:
      digest edition compose
      digest edition pin morning/2026-03-04 3
      digest edition approve morning/2026-03-04
    """


@edition.command("list")
@click.option("--newsletter", metavar="SLUG", help="Only this one's.")
@json_option
@click.pass_context
def list_editions(ctx: click.Context, newsletter: str | None, as_json: bool) -> None:
    """List the editions there are, newest first.

    \b
    Example:
      digest edition list
    """
    with opened(ctx, read_only=True) as app:
        rows = [
            (each.id, str(each.state), each.edition.lead.title, each.reason)
            for each in app.store.editions.list(newsletter)
        ]
    if as_json:
        for name, state, lead, why in rows:
            output.value({"edition": name, "state": state, "lead": lead, "why": why})
    elif rows:
        output.table(("edition", "state", "lead story", "why"), rows)
    else:
        click.echo("no edition yet; digest edition compose makes one")


@edition.command(short_help="Show an edition's stories, with numbers and reasons.")
@click.argument("name", metavar="[EDITION]", required=False)
@click.option("--all", "with_unshown", is_flag=True, help="Also the reports of its stories that it does not show (+).")
@json_option
@click.pass_context
def show(ctx: click.Context, name: str | None, with_unshown: bool, as_json: bool) -> None:
    """Show an edition's stories with their numbers and reasons, the newest edition's where none is named.
    A story is followed by its other reports (-), copies of them (=), and the same event in other languages (~).

    With --all also by the reports that the edition has no room for, or that say the same as one it has: they
    too can be split off and dropped by their numbers. The day's articles are grouped anew to find them.

    \b
    Examples:
      digest edition show morning/2026-03-04
      digest edition show morning/2026-03-04 --all
    """
    from digest.cli.group import row
    from digest.pipeline.editing import unshown

    with opened(ctx, read_only=True) as app:
        stored = app.store.editions.get(name) if name else _newest(app)
        if not as_json:
            print_edition(app, stored, with_unshown=with_unshown)
            return
        others = unshown(app, stored) if with_unshown else {}
    for rank, story in enumerate((*stored.edition.stories, *stored.edition.brief), 1):
        tongues = [article.key for article in story.tongues]
        more = {"unshown": [article.key for article in others[story.key]]} if with_unshown else {}
        output.value({**row(rank, story), "headline": story.title, "tongues": tongues, "adds": story.adds, **more})


def _newest(app: App) -> Stored:
    """Return the edition that was made last; raise UsageError where there is none."""
    for stored in app.store.editions.list(None, 1):
        return stored
    raise UsageError("no edition yet; digest edition compose makes one")


@edition.command()
@click.argument("name", metavar="EDITION")
@click.pass_context
def approve(ctx: click.Context, name: str) -> None:
    """Let an edition go that was held or waits for approval. Sending it is another command.

    \b
    Example:
      digest edition approve morning/2026-03-04
      digest send --edition morning/2026-03-04
    """
    from digest.pipeline.editing import approve as approve_edition

    with opened(ctx) as app:
        stored = approve_edition(app, name, whoever())
    click.echo(f"{stored.id} is {stored.state}")


@edition.command()
@click.argument("name", metavar="EDITION")
@click.argument("why")
@click.pass_context
def hold(ctx: click.Context, name: str, why: str) -> None:
    """Hold an edition back, saying WHY, until it is approved.

    \b
    Example:
      digest edition hold morning/2026-03-04 "the lead is being checked"
    """
    from digest.pipeline.editing import hold as hold_edition

    with opened(ctx) as app:
        stored = hold_edition(app, name, why)
    click.echo(f"{stored.id} is {stored.state}: {why}")


@edition.command(short_help="Let an edition go at a time of its own.")
@click.argument("name", metavar="EDITION")
@click.argument("time", required=False)
@click.option("--off", is_flag=True, help="Leave it to its newsletter's time again.")
@click.pass_context
def schedule(ctx: click.Context, name: str, time: str | None, off: bool) -> None:
    """Let an edition go at TIME instead of its newsletter's time: 09:30 on the edition's own day, or
    2026-03-04T09:30, in the newsletter's time zone. `digest serve` sends it then.

    \b
    Examples:
      digest edition schedule morning/2026-03-04 09:30
      digest edition schedule morning/2026-03-04 --off
    """
    from digest.pipeline.appointing import appoint, local, moment, release

    if bool(time) == off:
        raise click.UsageError("say a TIME, or --off")
    with opened(ctx) as app:
        if off:
            had = release(app, name)
            click.echo(f"{name} goes {'with its newsletter again' if had else 'at no other time than its newsletter'}")
            return
        at = moment(app, app.store.editions.get(name), time or "")
        stored = appoint(app, name, at, whoever())
        click.echo(f"{name} goes at {local(app, stored, at)}")


@edition.command()
@click.argument("name", metavar="EDITION")
@click.pass_context
def reopen(ctx: click.Context, name: str) -> None:
    """Take back that an edition was skipped. Its time may be over: send it, or choose another time.

    \b
    Example:
      digest edition reopen morning/2026-12-25
    """
    from digest.pipeline.editing import reopen as reopen_edition

    with opened(ctx) as app:
        stored = reopen_edition(app, name)
    click.echo(f"{stored.id} is {stored.state}")


@edition.command()
@click.argument("name", metavar="EDITION")
@click.pass_context
def skip(ctx: click.Context, name: str) -> None:
    """Leave this edition out, unless it is reopened. A day that is still to come is left out by holidays
    in config.toml.

    \b
    Example:
      digest edition skip morning/2026-03-04
    """
    from digest.pipeline.editing import skip as skip_edition

    with opened(ctx) as app:
        stored = skip_edition(app, name, f"skipped by {whoever()}")
    click.echo(f"{stored.id} is {stored.state}")


edition.add_command(compose)
edition.add_command(recompose)
for command in COMMANDS:
    edition.add_command(command)
