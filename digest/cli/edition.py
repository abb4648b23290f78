"""digest edition …: see, approve and correct an edition before it goes."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from digest.cli import show as output
from digest.cli.opening import opened
from digest.cli.options import json_option

if TYPE_CHECKING:
    from digest.pipeline.app import App
    from digest.store import Stored
    from digest.store.corrections import What


@click.group()
def edition() -> None:
    """See, approve and correct an edition before it goes. An edition is named like
    morning/2026-03-04; its stories by their numbers in `digest edition show`.

    \b
    Examples:
      digest edition show morning/2026-03-04
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
            (each.id, str(each.state), each.edition.lead.title, each.why)
            for each in app.store.editions.list(newsletter)
        ]
    if as_json:
        for name, state, lead, why in rows:
            output.value({"edition": name, "state": state, "lead": lead, "why": why})
    elif rows:
        output.table(("edition", "state", "lead story", "why"), rows)
    else:
        click.echo("no edition yet; digest send makes one")


@edition.command()
@click.argument("name", metavar="EDITION")
@json_option
@click.pass_context
def show(ctx: click.Context, name: str, as_json: bool) -> None:
    """Show an edition's stories with their numbers and reasons.

    \b
    Example:
      digest edition show morning/2026-03-04
    """
    from digest.cli.group import row

    with opened(ctx, read_only=True) as app:
        stored = app.store.editions.get(name)
    if as_json:
        for rank, story in enumerate((*stored.edition.stories, *stored.edition.brief), 1):
            output.value({**row(rank, story), "headline": story.title})
    else:
        _print(stored)


@edition.command()
@click.argument("name", metavar="EDITION")
@click.pass_context
def approve(ctx: click.Context, name: str) -> None:
    """Let an edition go that was held or waits for approval. Sending it is another command.

    \b
    Example:
      digest edition approve morning/2026-03-04 && digest send --edition morning/2026-03-04
    """
    from digest.pipeline.editing import approve as approve_edition

    with opened(ctx) as app:
        stored = approve_edition(app, name, getpass.getuser())
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


@edition.command()
@click.argument("name", metavar="EDITION")
@click.pass_context
def skip(ctx: click.Context, name: str) -> None:
    """Leave this edition out for good.

    \b
    Example:
      digest edition skip morning/2026-12-25
    """
    from digest.pipeline.editing import skip as skip_edition

    with opened(ctx) as app:
        stored = skip_edition(app, name, f"skipped by {getpass.getuser()}")
    click.echo(f"{stored.id} is {stored.state}")


def _correction(name: What, help_text: str, metavar: str, example: str, least: int = 1) -> click.Command:
    """Return the command of one kind of correction."""

    @click.argument("name", metavar="EDITION")
    @click.argument("articles", nargs=-1, required=True, metavar=metavar)
    @click.pass_context
    def command(ctx: click.Context, name: str, articles: tuple[str, ...]) -> None:
        if len(articles) < least:
            raise click.UsageError(f"name at least {least} articles")
        with opened(ctx) as app:
            _print(_correct(app, name, what, articles))

    what: What = name
    epilog = f"{help_text}\n\n\b\nExample:\n  digest edition {name} {example}"
    return click.command(name, help=epilog)(command)


def _correct(app: App, name: str, what: What, articles: tuple[str, ...], text: str = "") -> Stored:
    from digest.pipeline.editing import correct_edition

    return correct_edition(app, name, what, articles, who=getpass.getuser(), now=datetime.now(UTC), text=text)


edition.add_command(_correction("pin", "Put stories on top; the first is the lead.", "STORY…", "morning/2026-03-04 3"))
edition.add_command(_correction("drop", "Leave articles out.", "ARTICLE…", "morning/2026-03-04 2.1"))
edition.add_command(_correction("merge", "Make stories one.", "STORY…", "morning/2026-03-04 2 5", 2))
edition.add_command(
    _correction("split", "Keep the first article apart from the others.", "ARTICLE…", "morning/2026-03-04 1.2 1", 2)
)
edition.add_command(_correction("order", "Put stories in this order.", "STORY…", "morning/2026-03-04 3 1 2"))


@edition.command()
@click.argument("name", metavar="EDITION")
@click.argument("story")
@click.argument("headline")
@click.pass_context
def retitle(ctx: click.Context, name: str, story: str, headline: str) -> None:
    """Give a story a HEADLINE of your own.

    \b
    Example:
      digest edition retitle morning/2026-03-04 1 "Bridge closed for a year"
    """
    with opened(ctx) as app:
        _print(_correct(app, name, "retitle", (story,), headline))


@edition.command()
@click.argument("name", metavar="EDITION")
@click.pass_context
def undo(ctx: click.Context, name: str) -> None:
    """Take the last correction back.

    \b
    Example:
      digest edition undo morning/2026-03-04
    """
    from digest.pipeline.editing import undo as undo_last

    with opened(ctx) as app:
        decision, stored = undo_last(app, name)
    click.echo(f"undone: {decision.what}")
    _print(stored)


@edition.command()
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
        _print(compose_again(app, name))


def _print(stored: Stored) -> None:
    from digest.pipeline.editing import numbered

    click.echo(
        f"{stored.id}: {stored.state}"
        + (f" ({stored.edition.hold or stored.why})" if stored.edition.hold or stored.why else "")
    )
    for number, story, article in numbered(stored.edition):
        if "." not in number:
            why = "; ".join(reason.text or f"{reason.what} {reason.value}" for reason in story.reasons)
            mark = "Update: " if story.is_update else ""
            click.echo(f"{number:>5}  {mark}{story.title}  ({article.source})\n{'':5}  why: {why}")
        else:
            click.echo(f"{number:>5}  - {article.headline}  ({article.source})")
