"""digest collect: fetch the sources, store what is new."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from digest.cli import show
from digest.cli.opening import opened
from digest.cli.options import json_option, now_option

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from digest.model import Outcome
    from digest.pipeline.collecting import Collected


@click.command()
@click.option("--force", is_flag=True, help="Ask also the sources that are not due yet.")
@json_option
@now_option
@click.pass_context
def collect(ctx: click.Context, force: bool, as_json: bool, now: datetime) -> int:
    """Ask every source for its articles and store what is new. A source that fails is named at the
    end with the reason, and costs nothing but itself.

    \b
    Example:
      digest collect --force
    """
    from digest.pipeline.collecting import collect as ask

    with opened(ctx) as app, asking(len(app.sources), again=False) as on_outcome:
        collected = ask(app, app.sources, now, force=force, on_outcome=on_outcome)
    if as_json:
        for outcome in collected.outcomes:
            show.value(row(outcome, collected.new_of.get(outcome.source.slug, 0)))
    else:
        table(collected, now)
    return 1 if collected.outcomes and len(collected.failed) == len(collected.outcomes) else 0


@contextmanager
def asking(total: int, *, again: bool = True) -> Iterator[Callable[[Outcome], None]]:
    """Show progress over ``total`` sources; yields what is told each outcome.

    A bar leaves nothing behind, so the sources that failed are named ``again`` when it is gone.
    """
    outcomes: list[Outcome] = []
    with show.progress("collecting", total) as advance:

        def on_outcome(outcome: Outcome) -> None:
            advance(line(outcome))
            outcomes.append(outcome)
            if again and len(outcomes) == total and show.has_bars():
                for failed in outcomes:
                    if failed.status == "failed":
                        show.remark(line(failed))

        yield on_outcome


def line(outcome: Outcome) -> str:
    """Return one outcome as a sentence."""
    what = outcome.error if outcome.status == "failed" else show.count(len(outcome.articles), "article")
    if outcome.status in ("unchanged", "not due"):
        what = outcome.status
    return f"{outcome.source.slug}: {what}"


def row(outcome: Outcome, new: int) -> dict[str, object]:
    """Return one outcome for programs."""
    state = outcome.state
    return {
        "source": outcome.source.slug,
        "status": outcome.status,
        "articles": len(outcome.articles),
        "new": new,
        "error": outcome.error,
        "notes": list(outcome.notes),
        "next_check_at": state.next_check_at.isoformat() if state and state.next_check_at else None,
    }


def table(collected: Collected, now: datetime) -> None:
    """Print what came of each source."""
    if not collected.outcomes:
        click.echo("there are no sources yet; add one with: digest sources add https://…")
        return
    rows = []
    for outcome in collected.outcomes:
        was_read = outcome.status == "new"
        articles = len(outcome.articles) if was_read else ""
        new = collected.new_of.get(outcome.source.slug, 0) if was_read else ""
        remarks = outcome.error or "; ".join(outcome.notes)
        rows.append((outcome.source.slug, outcome.status, articles, new, next_check(outcome, now), remarks))
    show.table(("source", "status", "articles", "new", "next check", "remarks"), rows)
    click.echo(
        f"\n{show.count(collected.new, 'new article')}, {collected.updated} updated, {collected.seen} known; "
        f"{show.count(len(collected.failed), 'source')} failed"
    )


def next_check(outcome: Outcome, now: datetime) -> str:
    """Return when a source is asked again, in words; a local one is read each time."""
    if outcome.source.path:
        return "always"
    if outcome.state and outcome.state.is_gone:
        return "never"
    due = outcome.state.next_check_at if outcome.state else None
    return show.until(due, now) if due else "next time"
