"""digest bounces: bounce mails, from a pipe or files, to what they mean for the lists."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digest.cli import show
from digest.cli.opening import opened
from digest.cli.options import json_option
from digest.errors import BroadsheetError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digest.pipeline.events import Taken

#: EX_TEMPFAIL of sysexits.h: mail servers take any other failure of a pipe for the end of the mail.
TRY_AGAIN = 75


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE]…")
@json_option
@click.pass_context
def bounces(ctx: click.Context, files: tuple[str, ...], as_json: bool) -> int:
    """Take in bounce mails (RFC 3464): one on standard input, as a mail server's pipe hands it over, or
    those of a FILE: a mail, an mbox or a Maildir folder. Who bounced for good is not written to again.
    A mail that comes again changes nothing, so the same mailbox may be read every hour. Where
    the store is away, a pipe is told so by 75: the mail server keeps the mail and hands it over again.

    \b
    Examples, as an alias of the sender's mailbox and for a mailbox:
      bounce: "|digest --config /etc/broadsheet bounces"
      digest bounces ~bounce/Maildir
    """
    from digest.pipeline.events import take_events
    from digest.pipeline.people import EventRoster
    from digest.send.bounces import read

    now = datetime.now(UTC)
    try:
        events = [event for raw in _mails(files) for event in read(raw, now)]
    except OSError as error:
        raise UsageError(f"{error.filename}: cannot be read: {error.strerror}") from error
    try:
        with opened(ctx) as app:
            taken = take_events(app.store, events, EventRoster(), now)
    except BroadsheetError as error:
        if files:
            raise
        show.remark(str(error))
        return TRY_AGAIN
    numbers = {"events": len(events), "new": taken.new, "known": taken.known, "strange": taken.strange}
    if as_json:
        show.value({**numbers, "suppressed": taken.suppressed})
    else:
        click.echo(_said(len(events), taken))
    return 0


def _said(reports: int, taken: Taken) -> str:
    """Say what became of the reports that were found."""
    if not reports:
        return "no report of a bounce in it (RFC 3464); nothing was changed"
    told = [f"{taken.new:,} new", f"{taken.known:,} known already"]
    told += [f"{taken.strange:,} about no mail of ours"] if taken.strange else []
    gone = show.count(taken.suppressed, "address", "addresses")
    return f"{show.count(reports, 'report')}: {', '.join(told)}; {gone} suppressed"


def _mails(files: tuple[str, ...]) -> Iterator[bytes]:
    from digest.send.mailboxes import mails_in

    if not files:
        yield sys.stdin.buffer.read()
    for name in files:
        yield from mails_in(Path(name))
