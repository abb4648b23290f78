"""Send: from a newsletter to delivered mail, guarded at every step; knows no provider's words."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime

from digest.errors import EditionHeld, EditionPutOff, NothingToSend, UsageError
from digest.model import Edition, EditionState, Message, Outcome, Receipt
from digest.pipeline.app import App, Newsletter
from digest.pipeline.appointing import local
from digest.pipeline.audience import ListAudience
from digest.pipeline.composing import Composed, compose
from digest.pipeline.rendering import envelope_of, marked_as_test, message_of, sample_recipient
from digest.pipeline.sections import offered
from digest.pipeline.send import SendReport, Ways, Whom, plan_edition, send_edition
from digest.pipeline.send import report as planned_report
from digest.pipeline.variants import variant_messages
from digest.pipeline.wayout import demand_way_out
from digest.send.provider import Mailing, Parcel
from digest.store import Send, Stored
from digest.store.values import dump, load
from subscribers import Segment, roster

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
    planned: int = 0  #: for how many it was planned before: they are left out
    unsent: int = 0  #: how many of those still wait for it, and get it too


@dataclass(frozen=True, slots=True)
class Published:
    """What a send came to."""

    composed: Composed
    message: Message
    recipients: int  #: on the lists at the start, sendable
    report: SendReport
    fresh: int  #: how many were planned just now, and not in an earlier send
    left: int = 0  #: how many an earlier send had not come to


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
    deliver: bool = True,
    at_once: bool = False,
) -> Published | None:
    """Send the edition of ``now``, composing it where there is none; None where ``confirm`` said no.

    Without ``deliver`` it is planned and frozen, and the mails are left to the process that sends. With ``at_once``
    a time to come that was chosen for it is no obstacle.
    Raises EditionHeld for one that waits for a person, NothingToSend where nobody or nothing is left,
    ProviderRefused where the provider does not let us in; then nothing is marked as sent.
    """
    chosen = lists or newsletter.lists
    waiting = count_audience(app, chosen)
    composed = compose(app, newsletter, now, on_outcome=on_outcome)
    stored = composed.stored
    assert stored is not None  # noqa: S101 (compose keeps it unless told not to)
    demand_ready(newsletter, stored)
    if not at_once:
        demand_its_time(app, stored)
    message = stored.message or message_of(app, newsletter, stored.edition)
    if confirm is not None and not confirm(stored.edition, message, waiting):
        return None
    demand_way_out(app)
    before = planned_report(app.store, stored.id)
    with closing(app.open_provider()) as provider:
        people = audience(app, newsletter, stored.edition, chosen)
        others = {} if stored.message else variant_messages(app, newsletter, stored.edition, chosen)
        ways = Ways(app.clock, stop, on_progress, limits=app.pace)
        whom = whom_of(newsletter, chosen)
        if deliver:
            envelope = envelope_of(app, stored.edition)
            report = send_edition(
                app.store, provider, stored.id, message, envelope, people, ways, whom=whom, variants=others
            )
        else:
            report = plan_edition(app.store, provider, stored.id, message, people, ways, whom=whom, variants=others)
    return Published(composed, message, waiting, report, report.planned - before.planned, before.unsent)


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
            demand_its_time(app, stored)
        elif edition.hold:
            raise EditionHeld(f"{edition.id} would be held: {edition.hold}")
        elif newsletter.approval_required:
            raise EditionHeld(f"{edition.id} would wait for approval")
    except EditionHeld as held:
        obstacle = str(held)
    if stored is None:
        return Rehearsed(edition, message, waiting, "new", obstacle)
    before = planned_report(app.store, stored.id)
    return Rehearsed(edition, message, waiting, str(stored.state), obstacle, before.planned, before.unsent)


def audience(app: App, newsletter: Newsletter, edition: Edition, lists: tuple[str, ...]) -> ListAudience:
    """Return those an edition goes to.

    At the weekend without those who want weekdays only, always without those whose sections have no story in it.
    """
    return ListAudience(
        lists=lists,
        newsletter=newsletter.slug,
        ring=app.ring,
        links_url=app.sender.links_url,
        weekend=edition.date.weekday() >= SATURDAY,
        segment=newsletter.segment,
        sections=offered(newsletter),
        told=frozenset(story.section.casefold() for story in (*edition.stories, *edition.brief)),
    )


def lists_of(app: App, newsletter: Newsletter, stored: Stored) -> tuple[str, ...]:
    """Return the lists an edition was planned for, which ``send --list`` may have chosen, and the newsletter's own."""
    planned = [name for send in app.store.ledger.sends.of(stored.row, "") for name in send.lists]
    with app.store.read() as connection:
        there = set(roster.slugs(connection))
    return tuple(dict.fromkeys((*(name for name in planned if name in there), *newsletter.lists)))


def whom_of(newsletter: Newsletter, lists: tuple[str, ...]) -> Whom:
    """Return whom a send is for, in words, and as ``planned_audience`` reads it."""
    label = ", ".join(lists) + (f" in {newsletter.part}" if newsletter.part else "")
    return Whom(label, lists, dump(newsletter.segment) if newsletter.segment else "")


def planned_audience(app: App, newsletter: Newsletter, edition: Edition, send: Send) -> ListAudience:
    """Return whom a send was being planned for when a crash cut it short."""
    segment = load(Segment, send.segment) if send.segment else None
    return replace(audience(app, newsletter, edition, send.lists or newsletter.lists), segment=segment)


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
        waiting = sum(there[slug].unconfirmed for slug in lists)
        raise NothingToSend(
            f"nobody to send to: {quoted} has no confirmed subscriber; the lists are: {named}\n"
            + (f"{waiting} did not follow the link in their mail yet\n" if waiting else "")
            + f"add someone who has agreed with: digest subscribers add {lists[0]} you@example.org --confirmed"
        )
    return number


def demand_ready(newsletter: Newsletter, stored: Stored) -> None:
    """Raise EditionHeld unless the edition may go without a person's yes."""
    edition = stored.edition
    if stored.state in READY:
        return
    if stored.state in (EditionState.CANCELLED, EditionState.SKIPPED):
        raise EditionPutOff(f"{edition.id} is {stored.state}; digest edition show {edition.id} tells more")
    if stored.state is EditionState.PAUSED:
        raise EditionHeld(f"{edition.id} is {stored.state}; digest edition show {edition.id} tells more")
    if stored.state is EditionState.HELD:
        said = f"{edition.id} is held: {stored.reason}\nlet it go with: digest edition approve {edition.id}"
        raise EditionHeld(said, stored.reason)
    if newsletter.approval_required:
        said = f"{edition.id} waits for approval\nlet it go with: digest edition approve {edition.id}"
        raise EditionHeld(said, "this newsletter's editions wait for approval")


def demand_its_time(app: App, stored: Stored) -> None:
    """Raise EditionPutOff where somebody chose a time for the edition that is still to come."""
    chosen = app.store.appointments.of(stored.row)
    if chosen is not None and chosen.at > app.clock() and stored.message is None:
        when = local(app, stored, chosen.at)
        raise EditionPutOff(
            f"{stored.id} goes at {when}, as {chosen.who} chose\n"
            f"let it go with its newsletter again: digest edition schedule {stored.id} --off"
        )


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
