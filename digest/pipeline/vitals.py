"""Whether an installation is well, in numbers; shows nothing and mends nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from digest.pipeline.app import App
from digest.store.vitals import Vitals, vitals
from subscribers import roster

#: Under this name the clock's process notes when it last looked.
TICK = "last tick of the clock"
#: A clock that was silent this long is dead: it looks every minute.
SILENCE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Health:
    """The numbers of one moment, and what follows from them."""

    at: datetime
    vitals: Vitals
    tick: datetime | None  #: when the clock's process last looked; None where it never ran
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
        if self.tick is not None and self.at - self.tick > SILENCE:
            return (f"the clock's process is silent since {self.tick:%Y-%m-%d %H:%M} UTC",)
        return ()


def note_tick(app: App, next_runs: Mapping[str, datetime | None]) -> None:
    """Note that the clock's process is alive, and when each newsletter is due next."""
    app.store.meta.set(TICK, app.clock().isoformat())
    for newsletter, at in next_runs.items():
        app.store.meta.set(f"next run of {newsletter}", at.isoformat() if at else "")


def health_of(app: App, now: datetime) -> Health:
    """Take the numbers; raise StoreError where the store does not answer."""
    with app.store.read() as connection:
        lists = {each.slug: each.confirmed for each in roster.lists(connection)}
    next_runs = {each.slug: _moment(app, f"next run of {each.slug}") for each in app.newsletters}
    return Health(
        at=now,
        vitals=vitals(app.store, now),
        tick=_moment(app, TICK),
        subscribers=lists,
        next_runs={slug: at for slug, at in next_runs.items() if at is not None},
    )


def _moment(app: App, name: str) -> datetime | None:
    value = app.store.meta.get(name)
    return datetime.fromisoformat(value) if value else None
