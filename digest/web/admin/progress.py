"""A send's progress as it happens, told as server-sent events; knows no sender."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import asdict

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from digest.pipeline.accounting import tally
from digest.pipeline.app import App
from digest.web.admin.naming import asked_for
from digest.web.admin.sendings import Sendings
from subscribers.web.admin.asked import Asked, Page

#: Seconds between two looks at the ledger, and looks an answer lasts: then the browser asks anew by itself,
#: so that no open page keeps a server from stopping.
EVERY, LOOKS = 0.5, 20


class ProgressPages:
    """The stream that a send's page listens to."""

    def __init__(self, app: App, sendings: Sendings) -> None:
        self._app, self._sendings = app, sendings

    def pages(self) -> list[Page]:
        """Return the stream, for an edition without and with a slot."""
        paths = ("/progress/{newsletter}/{date}", "/progress/{newsletter}/{date}/{slot}")
        return [Page("GET", path, "viewer", self.stream) for path in paths]

    def stream(self, asked: Asked) -> Response:
        """Tell the sums whenever they change, until the send ends."""
        name = asked_for(self._app, asked).id
        return StreamingResponse(self._told(name), media_type="text/event-stream")

    async def _told(self, name: str) -> AsyncIterator[str]:
        before = ""
        for _ in range(LOOKS):
            now = await run_in_threadpool(self._sums, name)
            yield f"retry: 1000\nevent: progress\ndata: {now}\n\n" if now != before else ": still\n\n"
            told = json.loads(now)
            if told["state"] != "sending" and not told["working"]:
                return
            before = now
            await asyncio.sleep(EVERY)

    def _sums(self, name: str) -> str:
        sums = asdict(tally(self._app.store, name))
        wanted = ("state", "planned", "sent", "rejected", "suppressed", "uncertain", "cancelled", "unsent")
        return json.dumps({key: sums[key] for key in wanted} | {"working": self._sendings.is_working(name)})
