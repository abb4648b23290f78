"""The sources and how they are doing; asks none."""

from __future__ import annotations

from starlette.responses import Response

from digest.errors import UsageError
from digest.model import SourceState
from digest.pipeline.app import App
from digest.pipeline.introducing import all_introduced, introduced
from subscribers.web.admin.asked import Asked, Page

#: Checks shown of one source.
SHOWN = 30


class SourcePages:
    """The page of all sources, and one of each."""

    def __init__(self, app: App) -> None:
        self._app = app

    def pages(self) -> list[Page]:
        """Return the pages."""
        return [Page("GET", "/sources", "viewer", self.index), Page("GET", "/sources/{source}", "viewer", self.show)]

    def index(self, asked: Asked) -> Response:
        """Show every source with its last check, those in trouble first."""
        states = self._app.store.sources.states(each.slug for each in self._app.sources)
        there = all_introduced(self._app.sources, states)
        rows = [(each, states.get(each.slug), health(states.get(each.slug))) for each in there]
        rows.sort(key=lambda row: row[2] not in ("failed", "gone"))
        return asked.show("sources", rows=rows)

    def show(self, asked: Asked) -> Response:
        """Show one source with its last checks."""
        slug = asked.part("source")
        source = next((each for each in self._app.sources if each.slug == slug), None)
        if source is None:
            raise UsageError(f'no source "{slug}" in config.toml')
        state = self._app.store.sources.states([slug]).get(slug)
        history = self._app.store.sources.history(slug, SHOWN)
        newsletters = (each for each in self._app.newsletters if asked.reach.touches(each.lists))
        used = [each.masthead.title for each in newsletters if source in each.sources]
        shown = introduced(source, state)
        return asked.show("source", source=shown, state=state, health=health(state), history=history, used=used)


def health(state: SourceState | None) -> str:
    """Return how a source is doing, in one word."""
    if state is None or state.checked_at is None:
        return "not asked yet"
    if state.is_gone:
        return "gone"
    return "failed" if state.error else "ok"
