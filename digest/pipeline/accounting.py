"""Tells what became of everyone an edition was planned for; changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from digest.errors import EditionConflict, NothingToSend
from digest.model import EditionState
from digest.store import Place, Store, Stored, Sums

#: Everyone a send did not certainly reach.
MISSED: tuple[Place, ...] = ("rejected", "suppressed", "uncertain", "cancelled", "unsent")


#: What to do before an edition can go again to those who missed it, by its state.
_FIRST = {
    EditionState.SENDING: "wait until it is through; where nobody works on it, go on with it (digest resume {edition})",
    EditionState.PAUSED: "go on with it (digest resume {edition}) and wait until it is through",
}


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

    @property
    def known_missed(self) -> int:
        """How many are known not to have it: refused, or stopped before it was sent to them."""
        return self.rejected + self.cancelled


def report(store: Store, edition_id: str, purpose: str = "", *, why: bool = True) -> SendReport:
    """Tell what became of everyone an edition, or one of its corrections, was planned for; the reasons where wanted."""
    stored = store.editions.get(edition_id)
    sends = [send.id for send in store.ledger.sends.of(stored.row, purpose)]
    accounts = store.ledger.accounts
    sums = accounts.sums(sends)
    events = tuple(sorted(accounts.events(sends).items()))
    return _report(stored, sums, accounts.reasons(sends) if why else (), events)


def tally(store: Store, edition_id: str) -> SendReport:
    """Tell what became of everyone an edition was planned for, and not why: it costs little however much went wrong."""
    stored = store.editions.get(edition_id)
    sums = store.ledger.accounts.sums([send.id for send in store.ledger.sends.of(stored.row, "")])
    return _report(stored, sums)


def carried(store: Store, edition_id: str) -> tuple[tuple[tuple[str, ...], int], ...]:
    """Tell how many were planned for each choice of sections, the most first; the whole edition is ().

    Nothing where everybody was planned for the whole edition.
    """
    stored = store.editions.get(edition_id)
    counts = store.ledger.accounts.by_variant([send.id for send in store.ledger.sends.of(stored.row, "")])
    if set(counts) <= {""}:
        return ()
    sections = {name: message.sections for name, message in store.editions.messages(edition_id).items()}
    return tuple(sorted(((sections[name], count) for name, count in counts.items()), key=lambda each: -each[1]))


def corrections(store: Store, edition_id: str) -> tuple[SendReport, ...]:
    """Tell what became of the corrections to an edition, oldest first."""
    stored = store.editions.get(edition_id)
    purposes = dict.fromkeys(send.purpose for send in store.ledger.sends.of(stored.row) if send.purpose)
    return tuple(report(store, edition_id, purpose) for purpose in purposes)


def missed(store: Store, edition_id: str, places: tuple[Place, ...] = MISSED) -> Iterator[tuple[int, Place]]:
    """Yield every subscriber who was planned and did not certainly get the edition, with where they are."""
    stored = store.editions.get(edition_id)
    sends = [send.id for send in store.ledger.sends.of(stored.row, "")]
    return store.ledger.accounts.ids(sends, places)


def demand_missed(told: SendReport, *, accept_duplicates: bool) -> int:
    """Return to how many an edition would go again: those known not to have it, and the uncertain where told so.

    Raises EditionConflict for an edition that is not through yet, or never will be, NothingToSend where that is nobody.
    """
    if told.state in {EditionState.CANCELLED, EditionState.SKIPPED}:
        raise EditionConflict(f"edition {told.edition} is {told.state} for good")
    if told.state is not EditionState.SENT:
        mend = _FIRST.get(told.state, "send it first").format(edition=told.edition)
        raise EditionConflict(f"edition {told.edition} is {told.state}; only one that is sent can go again: {mend}")
    number = told.known_missed + (told.uncertain if accept_duplicates else 0)
    if not number:
        doubt = f"; of {told.uncertain:,} nobody knows: accept duplicates to send to them too" if told.uncertain else ""
        raise NothingToSend(f"nobody is known to have missed {told.edition}{doubt}")
    return number


def got(store: Store, edition_id: str, subscriber: int) -> Place | None:
    """Tell what became of one subscriber, nothing where they were never planned."""
    stored = store.editions.get(edition_id)
    sends = [send.id for send in store.ledger.sends.of(stored.row, "")]
    return store.ledger.accounts.where_is(sends, subscriber)


def _report(
    stored: Stored,
    sums: Sums,
    reasons: tuple[tuple[str, str, int], ...] = (),
    events: tuple[tuple[str, int], ...] = (),
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
