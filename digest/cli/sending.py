"""digest resume, pause, cancel, resend, correct: what can be done with a send that has begun."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digest.cli import show
from digest.cli.opening import opened
from digest.cli.options import json_option
from digest.cli.report import OF_A_CORRECTION, print_report
from digest.cli.stopping import until_signal
from digest.errors import UsageError
from subscribers.cli.asking import demand_yes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from digest.model import Envelope
    from digest.pipeline.app import App, Newsletter
    from digest.pipeline.audience import ListAudience
    from digest.pipeline.send import SendReport, Ways
    from digest.send.provider import Provider
    from digest.store import Stored

edition_argument = click.argument("name", metavar="EDITION")


@dataclass(frozen=True, slots=True)
class Hands:
    """What working on a send takes."""

    app: App
    newsletter: Newsletter
    stored: Stored
    provider: Provider
    envelope: Envelope
    audience: ListAudience
    ways: Ways


@contextmanager
def at_work(ctx: click.Context, name: str) -> Iterator[Hands]:
    """Open everything that working on an edition's send takes."""
    from digest.pipeline.publishing import audience, lists_of
    from digest.pipeline.rendering import envelope_of
    from digest.pipeline.send import Ways
    from digest.pipeline.wayout import demand_way_out

    with opened(ctx) as app, until_signal() as stop, show.amount("sending") as on_progress:
        stored = app.store.editions.get(name)
        newsletter = app.newsletter(stored.edition.newsletter)
        demand_way_out(app)
        with closing(app.open_provider()) as provider:
            yield Hands(
                app,
                newsletter,
                stored,
                provider,
                envelope_of(app, stored.edition),
                audience(app, newsletter, stored.edition, lists_of(app, newsletter, stored)),
                Ways(app.clock, stop, on_progress, limits=app.pace),
            )


@click.command()
@edition_argument
@json_option
@click.pass_context
def resume(ctx: click.Context, name: str, as_json: bool) -> int:
    """Go on with a send that was paused, stopped or killed. Nobody gets it twice; what may have
    arrived is counted as uncertain and left alone.

    \b
    Example:
      digest resume morning/2026-03-04
    """
    from digest.pipeline.publishing import planned_audience
    from digest.pipeline.send import resume as go_on

    with at_work(ctx, name) as hands:
        report = go_on(
            hands.app.store, hands.provider, name, hands.envelope, hands.audience, hands.ways,
            audience_of=lambda send: planned_audience(hands.app, hands.newsletter, hands.stored.edition, send),
        )  # fmt: skip
    return print_report(report, as_json)


@click.command()
@edition_argument
@json_option
@click.pass_context
def pause(ctx: click.Context, name: str, as_json: bool) -> int:
    """Stop a send after what is in flight, wherever it runs; digest resume goes on.

    \b
    Example:
      digest pause morning/2026-03-04
    """
    from digest.pipeline.send import pause as stop

    return _at_once(ctx, as_json, lambda app, now: stop(app.store, name, now, "paused from the command line"))


@click.command()
@edition_argument
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@click.pass_context
def cancel(ctx: click.Context, name: str, yes: bool, as_json: bool) -> int:
    """Stop a send for good: who has not got it will not.

    \b
    Example:
      digest cancel morning/2026-03-04
    """
    from digest.pipeline.send import cancel as stop

    if not yes:
        demand_yes(f"cancel {name} for good?")
    return _at_once(ctx, as_json, lambda app, now: stop(app.store, name, now, "cancelled from the command line"))


def _at_once(ctx: click.Context, as_json: bool, act: Callable[[App, datetime], SendReport]) -> int:
    with opened(ctx) as app:
        print_report(act(app, datetime.now(UTC)), as_json)
    return 0


@click.command()
@edition_argument
@click.option("--missed", is_flag=True, required=True, help="To those known not to have it.")
@click.option("--accept-duplicates", is_flag=True, help="Also to the uncertain, some of whom may get it twice.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@click.pass_context
def resend(ctx: click.Context, name: str, missed: bool, accept_duplicates: bool, yes: bool, as_json: bool) -> int:
    """Send an edition again to those who are known not to have got it: refused, or never sent.

    \b
    Example:
      digest resend morning/2026-03-04 --missed
    """
    from digest.pipeline import send

    del missed  # click demands it, so that nobody resends to everyone by accident
    with at_work(ctx, name) as hands:
        before = send.report(hands.app.store, name)
        missing = before.known_missed
        if not missing and not (accept_duplicates and before.uncertain):
            uncertain = f"; of {before.uncertain:,} nobody knows: --accept-duplicates sends to them too"
            show.remark(f"nobody is known to have missed it{uncertain if before.uncertain else ''}")
        elif missing:
            show.remark(f"sending again to {show.count(missing, 'recipient')} known not to have it")
        if accept_duplicates and before.uncertain:
            show.remark(f"{show.count(before.uncertain, 'recipient')} may get it twice")
            if not yes:
                demand_yes("send to them all the same?", otherwise="nothing was sent")
        report = send.resend(
            hands.app.store, hands.provider, name, hands.envelope, hands.audience, hands.ways,
            accept_duplicates=accept_duplicates,
        )  # fmt: skip
    return print_report(report, as_json)


@click.command()
@edition_argument
@click.option(
    "--text", "file", type=click.Path(path_type=Path, dir_okay=False), help="File with the correction's words."
)
@click.option("--message", "words", help="The correction's words.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@click.pass_context
def correct(ctx: click.Context, name: str, file: Path | None, words: str | None, yes: bool, as_json: bool) -> int:
    """Send a correction to exactly those who got an edition.

    \b
    Example:
      digest correct morning/2026-03-04 --message "It was Friday."
    """
    from digest.pipeline import send
    from digest.pipeline.correcting import correction

    text = words or (_words_in(file) if file else "")
    if not text.strip():
        raise UsageError("a correction needs words: --message TEXT, or --text FILE")
    with at_work(ctx, name) as hands:
        message = correction(hands.app, hands.stored.edition, text)
        got = send.report(hands.app.store, name).sent
        show.remark(f"{message.subject}\n\n{text}\n")
        if not yes:
            demand_yes(f"send this to {show.count(got, 'recipient')}?", otherwise="nothing was sent")
        report = send.correct(
            hands.app.store, hands.provider, name, message, hands.envelope, hands.audience, hands.ways
        )
    return print_report(report, as_json, places=OF_A_CORRECTION)


def _words_in(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{file}: not UTF-8 text") from error
