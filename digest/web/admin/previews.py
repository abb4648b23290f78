"""An edition as readers will see it, alone in a frame where nothing runs; changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from starlette.responses import HTMLResponse, PlainTextResponse, Response

from digest.model import Message
from digest.pipeline.app import App
from digest.pipeline.rendering import message_of, sample_recipient
from digest.pipeline.sections import cut_to, offered, relevant
from digest.render.scheme import in_scheme
from digest.render.slots import fill, fill_html
from digest.store import Stored
from digest.web.admin.naming import asked_for
from subscribers.web.admin.asked import Asked, Page

#: Ways to look at an edition, and what they are called.
VIEWS = {"desktop": "Desktop", "phone": "Phone", "dark": "Dark", "text": "Text"}

#: Somebody else's words are in it: no script, no form, no origin of ours, framed by our own page alone.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' https: data:; frame-ancestors 'self'; sandbox"


class PreviewPages:
    """The contents of the preview's frame."""

    def __init__(self, app: App) -> None:
        self._app = app

    def pages(self) -> list[Page]:
        """Return the frame's page, for an edition without and with a slot."""
        paths = ("/preview/{newsletter}/{date}", "/preview/{newsletter}/{date}/{slot}")
        return [Page("GET", path, "viewer", self.show) for path in paths]

    def show(self, asked: Asked) -> Response:
        """Return the edition alone, as HTML or as text: the whole, or what a choice of sections gets of it."""
        sections = asked.request.query_params.getlist("section")
        headers = {"content-security-policy": POLICY, "x-frame-options": "SAMEORIGIN"}
        message = message_for(self._app, asked_for(self._app, asked), sections)
        if message is None:
            return PlainTextResponse(
                "Who chose only these sections gets no mail: there is no story of them.", headers=headers
            )
        values = dict(sample_recipient(self._app, "reader@example.org").slots)
        if asked.query("view") == "text":
            return PlainTextResponse(fill(message.text, values), headers=headers)
        html = in_scheme(fill_html(message.html, values), is_dark=asked.query("view") == "dark")
        return HTMLResponse(html, headers=headers)


def message_for(app: App, stored: Stored, sections: Sequence[str]) -> Message | None:
    """Return what those get who chose these sections, all of it for none; None where there is no story for them."""
    if stored.message is not None:
        return carried(stored.message, app.store.editions.messages(stored.id).values(), sections)
    newsletter = app.newsletter(stored.edition.newsletter)
    wanted = relevant(sections, offered(newsletter))
    edition = cut_to(stored.edition, wanted) if wanted else stored.edition
    return message_of(app, newsletter, edition) if edition else None


def carried(whole: Message, frozen: Iterable[Message], sections: Iterable[str]) -> Message:
    """Return what was frozen for a choice of sections: the whole edition where it was too rare for a variant."""
    wanted = tuple(sorted(sections))
    return next((each for each in frozen if wanted and each.sections == wanted), whole)
