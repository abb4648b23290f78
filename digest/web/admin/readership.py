"""How many people an edition would go to, told beside its buttons once the page is there; sends nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from threading import Lock

from starlette.responses import Response

from digest.errors import UsageError
from digest.pipeline.app import App
from digest.pipeline.publishing import SATURDAY
from digest.store import Stored
from subscribers import roster
from subscribers.web.admin.asked import Asked, Page

#: Counting a million people takes 0.4 s: nobody needs it anew at every look.
HOLDS = timedelta(minutes=1)


class ReadershipPages:
    """The line that says it."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._lock = Lock()
        self._counted: dict[tuple[tuple[str, ...], bool], tuple[datetime, int]] = {}

    def pages(self) -> list[Page]:
        """Return the line, as a part of a page."""
        return [Page("GET", "/readership", "editor", self.show)]

    def show(self, asked: Asked) -> Response:
        """Say to how many people an edition would go."""
        stored = self._app.store.editions.get(asked.query("edition"))
        lists = self._app.newsletter(stored.edition.newsletter).lists
        if not asked.reach.covers(lists):
            raise UsageError("it goes to lists that others keep too")
        return asked.show("readership", people=self._people(stored, lists, asked.by["at"]), lists=lists)

    def _people(self, stored: Stored, lists: tuple[str, ...], now: datetime) -> int:
        weekend = stored.edition.date.weekday() >= SATURDAY
        with self._lock:  # one count at a time, however many look
            at, people = self._counted.get((lists, weekend), (None, 0))
            if at is None or now - at > HOLDS:
                with self._app.store.read() as connection:
                    people = roster.audience_count(connection, lists, weekend=weekend)
                self._counted[lists, weekend] = (now, people)
        return people
