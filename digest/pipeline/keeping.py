"""Keep: throw away what is old and never what was sent; sends nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from digest.pipeline.app import App
from digest.pipeline.clearing import clear_pictures
from subscribers import clear_workplaces, roster

#: Who was asked to confirm and did nothing for so long is erased.
UNCONFIRMED_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Tidied:
    """What was thrown away."""

    articles: int
    checks: int  #: of sources
    people: int  #: who never confirmed
    pictures: int = 0  #: that no edition shows


def tidy(app: App, now: datetime, keep_days: int) -> Tidied:
    """Throw away articles, pictures and checks of sources older than ``keep_days``, and people who never confirmed.

    An edition keeps its own texts and its pictures. Files of people that a killed import left behind go, too.
    """
    before = now - timedelta(days=keep_days)
    with app.store.begin() as connection:
        people = roster.tidy(connection, now - UNCONFIRMED_FOR, at=now, how="config")
    articles, checks = app.store.articles.tidy(before), app.store.sources.tidy(before)
    app.store.written.tidy(before)
    clear_workplaces()  # of imports that were killed
    return Tidied(articles, checks, people, clear_pictures(app.store, app.pictures, before))
