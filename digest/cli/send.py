"""digest send: the edition to its lists, once."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from digest.cli import show
from digest.cli.collect import asking
from digest.cli.opening import opened
from digest.cli.options import Address, json_option, newsletter_option, now_option
from digest.cli.stopping import until_signal
from digest.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from digest.model import Edition, Message
    from digest.pipeline.app import App, Newsletter


@click.command()
@click.option(
    "--list", "lists", multiple=True, metavar="LIST", help="Send to this list instead of the newsletter's own."
)
@click.option("--edition", "name", metavar="EDITION", help="Send this edition, such as morning/2026-03-04.")
@click.option(
    "--test",
    "tests",
    multiple=True,
    type=Address(),
    metavar="ADDRESS",
    help="Send it to this address only, marked as a test.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be sent; change nothing at all.")
@click.option("--yes", is_flag=True, help="Do not ask. Never approves an edition that is held.")
@newsletter_option
@json_option
@now_option
@click.pass_context
def send(
    ctx: click.Context,
    lists: tuple[str, ...],
    name: str | None,
    tests: tuple[str, ...],
    dry_run: bool,
    yes: bool,
    newsletter: str | None,
    as_json: bool,
    now: datetime,
) -> int:
    """Send the day's edition: the one that exists, else one collected and composed now. Sent again,
    it goes only to those not planned for it before.

    \b
    Examples:
      digest send --dry-run
      digest send --test me@example.org
      digest send --list morning --yes
    """
    with opened(ctx, read_only=dry_run) as app:
        if name is None:
            chosen = app.newsletter(newsletter)
        else:
            chosen, now = _of_edition(app, name)
        if tests:
            return _test(app, chosen, now, tests, as_json)
        if dry_run:
            return _rehearse(app, chosen, now, lists, as_json)
        return _send(app, chosen, now, lists, as_json, yes=yes)


def _of_edition(app: App, name: str) -> tuple[Newsletter, datetime]:
    """Return an edition's newsletter and time. Its date stays its own: its cut-off may lie after midnight."""
    edition = app.store.editions.get(name).edition
    return replace(app.newsletter(edition.newsletter), issue=(edition.date, edition.slot)), edition.cut_off


def _send(app: App, newsletter: Newsletter, now: datetime, lists: tuple[str, ...], as_json: bool, *, yes: bool) -> int:
    from digest.cli.report import print_report
    from digest.pipeline.publishing import publish

    def confirm(edition: Edition, message: Message, recipients: int) -> bool:
        if not yes and not sys.stdin.isatty():
            raise UsageError("nobody is there to ask; say --yes to send without asking")
        show.remark(f"{edition.id}: {message.subject}")
        if newsletter.readers_time:
            show.remark("digest serve sends it at each reader's own time; sent by hand it goes to everyone now")
        return yes or click.confirm(f"send to {show.count(recipients, 'recipient')} by {app.provider_kind}?", err=True)

    with asking(len(newsletter.sources)) as on_outcome, until_signal() as stop, show.amount("sending") as on_progress:
        published = publish(
            app,
            newsletter,
            now,
            lists=lists,
            on_outcome=on_outcome,
            confirm=confirm,
            on_progress=on_progress,
            stop=stop,
        )
    if published is None:
        show.remark("not sent")
        return 1
    if published.left:
        show.remark(f"went on with {show.count(published.left, 'recipient')} that an earlier send had left")
    elif not published.fresh:
        show.remark("sent already; there was nobody new to send to")
    return print_report(published.report, as_json)


def _rehearse(app: App, newsletter: Newsletter, now: datetime, lists: tuple[str, ...], as_json: bool) -> int:
    from digest.pipeline.publishing import rehearse

    with asking(len(newsletter.sources)) as on_outcome:
        rehearsed = rehearse(app, newsletter, now, lists=lists, on_outcome=on_outcome)
    edition = rehearsed.edition
    if as_json:
        show.value({
            "edition": edition.id, "state": rehearsed.state, "subject": rehearsed.message.subject,
            "lead": edition.lead.title, "stories": len(edition.stories), "recipients": rehearsed.recipients,
            "planned_before": rehearsed.planned, "unsent": rehearsed.unsent, "provider": app.provider_kind,
            "obstacle": rehearsed.obstacle,
        })  # fmt: skip
    else:
        show.pairs([
            ("edition", f"{edition.id} ({rehearsed.state})"),
            ("subject", rehearsed.message.subject),
            ("lead story", edition.lead.title),
            ("stories", len(edition.stories)),
            ("recipients", f"{rehearsed.recipients:,} by {app.provider_kind}"),
            *_planned_before(rehearsed.planned, rehearsed.unsent),
            *([("obstacle", rehearsed.obstacle)] if rehearsed.obstacle else []),
            ("", "a dry run: nothing was sent, nothing was kept"),
        ])  # fmt: skip
    return 3 if rehearsed.obstacle else 0


def _planned_before(planned: int, unsent: int) -> list[tuple[str, str]]:
    """Return what is said of those an earlier send was for: they are left out, but for those who still wait."""
    rows = [("left out", f"the {planned - unsent:,} it was planned for before")] if planned > unsent else []
    return [*rows, ("goes on", f"with {unsent:,} that an earlier send had left")] if unsent else rows


def _test(app: App, newsletter: Newsletter, now: datetime, addresses: tuple[str, ...], as_json: bool) -> int:
    from digest.pipeline.publishing import send_test

    message, receipts = send_test(app, newsletter, now, addresses)
    refused = [receipt for receipt in receipts if receipt.fate != "sent"]
    if as_json:
        show.value({"subject": message.subject, "sent": len(receipts) - len(refused), "refused": len(refused)})
    else:
        click.echo(f"{message.subject}: sent to {', '.join(addresses)}" if not refused else refused[0].detail)
    return 1 if refused else 0
