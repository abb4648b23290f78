"""Send: from a newsletter to delivered mail, guarded at every step; knows no provider's words."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime

from digest.errors import EditionHeld, NothingToSend, UsageError
from digest.model import Edition, EditionState, Message, Outcome, Receipt
from digest.pipeline.app import App, Newsletter
from digest.pipeline.audience import ListAudience
from digest.pipeline.composing import Composed, compose
from digest.pipeline.rendering import envelope_of, marked_as_test, message_of, sample_recipient
from digest.pipeline.send import SendReport, Ways, send_edition
from digest.pipeline.send import report as planned_report
from digest.pipeline.wayout import demand_way_out
from digest.send.provider import Mailing, Parcel
from digest.store import Stored
from subscribers import roster

#: States in which an edition may go without asking.
READY = (EditionState.APPROVED, EditionState.FROZEN, EditionState.SENDING, EditionState.SENT)


SATURDAY = 5  #: as date.weekday() counts


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What a send would come to."""

    edition: Edition
    message: Message
    recipients: int
    state: str  #: of the edition, 'new' where it does not exist yet
    obstacle: str = ""  #: why it would not go, '' where it would


@dataclass(frozen=True, slots=True)
class Published:
    """What a send came to."""

    composed: Composed
    message: Message
    recipients: int  #: on the lists at the start, sendable
    report: SendReport
    fresh: int  #: how many were planned just now, and not in an earlier send


def publish(
    app: App,
    newsletter: Newsletter,
    now: datetime,
    *,
    lists: tuple[str, ...] = (),
    on_outcome: Callable[[Outcome], None] | None = None,
    confirm: Callable[[Edition, Message, int], bool] | None = None,
    on_progress: Callable[[int, int], None] = lambda _done, _planned: None,
    stop: Callable[[], bool] = lambda: False,
) -> Published | None:
    """Send the edition of ``now``, composing it where there is none; None where ``confirm`` said no.

    Raises EditionHeld for one that waits for a person, NothingToSend where nobody or nothing is left,
    ProviderRefused where the provider does not let us in; then nothing is marked as sent.
    """
    chosen = lists or newsletter.lists
    waiting = count_audience(app, chosen)
    composed = compose(app, newsletter, now, on_outcome=on_outcome)
    stored = composed.stored
    assert stored is not None  # noqa: S101 (compose keeps it unless told not to)
    demand_ready(newsletter, stored)
    message = stored.message or message_of(app, newsletter, stored.edition)
    if confirm is not None and not confirm(stored.edition, message, waiting):
        return None
    demand_way_out(app)
    before = planned_report(app.store, stored.id).planned
    with closing(app.open_provider()) as provider:
        report = send_edition(
            app.store,
            provider,
            stored.id,
            message,
            envelope_of(app, stored.edition),
            audience(app, newsletter, stored.edition, chosen),
            Ways(app.clock, stop, on_progress, limits=app.pace),
            label=", ".join(chosen) + (f" in {newsletter.part}" if newsletter.part else ""),
        )
    return Published(composed, message, waiting, report, report.planned - before)


def rehearse(
    app: App,
    newsletter: Newsletter,
    now: datetime,
    *,
    lists: tuple[str, ...] = (),
    on_outcome: Callable[[Outcome], None] | None = None,
) -> Rehearsed:
    """Do everything up to the first message, and change nothing at all."""
    waiting = count_audience(app, lists or newsletter.lists)
    composed = compose(app, newsletter, now, keep=False, on_outcome=on_outcome)
    edition, stored = composed.edition, composed.stored
    message = (stored and stored.message) or message_of(app, newsletter, edition)
    obstacle = ""
    try:
        if stored is not None:
            demand_ready(newsletter, stored)
        elif edition.hold:
            raise EditionHeld(f"{edition.id} would be held: {edition.hold}")
        elif newsletter.approval_required:
            raise EditionHeld(f"{edition.id} would wait for approval")
    except EditionHeld as held:
        obstacle = str(held)
    return Rehearsed(edition, message, waiting, str(stored.state) if stored else "new", obstacle)


def audience(app: App, newsletter: Newsletter, edition: Edition, lists: tuple[str, ...]) -> ListAudience:
    """Return those an edition goes to; at the weekend without those who want weekdays only."""
    weekend = edition.date.weekday() >= SATURDAY
    return ListAudience(lists, newsletter.slug, app.ring, app.sender.links_url, weekend, newsletter.segment)


def lists_of(app: App, newsletter: Newsletter, stored: Stored) -> tuple[str, ...]:
    """Return the lists an edition was planned for, which ``send --list`` may have chosen, and the newsletter's own."""
    labels = [send.audience.partition(" in ")[0] for send in app.store.ledger.sends.of(stored.row, "")]
    with app.store.read() as connection:
        there = set(roster.slugs(connection))
    planned = [name for label in labels for name in label.split(", ") if name in there]
    return tuple(dict.fromkeys((*planned, *newsletter.lists)))


def count_audience(app: App, lists: tuple[str, ...]) -> int:
    """Return how many people the lists reach; raise where a list is unknown, or all of them are empty."""
    with app.store.read() as connection:
        there = {each.slug: each for each in roster.lists(connection)}
        named = ", ".join(f"{each.slug} ({each.confirmed} confirmed)" for each in there.values()) or "none yet"
        for slug in lists:
            if slug not in there:
                raise UsageError(f'no list "{slug}"; there are: {named}')
        number = roster.audience_count(connection, lists)
    if not number:
        quoted = ", ".join(f'"{slug}"' for slug in lists)
        raise NothingToSend(
            f"nobody to send to: {quoted} has no confirmed subscriber; the lists are: {named}\n"
            f"add someone with: digest subscribers add {lists[0]} you@example.org"
        )
    return number


def demand_ready(newsletter: Newsletter, stored: Stored) -> None:
    """Raise EditionHeld unless the edition may go without a person's yes."""
    edition = stored.edition
    if stored.state in READY:
        return
    if stored.state in (EditionState.CANCELLED, EditionState.SKIPPED, EditionState.PAUSED):
        raise EditionHeld(f"{edition.id} is {stored.state}; digest edition show {edition.id} tells more")
    if stored.state is EditionState.HELD:
        raise EditionHeld(
            f"{edition.id} is held: {stored.why or edition.hold}\nlet it go with: digest edition approve {edition.id}"
        )
    if newsletter.approval_required:
        raise EditionHeld(f"{edition.id} waits for approval\nlet it go with: digest edition approve {edition.id}")


def send_test(
    app: App, newsletter: Newsletter, now: datetime, addresses: tuple[str, ...]
) -> tuple[Message, tuple[Receipt, ...]]:
    """Send the edition that would go now to some addresses, marked as a test; remember nothing of it."""
    edition = compose(app, newsletter, now, keep=False).edition
    return _test(app, newsletter, edition, addresses)


def send_edition_as_test(app: App, edition: Edition, address: str) -> tuple[Receipt, ...]:
    """Send an edition that is kept to one address, marked as a test; remember nothing of it."""
    return _test(app, app.newsletter(edition.newsletter), edition, (address,))[1]


def _test(
    app: App, newsletter: Newsletter, edition: Edition, addresses: tuple[str, ...]
) -> tuple[Message, tuple[Receipt, ...]]:
    message = marked_as_test(message_of(app, newsletter, edition))
    sent_at = app.clock()
    envelope = envelope_of(app, edition)
    mailing = Mailing(message, replace(envelope, edition=f"test/{edition.id}/{sent_at:%H%M%S%f}"), sent_at)
    parcel = Parcel(tuple(sample_recipient(app, each, f"test-{n}") for n, each in enumerate(addresses, 1)))
    with closing(app.open_provider()) as provider:
        receipts = provider.deliver(mailing, parcel)
    return message, receipts
