"""An edition as readers will see it, alone in a frame where nothing runs; changes nothing."""

from __future__ import annotations

import re

from starlette.responses import HTMLResponse, PlainTextResponse, Response

from digest.model import Message
from digest.pipeline.app import App
from digest.pipeline.rendering import message_of, sample_recipient
from digest.render.slots import fill, fill_html
from digest.store import Stored
from digest.web.admin.naming import asked_for
from subscribers.web.admin.asked import Asked, Page

#: Ways to look at an edition, and what they are called.
VIEWS = {"desktop": "Desktop", "phone": "Phone", "dark": "Dark", "text": "Text"}

#: Somebody else's words are in it: no script, no form, no origin of ours, framed by our own page alone.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' https: data:; frame-ancestors 'self'; sandbox"

_DARK = re.compile(r"@media\s*\(\s*prefers-color-scheme\s*:\s*dark\s*\)")


class PreviewPages:
    """The contents of the preview's frame."""

    def __init__(self, app: App) -> None:
        self._app = app

    def pages(self) -> list[Page]:
        """Return the frame's page, for an edition without and with a slot."""
        paths = ("/preview/{newsletter}/{date}", "/preview/{newsletter}/{date}/{slot}")
        return [Page("GET", path, "viewer", self.show) for path in paths]

    def show(self, asked: Asked) -> Response:
        """Return the edition alone, as HTML or as text."""
        message = self._message(asked_for(self._app, asked))
        values = dict(sample_recipient(self._app, "reader@example.org").slots)
        headers = {"content-security-policy": POLICY, "x-frame-options": "SAMEORIGIN"}
        if asked.query("view") == "text":
            return PlainTextResponse(fill(message.text, values), headers=headers)
        html = in_scheme(fill_html(message.html, values), is_dark=asked.query("view") == "dark")
        return HTMLResponse(html, headers=headers)

    def _message(self, stored: Stored) -> Message:
        if stored.message is not None:
            return stored.message
        return message_of(self._app, self._app.newsletter(stored.edition.newsletter), stored.edition)


def in_scheme(html: str, *, is_dark: bool) -> str:
    """Return a mail as it looks in one colour scheme, whatever the admin's own is."""
    return _DARK.sub("@media all" if is_dark else "@media not all", html)
