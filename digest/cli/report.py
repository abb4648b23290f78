"""digest report: who got an edition, who did not, what is unknown."""

from __future__ import annotations

from dataclasses import asdict
from itertools import islice
from typing import TYPE_CHECKING

import click

from digest.cli import show
from digest.cli.opening import opened
from digest.cli.options import json_option, newsletter_option
from digest.errors import NoSuchEdition, UsageError
from digest.model import EditionState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from digest.pipeline.app import App
    from digest.pipeline.send import SendReport

#: Where everybody planned is now, with what it means; they add up to 'planned'.
PLACES = {
    "sent": "the provider has it",
    "rejected": "refused for this recipient",
    "suppressed": "left, or was suppressed, before it went",
    "uncertain": "may have it; never sent again, unless: digest resend EDITION --missed --accept-duplicates",
    "cancelled": "stopped before it went",
    "unsent": "still to go: digest resume EDITION",
}
#: Where a correction's are, in other words: only an edition is sent again.
OF_A_CORRECTION = {**PLACES, "uncertain": "may have it; never sent again"}


#: The states of an edition of which mail has left.
BEGUN = (EditionState.SENDING, EditionState.PAUSED, EditionState.SENT)


@click.command()
@click.argument("name", metavar="[EDITION]", required=False)
@newsletter_option
@click.option("--missed", is_flag=True, help="List who did not certainly get it, one subscriber a line.")
@json_option
@click.pass_context
def report(ctx: click.Context, name: str | None, newsletter: str | None, missed: bool, as_json: bool) -> int:
    """Show what became of everyone an edition was planned for, in numbers that balance; without a name, of
    the newest edition that was sent or is on its way.

    \b
    Examples:
      digest report
      digest report morning/2026-03-04
      digest report morning/2026-03-04 --missed
    """
    from digest.pipeline import send
    from digest.pipeline.accounting import carried

    if name and newsletter:
        raise UsageError("name an edition, or a newsletter for its newest one; not both")
    with opened(ctx, read_only=True) as app:
        name = name or _newest(app, newsletter)
        if missed:
            _print_missed(app, name, as_json)
        else:
            store = app.store
            print_report(send.report(store, name), as_json, send.corrections(store, name), carried(store, name))
    return 0


def _newest(app: App, newsletter: str | None) -> str:
    """Return the newest edition that has left, and say which; raise NoSuchEdition where none has."""
    chosen = app.newsletter(newsletter)
    for stored in app.store.editions.list(chosen.slug, 1, states=BEGUN):
        show.remark(f"the newest edition sent: {stored.id}")
        return stored.id
    raise NoSuchEdition(f"no edition of {chosen.slug} was sent yet; digest edition list shows those there are")


def _print_missed(app: App, name: str, as_json: bool) -> None:
    from digest.pipeline import send
    from subscribers import roster

    missing = send.missed(app.store, name)
    while people := dict(islice(missing, 500)):
        with app.store.read() as connection:
            addresses = roster.addresses_of(connection, tuple(people))
        for subscriber, place in people.items():
            address = addresses.get(subscriber, "")
            if as_json:
                show.value({"subscriber": subscriber, "place": place, "address": address})
            else:
                click.echo(f"{subscriber}\t{place}\t{address}")


def print_report(
    report: SendReport,
    as_json: bool,
    corrections: Sequence[SendReport] = (),
    carried: Sequence[tuple[tuple[str, ...], int]] = (),
    *,
    places: Mapping[str, str] = PLACES,
) -> int:
    """Print a report, with those of the edition's corrections, and return the exit code it stands for.

    ``carried`` says how many were planned for each choice of sections.
    """
    if as_json:
        variants = [{"sections": sections, "planned": count} for sections, count in carried]
        show.value({**_values(report), "variants": variants, "corrections": [_values(each) for each in corrections]})
        return 0 if report.is_complete else 1
    name = report.edition
    show.pairs([("edition", f"{name} ({report.state})"), *_rows(report, name, places), *_variants(carried)])
    for number, correction in enumerate(corrections, 1):
        click.echo()
        show.pairs([("correction", number), *_rows(correction, name, OF_A_CORRECTION)])
    return 0 if report.is_complete else 1


def _values(report: SendReport) -> dict[str, object]:
    reasons = [{"what": what, "detail": detail, "count": n} for what, detail, n in report.reasons]
    return {**asdict(report), "reasons": reasons, "events": dict(report.events), "state": str(report.state)}


def _variants(carried: Sequence[tuple[tuple[str, ...], int]]) -> list[tuple[str, object]]:
    return [("planned for", f"{count:,} {', '.join(sections) or 'the whole edition'}") for sections, count in carried]


def _rows(report: SendReport, name: str, places: Mapping[str, str]) -> list[tuple[str, object]]:
    rows: list[tuple[str, object]] = [("planned", f"{report.planned:,}")]
    for place, meaning in places.items():
        number = getattr(report, place)
        if number or place == "sent":
            rows.append(
                (f"= {place}" if place == "sent" else f"+ {place}", f"{number:,}  {meaning.replace('EDITION', name)}")
            )
    rows += [("reason", f"{count:,}: {what}: {detail}") for what, detail, count in report.reasons]
    rows += [("event", f"{count:,} {kind}") for kind, count in report.events]
    return rows
