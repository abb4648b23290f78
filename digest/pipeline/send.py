"""Send: has an edition sent, stopped, resumed, made up for and corrected; knows no provider by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from digest.errors import EditionConflict, EditionHeld, NothingToSend
from digest.model import EditionState, Envelope, Message
from digest.pipeline.accounting import SendReport as SendReport
from digest.pipeline.accounting import corrections as corrections
from digest.pipeline.accounting import got as got
from digest.pipeline.accounting import missed as missed
from digest.pipeline.accounting import report as report
from digest.pipeline.delivering import Audience as Audience
from digest.pipeline.delivering import Ways as Ways
from digest.pipeline.delivering import cancel_sends, deliver_open, settle_state
from digest.pipeline.planning import Planner
from digest.pipeline.planning import Whom as Whom
from digest.send.provider import Provider
from digest.store import Send, Store, Stored


def send_edition(
    store: Store,
    provider: Provider,
    edition_id: str,
    message: Message,
    envelope: Envelope,
    audience: Audience,
    ways: Ways,
    *,
    whom: Whom | None = None,
    variants: Mapping[str, Message] | None = None,
) -> SendReport:
    """Send an edition to everyone of an audience not yet planned for it, and go on with what was begun.

    ``message`` and ``variants`` are frozen with the first send; later ones use the frozen ones. Raises EditionHeld
    where the edition waits for a person, NothingToSend where there is nobody, ProviderRefused where the provider
    does not let us in.
    """
    plan_edition(store, provider, edition_id, message, audience, ways, whom=whom, variants=variants)
    deliver_open(store, provider, edition_id, envelope, audience, ways)
    return report(store, edition_id)


def plan_edition(
    store: Store,
    provider: Provider,
    edition_id: str,
    message: Message,
    audience: Audience,
    ways: Ways,
    *,
    whom: Whom | None = None,
    variants: Mapping[str, Message] | None = None,
) -> SendReport:
    """Freeze an edition and who gets it, and leave the mails to whoever sends; raise as ``send_edition`` does."""
    stored = _frozen(store, edition_id, message, variants or {}, ways)
    provider.check()
    send = Planner(store, provider, stored, ways).plan(audience, whom or Whom(edition_id))
    if send is None and not report(store, edition_id).planned:
        on = whom.label if whom else "the lists"
        raise NothingToSend(f"nothing to send: nobody on {on} may receive edition {edition_id}")
    settle_state(store, edition_id, ways.clock())
    return report(store, edition_id)


def resume(
    store: Store,
    provider: Provider,
    edition_id: str,
    envelope: Envelope,
    audience: Audience,
    ways: Ways,
    *,
    audience_of: Callable[[Send], Audience] | None = None,
) -> SendReport:
    """Go on with an edition that was paused or whose sender died; plans nobody new.

    A plan that a crash cut short is finished, for whom ``audience_of`` reads from it, or for ``audience``.
    """
    open_again(store, provider, edition_id, ways, audience_of=audience_of or (lambda _send: audience))
    deliver_open(store, provider, edition_id, envelope, audience, ways)
    return report(store, edition_id)


def open_again(
    store: Store, provider: Provider, edition_id: str, ways: Ways, *, audience_of: Callable[[Send], Audience]
) -> None:
    """Do all that ``resume`` does but deliver, and leave the mails to whoever sends."""
    _demand_not_ended(store.editions.get(edition_id))
    provider.check()
    go_on(store, edition_id, ways.clock())
    finish_plans(store, provider, edition_id, ways, audience_of=audience_of)


def go_on(store: Store, edition_id: str, now: datetime) -> None:
    """Write down that an edition no longer rests: whoever sends, or finishes plans, does so from then on.

    Raises EditionConflict for one that was ended for good.
    """
    stored = store.editions.get(edition_id)
    _demand_not_ended(stored)
    with store.ledger.at_once() as ledger:
        for send in ledger.sends.of(stored.row):
            if send.state == "planning":
                ledger.sends.rest_once_planned(send.id, "")
            elif send.state == "paused":
                ledger.sends.move(send.id, "sending", now)
    settle_state(store, edition_id, now)


def finish_plans(
    store: Store, provider: Provider, edition_id: str, ways: Ways, *, audience_of: Callable[[Send], Audience]
) -> None:
    """Finish the plans of an edition that a crash cut short, and leave the mails to whoever sends."""
    stored = store.editions.get(edition_id)
    Planner(store, provider, stored, ways).finish(audience_of)
    settle_state(store, edition_id, ways.clock())


def pause(store: Store, edition_id: str, now: datetime, why: str = "") -> SendReport:
    """Stop an edition until it is resumed; what is in flight is still finished, and so is a plan, to rest then.

    Raises EditionConflict where nothing of it is being sent.
    """
    stored = store.editions.get(edition_id)
    sends = store.ledger.sends.of(stored.row)
    if not any(send.state in {"planning", "sending", "paused"} for send in sends):
        raise EditionConflict(f"edition {edition_id} is {stored.state}: nothing of it is being sent")
    for send in sends:
        if send.state == "sending":
            store.ledger.sends.move(send.id, "paused", now, why)
        elif send.state == "planning":
            store.ledger.sends.rest_once_planned(send.id, why or "paused")
    settle_state(store, edition_id, now)
    return report(store, edition_id)


def cancel(store: Store, edition_id: str, now: datetime, why: str = "") -> SendReport:
    """Stop an edition for good; what is in flight is still finished."""
    stored = store.editions.get(edition_id)
    if stored.state is EditionState.SENT:
        raise EditionConflict(f"edition {edition_id} is sent: nothing is left to cancel")
    cancel_sends(store, stored, now, why)
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
    plan_resend(store, provider, edition_id, ways, accept_duplicates=accept_duplicates)
    deliver_open(store, provider, edition_id, envelope, audience, ways)
    return report(store, edition_id)


def plan_resend(
    store: Store, provider: Provider, edition_id: str, ways: Ways, *, accept_duplicates: bool = False
) -> None:
    """Do all that ``resend`` does but deliver, and leave the mails to whoever sends."""
    stored = store.editions.get(edition_id)
    _demand_not_ended(stored)
    provider.check()
    Planner(store, provider, stored, ways).plan_missed(also_uncertain=accept_duplicates)
    settle_state(store, edition_id, ways.clock())


def correct(
    store: Store,
    provider: Provider,
    edition_id: str,
    message: Message,
    envelope: Envelope,
    audience: Audience,
    ways: Ways,
) -> SendReport:
    """Send a correction to exactly those who got an edition; the report is the correction's.

    One that says the same as one before is that one: after a crash it goes on, and nobody gets it twice.
    """
    stored = store.editions.get(edition_id)
    provider.check()
    kept = {name: each for name, each in store.editions.messages(edition_id).items() if name.startswith("correction-")}
    same = next((name for name, each in kept.items() if each == message), None)
    purpose = same or f"correction-{len(kept) + 1}"
    store.editions.keep_message(edition_id, purpose, message)
    Planner(store, provider, stored, ways).plan_correction(purpose)
    deliver_open(store, provider, edition_id, envelope, audience, ways)
    return report(store, edition_id, purpose)


def _demand_not_ended(stored: Stored) -> None:
    if stored.state in {EditionState.CANCELLED, EditionState.SKIPPED}:
        raise EditionConflict(f"edition {stored.id} is {stored.state} for good")


def _frozen(store: Store, edition_id: str, message: Message, variants: Mapping[str, Message], ways: Ways) -> Stored:
    stored = store.editions.get(edition_id)
    if stored.state is EditionState.HELD:
        raise EditionHeld(f"edition {edition_id} is held: {stored.reason}")
    if stored.state is EditionState.PAUSED:
        raise EditionHeld(f"edition {edition_id} is paused; go on with `digest resume {edition_id}`")
    if stored.state in {EditionState.CANCELLED, EditionState.SKIPPED}:
        raise EditionConflict(f"edition {edition_id} is {stored.state}; it is not sent")
    return store.editions.freeze(edition_id, message, now=ways.clock(), variants=variants)
