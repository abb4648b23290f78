"""Whether an installation is well, in numbers; shows nothing and mends nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from digest.errors import StoreError
from digest.pipeline.app import App
from digest.store.vitals import Vitals, vitals
from subscribers import roster

#: Under this name the clock's process notes when it last looked.
TICK = "last tick of the clock"
#: Under names that begin so it notes the last run of each newsletter that was decided.
LAST_RUN = "last run of "
#: Under this name the process that sends does.
SENDER_LOOK = "last look of the sender"
#: A process that was silent this long is dead: it notes every minute that it looked.
SILENCE = timedelta(minutes=10)
MINUTE = timedelta(minutes=1)
#: A sender that noted itself within this time is trusted with what is planned now.
ABOUT = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Health:
    """The numbers of one moment, and what follows from them."""

    at: datetime
    vitals: Vitals
    tick: datetime | None  #: when the clock's process last looked; None where it never ran
    look: datetime | None  #: when the process that sends last did
    subscribers: Mapping[str, int]  #: confirmed, by list
    next_runs: Mapping[str, datetime]  #: by newsletter, as the clock's process noted them

    @property
    def oldest_unsent(self) -> float | None:
        """The age in seconds of the oldest send that is not finished."""
        since = self.vitals.unsent_since
        return None if since is None else max(0.0, (self.at - since).total_seconds())

    @property
    def faults(self) -> tuple[str, ...]:
        """What a supervisor should restart or look at."""
        return tuple(self._silent())

    def _silent(self) -> Iterator[str]:
        for who, noted in (("the clock's process", self.tick), ("the process that sends", self.look)):
            if noted is not None and self.at - noted > SILENCE:
                yield f"{who} is silent since {noted:%Y-%m-%d %H:%M} UTC"


class Watch:
    """What the process that sends notes of itself, at most once a minute."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._noted: datetime | None = None
        self.before = _moment(app, SENDER_LOOK)  #: when a process like it last noted something

    def note(self) -> None:
        """Note that the process lives; a store that is busy hears it the next time."""
        now = self._app.clock()
        if self._noted is None or now - self._noted >= MINUTE:
            self._noted = now
            with suppress(StoreError):
                self._app.store.meta.set(SENDER_LOOK, now.isoformat())


def is_sender_about(app: App) -> bool:
    """Tell whether a process that sends whatever is planned was at work just now."""
    noted = _moment(app, SENDER_LOOK)
    return noted is not None and app.clock() - noted <= ABOUT


def note_stop(app: App, edition_id: str, why: str) -> None:
    """Note what stopped a send, for those who did not see it happen; ``''`` once nothing does any more."""
    if why or stopped_by(app, edition_id):
        app.store.meta.set(f"what stopped {edition_id}", why)


def stopped_by(app: App, edition_id: str) -> str:
    """Return what stopped the send of an edition when it was last tried, '' for nothing."""
    return app.store.meta.get(f"what stopped {edition_id}")


def note_tick(app: App, next_runs: Mapping[str, datetime | None]) -> None:
    """Note that the clock's process is alive, and when each newsletter is due next."""
    app.store.meta.set(TICK, app.clock().isoformat())
    for newsletter, at in next_runs.items():
        app.store.meta.set(f"next run of {newsletter}", at.isoformat() if at else "")


def forget_tick(app: App) -> None:
    """Note that the clock's process was told to stop: its silence is no fault."""
    app.store.meta.set(TICK, "")


def health_of(app: App, now: datetime) -> Health:
    """Take the numbers; raise StoreError where the store does not answer."""
    with app.store.read() as connection:
        lists = {each.slug: each.confirmed for each in roster.lists(connection)}
    next_runs = {each.slug: _moment(app, f"next run of {each.slug}") for each in app.newsletters}
    return Health(
        at=now,
        vitals=vitals(app.store, now),
        tick=_moment(app, TICK),
        look=_moment(app, SENDER_LOOK),
        subscribers=lists,
        next_runs={slug: at for slug, at in next_runs.items() if at is not None},
    )


def _moment(app: App, name: str) -> datetime | None:
    value = app.store.meta.get(name)
    return datetime.fromisoformat(value) if value else None
