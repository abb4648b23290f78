"""Editions: those there were, and one of them with its stories, its looks or its sums; changes none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from starlette.responses import Response

from digest.model import EditionState, Story
from digest.pipeline import numbering, send
from digest.pipeline.accounting import carried
from digest.pipeline.aftermath import Aftermath, aftermath, aftermaths
from digest.pipeline.app import App
from digest.pipeline.appointing import told
from digest.pipeline.editing import OPEN, unshown
from digest.pipeline.sections import offered
from digest.store import Stored
from digest.web.admin.chart import Share, bars, share
from digest.web.admin.naming import PATHS, address, asked_for
from digest.web.admin.previews import VIEWS
from digest.web.admin.sendings import Sendings
from subscribers.web.admin.asked import Asked, Page

#: States of an edition on its way, or arrived.
LEFT = (
    EditionState.FROZEN,
    EditionState.SENDING,
    EditionState.PAUSED,
    EditionState.SENT,
    EditionState.CANCELLED,
)
SHOWN = 30


class EditionPages:
    """The list of editions, and the page of one."""

    def __init__(self, app: App, sendings: Sendings) -> None:
        self._app, self._sendings = app, sendings

    def pages(self) -> list[Page]:
        """Return the pages."""
        return [Page("GET", "/editions", "viewer", self.index), *(Page("GET", p, "viewer", self.show) for p in PATHS)]

    def index(self, asked: Asked) -> Response:
        """Show the last editions with what became of each."""
        newsletter = asked.query("newsletter")
        there = [each.slug for each in self._app.newsletters if asked.reach.touches(each.lists)]
        editions = self._app.store.editions.list(newsletter or None, SHOWN)
        if not asked.reach.is_whole:
            editions = tuple(each for each in editions if each.edition.newsletter in there)
        past = aftermaths(self._app, [each for each in editions if each.state in LEFT], asked.by["at"])
        oldest_first = [(each.edition.date, past[each.id]) for each in reversed(editions) if each.id in past]
        return asked.show(
            "editions",
            editions=editions,
            past=past,
            is_tracked=any(each.opened is not None or each.clicked is not None for each in past.values()),
            chart=bars([(day, each.report.planned, each.report.sent) for day, each in oldest_first]),
            shares=shares(oldest_first),
            newsletters=there,
            chosen=newsletter,
        )

    def show(self, asked: Asked) -> Response:
        """Show one edition: its stories while they can change, else how its send went; or how it looks."""
        stored = asked_for(self._app, asked)
        view = asked.query("view")
        is_working = self._sendings.is_working(stored.id)
        is_open = stored.state in OPEN and not is_working
        report = send.report(self._app.store, stored.id) if stored.state in LEFT or is_working else None
        decisions = self._app.store.corrections.history(stored.id) if is_open else ()
        sections = self._sections(stored.edition.newsletter) if view in VIEWS else ()
        return asked.show(
            "edition",
            stored=stored,
            edition=stored.edition,
            address=address(stored.id),
            is_open=is_open,
            view=view if view in VIEWS else "",
            views=VIEWS,
            goes_at=told(self._app, stored) if is_open else "",
            sections=sections,
            ticked=[name for name in asked.request.query_params.getlist("section") if name in sections],
            decisions=decisions[::-1],
            pins=self._pins(stored) if is_open else {},
            unshown=unshown(self._app, stored) if is_open and asked.query("reports") == "all" else None,
            headlines=numbering.headlines(self._app, stored, decisions),
            report=report,
            carried=carried(self._app.store, stored.id) if stored.state in LEFT else (),
            aftermath=aftermath(self._app, stored, asked.by["at"]) if stored.state in LEFT else None,
            transitions=self._app.store.editions.transitions(stored.id),
            fault=self._sendings.fault(stored.id),
            is_working=is_working,
            is_left=self._sendings.is_left(stored.id, stored.state),
            is_cut_short=report is not None and self._sendings.is_cut_short(report),
            lists=self._lists(stored.edition.newsletter),
            may_edit=asked.may_edit and asked.reach.covers(self._lists(stored.edition.newsletter)),
        )

    def _sections(self, slug: str) -> tuple[str, ...]:
        return next((offered(each) for each in self._app.newsletters if each.slug == slug), ())

    def _lists(self, slug: str) -> tuple[str, ...]:
        return next((each.lists for each in self._app.newsletters if each.slug == slug), ())

    def _pins(self, stored: Stored) -> dict[str, int]:
        """Return the decision that pinned each story, by the story's key."""
        pins = {key: each.id for each in self._app.store.corrections.history(stored.id) if each.what == "pin"
                for key in each.keys}  # fmt: skip
        return {story.key: pins[key] for story in every(stored) for key in keys(story) if key in pins}


def shares(past: Sequence[tuple[date, Aftermath]]) -> list[Share]:
    """Return small charts of what followed editions, of each kind that happened at all."""
    kinds: dict[str, Callable[[Aftermath], int | None]] = {
        "Unsubscribed": lambda each: each.left,
        "Bounced": lambda each: each.bounced,
        "Complained": lambda each: each.complained,
        "Opened": lambda each: each.opened,
        "Clicked": lambda each: each.clicked,
    }
    drawn = [
        share(title, [(day, count(each) or 0, each.of_sent(count(each) or 0)) for day, each in past])
        for title, count in kinds.items()
    ]
    return [each for each in drawn if each is not None]


def every(stored: Stored) -> tuple[Story, ...]:
    """Return the stories of an edition, those in brief last."""
    return numbering.every(stored.edition)


def keys(story: Story) -> Iterable[str]:
    """Return the keys of a story's articles."""
    return (article.key for article in story.articles)
