"""digest edition pin, drop, merge, split, order, retitle, undo: an editor's decisions, and the edition they lead to."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from digest.cli import show
from digest.cli.opening import opened
from digest.cli.person import whoever

if TYPE_CHECKING:
    from collections.abc import Mapping

    from digest.model import Story
    from digest.pipeline.app import App
    from digest.store import Stored
    from digest.store.corrections import Decision, What

#: What stands before an article: in another language, a copy, a report that is not shown.
_SIGNS = {(True, False, False): "~", (False, True, False): "=", (False, False, True): "+", (False, False, False): "-"}
#: So many of the articles of a correction are named.
_NAMED = 3


def _correction(name: What, help_text: str, metavar: str, example: str, least: int = 1) -> click.Command:
    """Return the command of one kind of correction."""

    @click.argument("name", metavar="EDITION")
    @click.argument("articles", nargs=-1, required=True, metavar=metavar)
    @click.pass_context
    def command(ctx: click.Context, name: str, articles: tuple[str, ...]) -> None:
        if len(articles) < least:
            raise click.UsageError(f"name at least {least} articles")
        with opened(ctx) as app:
            _correct(app, name, what, articles)

    what: What = name
    epilog = f"{help_text}\n\n\b\nExample:\n  digest edition {name} {example}"
    return click.command(name, help=epilog)(command)


def _correct(app: App, name: str, what: What, articles: tuple[str, ...], text: str = "") -> None:
    from digest.pipeline.editing import correct_edition

    print_edition(app, correct_edition(app, name, what, articles, who=whoever(), now=datetime.now(UTC), text=text))


@click.command()
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
        _correct(app, name, "retitle", (story,), headline)


@click.command(short_help="Take a correction back: the last, or one by number.")
@click.argument("name", metavar="EDITION")
@click.argument("number", type=click.IntRange(min=1), required=False)
@click.pass_context
def undo(ctx: click.Context, name: str, number: int | None) -> None:
    """Take a correction back: the last, or the one of this NUMBER in `digest edition show`.

    \b
    Examples:
      digest edition undo morning/2026-03-04
      digest edition undo morning/2026-03-04 12
    """
    from digest.pipeline.editing import undo as undo_one

    with opened(ctx) as app:
        decision, stored = undo_one(app, name, number)
        click.echo(f"undone: {decision.what}")
        print_edition(app, stored)


COMMANDS = (
    _correction("pin", "Put stories on top; the first is the lead.", "STORY…", "morning/2026-03-04 3"),
    _correction("drop", "Leave stories out, or single articles of them.", "STORY|ARTICLE…", "morning/2026-03-04 2.1"),
    _correction("merge", "Make stories one.", "STORY…", "morning/2026-03-04 2 5", 2),
    _correction(
        "split", "Take an article out of its story, or keep it apart from others.", "ARTICLE…", "morning/2026-03-04 1.2"
    ),
    _correction("order", "Put stories in this order.", "STORY…", "morning/2026-03-04 3 1 2"),
    retitle,
    undo,
)


def print_edition(app: App, stored: Stored, *, with_unshown: bool = False) -> None:
    """Print an edition's stories with their numbers and reasons, and the corrections it was made with."""
    from digest.pipeline.editing import unshown
    from digest.pipeline.numbering import headlines, numbered

    others = unshown(app, stored) if with_unshown else {}
    click.echo(f"{stored.id}: {stored.state}{f' ({stored.reason})' if stored.reason else ''}")
    brief = {story.key for story in stored.edition.brief}
    for number, story, article in numbered(stored.edition, others):
        if "." not in number:
            for line in _story(number, story, is_brief=story.key in brief):
                show.line(line)
        else:
            sign = _SIGNS[article in story.tongues, article in story.also_at, article in others.get(story.key, ())]
            show.line(f"{number:>5}  {sign} {article.headline}  ({article.source})")
    decisions = app.store.corrections.history(stored.id)
    if decisions:
        click.echo(f"corrections, to be taken back with: digest edition undo {stored.id} NUMBER")
        known = headlines(app, stored, decisions)
        for each in decisions:
            show.line(_decision(each, known))


def _story(number: str, story: Story, *, is_brief: bool) -> list[str]:
    why = "; ".join(reason.text or f"{reason.what} {reason.value}" for reason in story.reasons)
    mark = "Update: " if story.is_update else ""
    place = f"{story.lead.source}, in brief" if is_brief else story.lead.source
    lines = [f"{number:>5}  {mark}{story.title}  ({place}, score {story.score:.2f})", f"{'':5}  why: {why}"]
    if story.adds:
        lines.append(f"{'':5}  {story.adds_by} adds: {story.adds}")
    if story.summary_by:
        lines.append(f"{'':5}  dek by {story.summary_by}: {story.summary}")
    return lines


def _decision(one: Decision, headlines: Mapping[str, str]) -> str:
    """Say what was decided, about what, by whom and when; an article that is gone is named by its key."""
    told = [headlines.get(key, key) for key in one.keys[:_NAMED]]
    more = f" and {len(one.keys) - _NAMED} more" if len(one.keys) > _NAMED else ""
    said = f'"{one.text}" for ' if one.text else ""
    return f"{one.id:>5}  {one.what} {said}{' | '.join(told)}{more}  ({one.who}, {one.at:%Y-%m-%d %H:%M} UTC)"
