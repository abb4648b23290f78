"""The subscribe form: one answer for every address, whether it is known or not."""

from __future__ import annotations

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from subscribers import roster
from subscribers.desk import Desk
from subscribers.errors import AddressFault, UnknownList
from subscribers.model import Newsletter
from subscribers.web.answers import Page, by_reader, form_of, in_thread, newsletter_named, root_of
from subscribers.web.rate import Rate

#: A field that people do not see and programs fill in.
HONEYPOT = "website"


class Subscribing:
    """Serves ``/subscribe`` and ``/subscribe/{newsletter}``."""

    def __init__(self, desk: Desk, rate: Rate) -> None:
        self._desk = desk
        self._rate = rate

    def routes(self) -> list[Route]:
        """Return the form and its act, for the only newsletter and for a named one."""
        return [
            Route(path, self.show if method == "GET" else self.ask, methods=[method])
            for path in ("/subscribe", "/subscribe/{newsletter}")
            for method in ("GET", "POST")
        ]

    def show(self, request: Request) -> Response:
        """Show the form; it may stand in a frame of another site."""
        newsletter = self._newsletter(request)
        page = Page(self._desk, newsletter, root_of(request))
        if newsletter is None:
            return page.answer("choose", newsletters=self._desk.newsletters())
        return page.answer("subscribe", is_embeddable=True, fault="", address="", name="")

    async def ask(self, request: Request) -> Response:
        """Write the wish down; what becomes of it is looked at after the answer has gone."""
        form = {name: values[0] for name, values in (await form_of(request)).items()}
        return await in_thread(self._ask, request, form)

    def _ask(self, request: Request, form: dict[str, str]) -> Response:
        newsletter = self._newsletter(request)
        page = Page(self._desk, newsletter, root_of(request))
        if newsletter is None or not newsletter.lists:
            return page.message("link_title", "link_text", status=404)
        by = by_reader(self._desk, request, "form")
        if not self._rate.allows(by.get("source", ""), by["at"]):
            return page.message("busy_title", "busy_text", status=429)
        address = form.get("email", "").strip()
        if not form.get(HONEYPOT):
            try:
                with self._desk.begin() as conn:
                    roster.ask(conn, newsletter.lists[0], address, name=form.get("name", ""), **by)
            except AddressFault:
                fault = page.words("fault_address")
                context = {"fault": fault, "address": address[:320], "name": form.get("name", "")[:200]}
                return page.answer("subscribe", status=422, is_embeddable=True, **context)
            except UnknownList:
                return page.message("link_title", "link_text", status=404)
        answer = page.message("look_title", "look_text", newsletter=newsletter.title)
        # What comes after must not be timed by asking again on the same connection.
        answer.headers["connection"] = "close"
        answer.background = BackgroundTask(self._settle)
        return answer

    def _settle(self) -> None:
        with self._desk.begin() as conn:
            roster.settle(conn)

    def _newsletter(self, request: Request) -> Newsletter | None:
        slug = request.path_params.get("newsletter")
        if slug is not None:
            return newsletter_named(self._desk, slug)
        each = self._desk.newsletters()
        return each[0] if len(each) == 1 else None
