"""Dispatch: works through whatever is planned, whoever planned it; plans nobody and composes nothing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import structlog

from digest.errors import BroadsheetError, EditionConflict, StoreError, UsageError
from digest.model import EditionState
from digest.pipeline.app import App
from digest.pipeline.delivering import DEADLINE, Ways, deliver_open
from digest.pipeline.publishing import audience, lists_of, planned_audience
from digest.pipeline.rendering import envelope_of
from digest.pipeline.send import finish_plans, pause, report
from digest.pipeline.telling import Alarm, tell
from digest.pipeline.turns import Turns
from digest.pipeline.vitals import Watch, note_stop, stopped_by
from digest.pipeline.wayout import demand_way_out
from digest.store import Stored

log = structlog.get_logger()

#: Seconds between two looks for work.
IDLE = 1.0
#: How long a send that met a fault is left alone: its mend is a person's.
RETRY = timedelta(minutes=1)
#: A sender that was away this long was only started anew.
HICCUP = timedelta(minutes=5)


@dataclass
class Dispatcher:
    """The process that sends: one at least, any number do no harm."""

    app: App
    stop: Callable[[], bool]  #: whether to finish what is in flight and go
    wait: Callable[[float], object]  #: waits so many seconds, or less
    _left_alone: dict[str, datetime] = field(default_factory=dict)
    _plans_seen: datetime | None = None

    def __post_init__(self) -> None:
        """Remember when a process like this one last looked, before this one does."""
        self._watch = Watch(self.app)
        self._away_since = self._watch.before
        self._turns = Turns(self.app.store, self.app.clock)

    def run(self) -> None:
        """Send whatever is planned until ``stop`` says so."""
        while not self.stop():
            self.look()
            self._pause(IDLE)

    def look(self) -> None:
        """Work once through every open send; what stops one is told and stops no other."""
        self._ask_about_old_news()
        self._watch.note()
        now = self.app.clock()
        if self._plans_seen is None or self._plans_seen + RETRY <= now:
            self._plans_seen = now
            self._finish_plans(now)
        for stored in self._turns.open():
            if self.stop():
                return
            if self._turns.has(stored) and self._may_try(stored, now):
                self._send(stored)

    def _may_try(self, stored: Stored, now: datetime) -> bool:
        """Tell whether what stopped a send may be over: some time has passed, or a person says so."""
        return self._left_alone.get(stored.id, now) <= now or not stopped_by(self.app, stored.id)

    def _ask_about_old_news(self) -> None:
        """Ask about what lay unsent for too long, before this process notes that it is there.

        Whoever comes after one that died in between finds it as stale as it was.
        """
        if self._away_since is not None:
            for stored in self._turns.open():
                if self._is_stale(stored):
                    self._ask(stored)
        self._away_since = None

    def _finish_plans(self, now: datetime) -> None:
        """Go on with plans whose process died, or tell of them: nobody else may ever look at them again."""
        for send in self.app.store.ledger.sends.abandoned(now):
            stored = self.app.store.editions.numbered(send.edition)
            if stored.state is EditionState.PAUSED:
                continue
            try:
                if now - send.created_at <= max(timedelta(hours=self._late_hours(stored)), HICCUP):
                    self._finish(stored)
                    continue
                why = f"its plan for {send.audience} was cut short, and it is old news"
            except BroadsheetError as fault:
                why = str(fault)
            if stopped_by(self.app, stored.id) != why:
                self._tell(stored, why)

    def _finish(self, stored: Stored) -> None:
        app, edition = self.app, stored.edition
        newsletter = app.newsletter(edition.newsletter)
        with closing(app.open_provider()) as provider:
            finish_plans(
                app.store, provider, stored.id, Ways(app.clock, limits=app.pace),
                audience_of=lambda send: planned_audience(app, newsletter, edition, send),
            )  # fmt: skip
        log.info("plan_finished", newsletter=newsletter.slug, edition=stored.id)

    def _send(self, stored: Stored) -> None:
        try:
            self._deliver(stored)
        except BroadsheetError as fault:
            self._left_alone[stored.id] = self.app.clock() + RETRY
            self._turns.forget(stored.id)
            self._tell(stored, str(fault))

    def _deliver(self, stored: Stored) -> None:
        app = self.app
        newsletter = app.newsletter(stored.edition.newsletter)
        demand_way_out(app)
        people = audience(app, newsletter, stored.edition, lists_of(app, newsletter, stored))
        ways = Ways(
            app.clock,
            self.stop,
            lambda *_: self._watch.note(),
            self._pause,
            limits=app.pace,
            deadline=self._turns.left(stored.id, DEADLINE),
            gives_way=partial(self._turns.gives_way, stored.id, lambda other: self._may_try(other, app.clock())),
        )
        with closing(app.open_provider()) as provider:
            deliver_open(app.store, provider, stored.id, envelope_of(app, stored.edition), people, ways)
        note_stop(app, stored.id, "")
        came_to = report(app.store, stored.id)
        if came_to.state is EditionState.SENT:
            log.info(
                "edition_sent", newsletter=newsletter.slug, edition=stored.id,
                planned=came_to.planned, sent=came_to.sent, rejected=came_to.rejected, uncertain=came_to.uncertain,
            )  # fmt: skip

    def _is_stale(self, stored: Stored) -> bool:
        """Return whether an edition lay half sent, with nobody to send it, for longer than it may be late."""
        if self._away_since is None:
            return False
        since = [send.created_at for send in self.app.store.ledger.sends.of(stored.row) if send.state == "sending"]
        if not since:  # all of it left, and only its state has to follow
            return False
        away = self.app.clock() - max(self._away_since, *since)
        return away > max(timedelta(hours=self._late_hours(stored)), HICCUP)

    def _late_hours(self, stored: Stored) -> float:
        try:
            return self.app.newsletter(stored.edition.newsletter).late_hours
        except UsageError:  # the config no longer names it
            return 0.0

    def _ask(self, stored: Stored) -> None:
        """Pause a send until a person goes on with it; told first, as nobody looks at a paused one again."""
        why = "nobody was there to go on with it until now, and it is old news"
        self._tell(stored, why)
        with suppress(EditionConflict):  # all of it is paused or cancelled by now
            pause(self.app.store, stored.id, self.app.clock(), why)

    def _tell(self, stored: Stored, why: str) -> None:
        log.warning("send_stopped", edition=stored.id, why=why)
        with suppress(StoreError):
            note_stop(self.app, stored.id, why)
        tell(self.app, Alarm(stored.id, "stopped", why))

    def _pause(self, seconds: float) -> None:
        self._watch.note()
        self.wait(seconds)
