"""The first page: each newsletter with its edition of today and its next runs; composes one where asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from starlette.responses import RedirectResponse, Response

from digest.pipeline.accounting import SendReport, tally
from digest.pipeline.app import App, Newsletter
from digest.pipeline.appointing import told
from digest.pipeline.composing import compose, find
from digest.schedule import upcoming
from digest.schedule.running import rule_of
from digest.store import Stored
from digest.web.admin.editions import LEFT
from digest.web.admin.naming import address
from subscribers.web.admin.asked import Asked, Page
from subscribers.web.admin.jobs import Jobs, Step


@dataclass(frozen=True, slots=True)
class Today:
    """One newsletter as it stands."""

    newsletter: Newsletter
    edition: Stored | None  #: of its date now; None where it is not composed yet
    last: Stored | None  #: the newest before that
    report: SendReport | None  #: of the edition of today, once it left
    next_run: datetime | None  #: in the newsletter's own zone
    wait: str  #: until then, in words
    goes_at: str  #: the time somebody chose for the edition, in words, '' for none


class OverviewPages:
    """The first page, and composing from it."""

    def __init__(self, app: App, jobs: Jobs) -> None:
        self._app, self._jobs = app, jobs

    def pages(self) -> list[Page]:
        """Return the pages."""
        return [Page("GET", "", "viewer", self.show), Page("POST", "/editions/compose", "editor", self.compose)]

    def show(self, asked: Asked) -> Response:
        """Show every newsletter."""
        now = asked.by["at"]
        return asked.show(
            "today", today=[self._today(each, now) for each in self._app.newsletters if asked.reach.touches(each.lists)]
        )

    def compose(self, asked: Asked) -> Response:
        """Ask the sources and compose the edition of today, while somebody watches."""
        newsletter = self._app.newsletter(asked.word("newsletter"))
        work = partial(self._compose, newsletter, asked.by["at"])
        date, slot = newsletter.date_and_slot(asked.by["at"])
        back = address("/".join(filter(None, (newsletter.slug, date.isoformat(), slot))))
        job = self._jobs.start(f"Composing {newsletter.masthead.title}", back, asked.who, work)
        return RedirectResponse(f"/admin/jobs/{job.id}", 303)

    def _today(self, newsletter: Newsletter, now: datetime) -> Today:
        edition = find(self._app, newsletter, now)
        others = [
            each for each in self._app.store.editions.list(newsletter.slug, 2) if not edition or each.id != edition.id
        ]
        due = next(iter(upcoming(rule_of(newsletter), now, newsletter.zone, 1)), None)
        left = edition is not None and edition.state in LEFT
        return Today(
            newsletter,
            edition,
            others[0] if others else None,
            tally(self._app.store, edition.id) if edition and left else None,
            due.at.astimezone(newsletter.zone) if due else None,
            in_words(due.at - now) if due else "",
            told(self._app, edition) if edition else "",
        )

    def _compose(self, newsletter: Newsletter, now: datetime) -> Iterator[Step]:
        total = len(newsletter.sources)
        yield 0, total, "asking the sources"
        composed = compose(self._app, newsletter, now)
        stories = len(composed.edition.stories) + len(composed.edition.brief)
        yield total, total, f"{stories} {'story' if stories == 1 else 'stories'}"


def in_words(span: timedelta) -> str:
    """Return a span of time as people say it: ``3 h 20 min``."""
    minutes = int(span.total_seconds()) // 60
    days, hours = minutes // 1440, minutes // 60 % 24
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"
