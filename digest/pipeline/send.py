"""Send: plans who gets an edition, has it sent, and tells what became of it; knows no provider by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from digest.errors import EditionConflict, EditionHeld, NothingToSend
from digest.model import EditionState, Envelope, Message, Receipt, Recipient
from digest.pipeline.delivering import Audience as Audience
from digest.pipeline.delivering import Ways as Ways
from digest.pipeline.delivering import deliver_open, settle_state
from digest.send.provider import Mailing, Parcel, Provider
from digest.store import Limits, Place, Send, Store, Stored, Sums

#: Everyone a send did not certainly reach.
MISSED: tuple[Place, ...] = ("rejected", "suppressed", "uncertain", "cancelled", "unsent")


@dataclass(frozen=True, slots=True)
class SendReport:
    """What became of everyone an edition was planned for; the numbers balance."""

    edition: str
    state: EditionState
    planned: int = 0
    sent: int = 0
    rejected: int = 0
    suppressed: int = 0
    uncertain: int = 0
    cancelled: int = 0
    unsent: int = 0
    reasons: tuple[tuple[str, str, int], ...] = ()  #: (what, in whose words, how many)
    events: tuple[tuple[str, int], ...] = ()  #: what the provider told afterwards

    @property
    def is_complete(self) -> bool:
        """Whether everyone who should have it has it."""
        return not (self.rejected or self.uncertain or self.cancelled or self.unsent)


def send_edition(
    store: Store,
    provider: Provider,
    edition_id: str,
    message: Message,
    envelope: Envelope,
    audience: Audience,
    ways: Ways,
    *,
    label: str = "",
) -> SendReport:
    """Send an edition to everyone of an audience not yet planned for it, and go on with what was begun.

    ``message`` is frozen with the first send; later ones use the frozen one. Raises EditionHeld where the edition
    waits for a person, NothingToSend where there is nobody, ProviderRefused where the provider does not let us in.
    """
    stored = _frozen(store, edition_id, message, ways)
    provider.check()
    send = _plan(store, provider, stored, audience, ways, label)
    if send is None and not report(store, edition_id).planned:
        raise NothingToSend(f"nothing to send: nobody on {label or 'the lists'} may receive edition {edition_id}")
    deliver_open(store, provider, edition_id, envelope, audience, ways)
    return report(store, edition_id)


def resume(
    store: Store,
    provider: Provider,
    edition_id: str,
    envelope: Envelope,
    audience: Audience,
    ways: Ways,
    *,
    label: str = "",
) -> SendReport:
    """Go on with an edition that was paused or whose sender died; plans nobody new.

    A plan that a crash cut short is finished where ``label`` says that it is for this audience.
    """
    stored = store.editions.get(edition_id)
    if stored.state in {EditionState.CANCELLED, EditionState.SKIPPED}:
        raise EditionConflict(f"edition {edition_id} is {stored.state} for good")
    provider.check()
    for send in store.ledger.sends.of(stored.row):
        if send.state == "paused":
            store.ledger.sends.move(send.id, "sending", ways.clock())
        if send.state == "planning" and send.audience == (label or edition_id):
            _plan(store, provider, stored, audience, ways, label)
    deliver_open(store, provider, edition_id, envelope, audience, ways)
    return report(store, edition_id)


def pause(store: Store, edition_id: str, now: datetime, why: str = "") -> SendReport:
    """Stop an edition until it is resumed; what is in flight is still finished."""
    stored = store.editions.get(edition_id)
    for send in store.ledger.sends.of(stored.row):
        if send.state == "sending":
            store.ledger.sends.move(send.id, "paused", now, why)
    settle_state(store, edition_id, now)
    return report(store, edition_id)


def cancel(store: Store, edition_id: str, now: datetime, why: str = "") -> SendReport:
    """Stop an edition for good; what is in flight is still finished."""
    stored = store.editions.get(edition_id)
    if stored.state is EditionState.SENT:
        raise EditionConflict(f"edition {edition_id} is sent: nothing is left to cancel")
    for send in store.ledger.sends.of(stored.row):
        store.ledger.sends.cancel(send.id, now, why)
    if stored.state is not EditionState.CANCELLED:
        store.editions.move(edition_id, EditionState.CANCELLED, stored.version, why, now)
    return report(store, edition_id)


def resend(
    store: Store,
    provider: Provider,
    edition_id: str,
    envelope: Envelope,
    audience: Audience,
    ways: Ways,
    *,
    accept_duplicates: bool = False,
) -> SendReport:
    """Send again to those known not to have it, and to the uncertain only where duplicates are accepted."""
    stored = store.editions.get(edition_id)
    provider.check()
    store.ledger.sends.plan_missed(
        stored.row,
        provider=provider.name,
        size=_batch_size(provider, ways.limits),
        now=ways.clock(),
        also_uncertain=accept_duplicates,
    )
    deliver_open(store, provider, edition_id, envelope, audience, ways)
    return report(store, edition_id)


def correct(
    store: Store,
    provider: Provider,
    edition_id: str,
    message: Message,
    envelope: Envelope,
    audience: Audience,
    ways: Ways,
) -> SendReport:
    """Send a correction to exactly those who got an edition; the report is the correction's."""
    stored = store.editions.get(edition_id)
    provider.check()
    number = len([name for name in store.editions.messages(edition_id) if name.startswith("correction-")])
    purpose = f"correction-{number + 1}"
    store.editions.keep_message(edition_id, purpose, message)
    got = [send.id for send in store.ledger.sends.of(stored.row, "")]

    def page(connection: Connection, after: int, limit: int) -> list[int]:
        return store.ledger.accounts.sent_page(connection, got, after, limit)

    store.ledger.sends.plan(
        stored.row,
        page,
        purpose=purpose,
        audience=f"those who got {edition_id}",
        provider=provider.name,
        size=_batch_size(provider, ways.limits),
        now=ways.clock(),
    )
    deliver_open(store, provider, edition_id, envelope, audience, ways)
    return report(store, edition_id, purpose)


def send_test(provider: Provider, message: Message, envelope: Envelope, recipient: Recipient, now: datetime) -> Receipt:
    """Send one mail past the ledger, to see how it looks; counts for nobody."""
    return provider.deliver(Mailing(message, envelope, now), Parcel((recipient,)))[0]


def report(store: Store, edition_id: str, purpose: str = "") -> SendReport:
    """Tell what became of everyone an edition, or one of its corrections, was planned for."""
    stored = store.editions.get(edition_id)
    sends = [send.id for send in store.ledger.sends.of(stored.row, purpose)]
    accounts = store.ledger.accounts
    sums = accounts.sums(sends)
    events = tuple(sorted(accounts.events(sends).items()))
    return _report(stored, sums, accounts.reasons(sends), events)


def missed(store: Store, edition_id: str, places: tuple[Place, ...] = MISSED) -> Iterator[tuple[int, Place]]:
    """Yield every subscriber who was planned and did not certainly get the edition, with where they are."""
    stored = store.editions.get(edition_id)
    sends = [send.id for send in store.ledger.sends.of(stored.row, "")]
    return store.ledger.accounts.ids(sends, places)


def got(store: Store, edition_id: str, subscriber: int) -> Place | None:
    """Tell what became of one subscriber, nothing where they were never planned."""
    stored = store.editions.get(edition_id)
    sends = [send.id for send in store.ledger.sends.of(stored.row, "")]
    return store.ledger.accounts.where_is(sends, subscriber)


def _frozen(store: Store, edition_id: str, message: Message, ways: Ways) -> Stored:
    stored = store.editions.get(edition_id)
    if stored.state is EditionState.HELD:
        raise EditionHeld(f"edition {edition_id} is held: {stored.why or stored.edition.hold}")
    if stored.state is EditionState.PAUSED:
        raise EditionHeld(f"edition {edition_id} is paused; go on with `digest resume {edition_id}`")
    if stored.state in {EditionState.CANCELLED, EditionState.SKIPPED}:
        raise EditionConflict(f"edition {edition_id} is {stored.state}; it is not sent")
    return store.editions.freeze(edition_id, message, now=ways.clock())


def _plan(store: Store, provider: Provider, stored: Stored, audience: Audience, ways: Ways, label: str) -> Send | None:
    return store.ledger.sends.plan(
        stored.row,
        audience.ids_page,
        audience=label or stored.id,
        provider=provider.name,
        size=_batch_size(provider, ways.limits),
        now=ways.clock(),
    )


def _batch_size(provider: Provider, limits: Limits) -> int:
    return min(filter(None, (provider.traits.batch_size, limits.smallest)))


def _report(
    stored: Stored,
    sums: Sums,
    reasons: tuple[tuple[str, str, int], ...],
    events: tuple[tuple[str, int], ...],
) -> SendReport:
    return SendReport(
        edition=stored.id,
        state=stored.state,
        planned=sums.planned,
        sent=sums.sent,
        rejected=sums.rejected,
        suppressed=sums.suppressed,
        uncertain=sums.uncertain,
        cancelled=sums.cancelled,
        unsent=sums.unsent,
        reasons=reasons,
        events=events,
    )
