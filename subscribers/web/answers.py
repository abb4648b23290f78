"""Answers of readers' pages: their headers, templates and words; knows no rule."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from subscribers.desk import Desk
from subscribers.model import By, How, Newsletter
from subscribers.web.words import words_of

#: A form of ours is far smaller; more is not read.
MOST_BYTES = 16_384

_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors "
_HEADERS = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",  # the address of a page is a signed link: no other site may learn it
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
}


class Page:
    """Renders one of the readers' pages in a newsletter's language."""

    def __init__(self, desk: Desk, newsletter: Newsletter | None, root: str = "") -> None:
        self._desk = desk
        self._newsletter = newsletter
        self._root = root
        # A link that says nothing was still meant for a reader of ours.
        spoken = newsletter or next(iter(desk.newsletters()), None)
        self.words = words_of(spoken.language if spoken else "en")

    def answer(self, template: str, *, status: int = 200, is_embeddable: bool = False, **context: Any) -> Response:
        """Return the page of a template, ``leave`` for ``templates/public/leave.html``."""
        html = self._desk.render(
            f"public/{template}.html",
            words=self.words,
            newsletter=self._newsletter,
            root=self._root,
            **context,
        )
        policy = _POLICY + ("*" if is_embeddable else "'none'")
        return HTMLResponse(html, status, {**_HEADERS, "content-security-policy": policy})

    def message(self, title: str, text: str, *, status: int = 200, **values: str) -> Response:
        """Return a page that says one thing, by the names of its words."""
        says = self.words
        return self.answer("message", status=status, title=says(title, **values), text=says(text, **values))


async def form_of(request: Request) -> dict[str, list[str]]:
    """Return a posted form's values by name; one that is too long or no form at all is empty."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            return {}
    found: dict[str, list[str]] = {}
    try:
        for name, value in parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=100):
            found.setdefault(name, []).append(value.replace("\x00", ""))  # PostgreSQL keeps none
    except ValueError:
        return {}
    return found


def by_reader(desk: Desk, request: Request, how: How) -> By:
    """Return who acts: a reader, now, from their network address."""
    return By(at=desk.now(), how=how, source=request.client.host if request.client else "")


def newsletter_named(desk: Desk, slug: str) -> Newsletter | None:
    """Return the newsletter of this name."""
    return next((each for each in desk.newsletters() if each.slug == slug), None)


def root_of(request: Request) -> str:
    """Return the path that the application is mounted under, '' for none."""
    return str(request.scope.get("root_path", "")).rstrip("/")


in_thread = run_in_threadpool
