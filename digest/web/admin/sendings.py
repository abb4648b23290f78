"""Sends begun from the pages, each in a thread of its own; what they do is the pipeline's.

Where a process that sends is at work, a thread here only plans, and leaves the mails to it. Where there is none, as
with pages served alone, the thread delivers them too.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace

import structlog

from digest.errors import BroadsheetError, EditionConflict
from digest.model import EditionState
from digest.pipeline.app import App, Newsletter
from digest.pipeline.delivering import deliver_open
from digest.pipeline.publishing import audience, lists_of, planned_audience, publish
from digest.pipeline.rendering import envelope_of
from digest.pipeline.send import Audience, SendReport, Ways, finish_plans, plan_resend
from digest.pipeline.vitals import is_sender_about, note_stop, stopped_by
from digest.pipeline.wayout import demand_way_out
from digest.send.provider import Provider
from digest.store import Send, Stored

log = structlog.get_logger()


class Sendings:
    """Who is at work on which edition, and what stopped the last one."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._lock = threading.Lock()
        self._working: set[str] = set()
        self._next: dict[str, Callable[[], object]] = {}
        self._faults: dict[str, str] = {}

    def send(self, stored: Stored) -> bool:
        """Send an edition, or go on with one that was sent in part; False where that is under way."""
        self._app.newsletter(stored.edition.newsletter)
        return self._start(stored.id, lambda: self.publish(stored))

    def resume(self, stored: Stored) -> None:
        """Go on with an edition that rests no longer, at once or as soon as what was paused has come to its stop.

        That it goes on was written down before: where this process dies, others that send do the rest.
        """
        newsletter = self._app.newsletter(stored.edition.newsletter)
        self._start(stored.id, lambda: self._resume(newsletter, stored), is_patient=True)

    def resend(self, stored: Stored, *, accept_duplicates: bool) -> None:
        """Send again to those known not to have it, to the uncertain too where told so."""
        newsletter = self._app.newsletter(stored.edition.newsletter)
        self._start(stored.id, lambda: self._resend(newsletter, stored, accept_duplicates))

    def demand_free(self, stored: Stored) -> None:
        """Raise EditionConflict where this process plans or sends an edition, UsageError where nobody may."""
        self._app.newsletter(stored.edition.newsletter)
        if self.is_working(stored.id):
            raise EditionConflict(f"{stored.id} is being sent already")

    def is_working(self, edition_id: str) -> bool:
        """Tell whether this process plans or sends an edition."""
        return edition_id in self._working

    def is_left(self, edition_id: str, state: EditionState) -> bool:
        """Tell whether an edition is on its way with nobody at work on it, here or in a process that sends."""
        return state is EditionState.SENDING and not self.is_working(edition_id) and not is_sender_about(self._app)

    def is_cut_short(self, told: SendReport) -> bool:
        """Tell whether mail of an edition that went before waits for a plan that nobody is known to be making."""
        if self.is_working(told.edition) or not told.unsent:
            return False
        return told.state is EditionState.SENT or (told.state is EditionState.SENDING and self._has_plan(told.edition))

    def _has_plan(self, edition_id: str) -> bool:
        """Tell whether a plan of an edition was left half made by a process that is gone."""
        store, row = self._app.store, self._app.store.editions.get(edition_id).row
        return any(send.edition == row for send in store.ledger.sends.abandoned(self._app.clock()))

    def fault(self, edition_id: str) -> str:
        """Return what stopped an edition when it was last tried, here or by a process that sends; '' for nothing."""
        return self._faults.get(edition_id) or stopped_by(self._app, edition_id)

    def publish(self, stored: Stored) -> None:
        """Plan an edition in this thread, and deliver it where no process sends.

        The schedule, which would do so where this process dies, is told that it need not, also of what stops it: that
        is for a person to see.
        """
        app, edition = self._app, stored.edition
        issue = replace(app.newsletter(edition.newsletter), issue=(edition.date, edition.slot))
        try:
            deliver = not is_sender_about(app)
            publish(app, issue, edition.cut_off, stop=_is_ending, deliver=deliver, at_once=True)
        except BroadsheetError:
            app.store.appointments.drop(stored.row)
            raise
        app.store.appointments.drop(stored.row)

    def _resume(self, newsletter: Newsletter, stored: Stored) -> None:
        app = self._app

        def planned(send: Send) -> Audience:
            return planned_audience(app, newsletter, stored.edition, send)

        def plan(provider: Provider, ways: Ways) -> None:
            provider.check()
            finish_plans(app.store, provider, stored.id, ways, audience_of=planned)

        self._go_on(newsletter, stored, plan)

    def _resend(self, newsletter: Newsletter, stored: Stored, accept_duplicates: bool) -> None:
        def plan(provider: Provider, ways: Ways) -> None:
            plan_resend(self._app.store, provider, stored.id, ways, accept_duplicates=accept_duplicates)

        self._go_on(newsletter, stored, plan)

    def _go_on(self, newsletter: Newsletter, stored: Stored, plan: Callable[[Provider, Ways], None]) -> None:
        """Plan, and deliver what is planned unless another process does."""
        app = self._app
        demand_way_out(app)
        with closing(app.open_provider()) as provider:
            ways = Ways(app.clock, _is_ending, limits=app.pace)
            plan(provider, ways)
            if not is_sender_about(app):
                people = audience(app, newsletter, stored.edition, lists_of(app, newsletter, stored))
                deliver_open(app.store, provider, stored.id, envelope_of(app, stored.edition), people, ways)

    def _start(self, edition_id: str, work: Callable[[], object], *, is_patient: bool = False) -> bool:
        with self._lock:
            if edition_id in self._working:
                if is_patient:
                    self._next[edition_id] = work
                return False
            self._working.add(edition_id)
        self._faults.pop(edition_id, None)
        note_stop(self._app, edition_id, "")
        # Not a daemon: a process that ends waits until what is in flight is written down.
        threading.Thread(target=self._work, args=(edition_id, work), name=f"send {edition_id}").start()
        return True

    def _work(self, edition_id: str, work: Callable[[], object] | None) -> None:
        try:
            while work is not None:
                self._try(edition_id, work)
                work = self._following(edition_id)
        except BaseException:
            self._working.discard(edition_id)
            raise

    def _try(self, edition_id: str, work: Callable[[], object]) -> None:
        try:
            work()
        except BroadsheetError as fault:
            log.warning("send_stopped", edition=edition_id, why=str(fault))
            self._faults[edition_id] = str(fault)

    def _following(self, edition_id: str) -> Callable[[], object] | None:
        """Return what was asked for meanwhile; where that is nothing, the edition is free for others."""
        with self._lock:
            work = self._next.pop(edition_id, None)
            if work is None:
                self._working.discard(edition_id)
            return work


def resent(told: SendReport, number: int) -> str:
    """Say for the log to how many an edition goes again."""
    doubtful = number - told.known_missed
    return f"{told.edition} to {number:,}" + (f", {doubtful:,} of them uncertain" if doubtful else "")


def _is_ending() -> bool:
    """Tell whether this process is on its way out."""
    return not threading.main_thread().is_alive()
