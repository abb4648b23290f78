"""Past editions, as pages for everyone: nothing personal, nothing that runs; knows no subscriber."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from digest.errors import StoreError
from digest.model import Edition
from digest.pipeline.app import App
from digest.render import render, template_folders, text
from digest.render.environment import Templates
from digest.render.words import Language, language, spoken
from digest.store import SHOWN, Listed, Stored
from subscribers.web.numbers import number_of

#: So many are listed on a page, and so many come in the feed.
PAGE, FEED = 50, 30

#: The names of pictures that were made fit.
KEPT = re.compile(r"[0-9a-f]{24}\.(?:jpg|png)")


def routes(app: App) -> list[BaseRoute]:
    """Return the routes of the archive, its feed, its pictures and its icon."""

    def index(request: Request) -> Response:
        return HTMLResponse(archive(app, request.query_params.get("q", ""), request.query_params.get("page", "")))

    def edition(request: Request) -> Response:
        stored = _named(app, request)
        if stored is None:
            return nothing_here(app, "edition")
        return HTMLResponse(page(app, stored.edition), headers=robots(app))

    def picture(request: Request) -> Response:
        from digest.render.card import card

        stored = _named(app, request)
        if stored is None:
            return PlainTextResponse("no such edition", status_code=404)
        return Response(card(stored.edition), media_type="image/png", headers={"Cache-Control": "max-age=86400"})

    def photograph(request: Request) -> Response:
        name = request.path_params["name"]
        file = app.pictures / name
        if not KEPT.fullmatch(name) or not file.is_file():
            return PlainTextResponse("no such picture", status_code=404)
        kind = "image/png" if name.endswith("png") else "image/jpeg"
        lasting = {"Cache-Control": "public, max-age=31536000, immutable"}
        return Response(file.read_bytes(), media_type=kind, headers=lasting)

    def feed(_request: Request) -> Response:
        from digest.render.feed import atom

        editions = [app.store.editions.get(each.id).edition for each in app.store.published.page(limit=FEED)]
        written = atom(editions, title=title(app), base_url=app.sender.links_url)
        return Response(written, media_type="application/atom+xml")

    def icon(_request: Request) -> Response:
        return Response(
            _file("public/icon.svg", app.templates).read_bytes(),
            media_type="image/svg+xml",
            headers={"Cache-Control": "max-age=86400"},
        )

    def favicon(_request: Request) -> Response:
        return RedirectResponse("/icon.svg", status_code=301)

    return [
        Route("/", index),
        Route("/icon.svg", icon),
        Route("/favicon.ico", favicon),
        Route("/editions.atom", feed),
        Route("/pictures/{name}", photograph),
        Route("/editions/{newsletter}/{date}/card.png", picture),
        Route("/editions/{newsletter}/{date}/{slot}/card.png", picture),
        Route("/editions/{newsletter}/{date}", edition),
        Route("/editions/{newsletter}/{date}/{slot}", edition),
    ]


def nothing_here(app: App, absent: str) -> HTMLResponse:
    """Return the archive to whoever asked for what is not there."""
    return HTMLResponse(archive(app, absent=absent), status_code=404, headers={"X-Robots-Tag": "noindex"})


def archive(app: App, wanted: str = "", number: str = "", *, absent: str = "") -> str:
    """Return a page of the archive: of all editions, or of those whose headlines have the words that are wanted.

    ``absent`` is what was asked for and is not there: ``edition``, ``page``, or ``''`` for nothing.
    """
    wanted = text.printable(wanted).strip()[:100]
    this = min(number_of(number) or 1, 10**6)
    found = app.store.published.page(wanted, limit=PAGE + 1, offset=(this - 1) * PAGE)
    words = words_of(app)
    values = {
        "language": words.tag,
        "direction": words.direction,
        "title": title(app),
        "wanted": wanted,
        "absent": absent,
        "indexed": app.indexed and not absent,
        "editions": [row(each) for each in found[:PAGE]],
        "newer": address(wanted, this - 1) if this > 1 else "",
        "older": address(wanted, this + 1) if len(found) > PAGE else "",
    }
    return Templates(words, app.templates).run("public/archive.html", values)


def address(wanted: str, number: int) -> str:
    """Return the address of a page of the archive."""
    asked = {"q": wanted} if wanted else {}
    asked |= {"page": str(number)} if number > 1 else {}
    return f"/?{urlencode(asked)}" if asked else "/"


def _file(name: str, own: Path | None) -> Path:
    """Return a file of the templates, the user's own first."""
    return next(file for folder in template_folders(own) if (file := folder / name).is_file())


def robots(app: App) -> dict[str, str]:
    """Return what search engines are told about a page."""
    return {} if app.indexed else {"X-Robots-Tag": "noindex"}


def words_of(app: App) -> Language:
    """Return the language of the archive: that of the first newsletter whose language the designs speak."""
    return spoken(*(each.masthead.language for each in app.newsletters))


def title(app: App) -> str:
    """Return the archive's title: the newsletter's, where there is one."""
    if len(app.newsletters) == 1:
        return app.newsletters[0].masthead.title
    return words_of(app).gettext("Past editions")


def _named(app: App, request: Request) -> Stored | None:
    """Return the edition that an address names, None where it is not there or not yet sent."""
    parts = (request.path_params.get(part, "") for part in ("newsletter", "date", "slot"))
    try:
        stored = app.store.editions.get("/".join(filter(None, parts)))
    except StoreError:
        return None
    return stored if stored.state in SHOWN else None


def page(app: App, edition: Edition) -> str:
    """Return the edition as a page, in its newsletter's design."""
    design = next((each.design for each in app.newsletters if each.slug == edition.newsletter), "morning")
    return render(edition, design=design, overrides=app.templates, web=True, indexed=app.indexed).html


def row(listed: Listed) -> dict[str, str]:
    """Return what the archive lists of one edition."""
    words = language(listed.language)
    return {
        "address": f"/editions/{listed.id}",
        "newsletter": listed.title,
        "date": listed.date.isoformat(),
        "day": words.day(listed.date),
        "headline": text.headline(listed.headline).replace(text.GUARD, ""),
        "language": listed.language,
        "direction": words.direction,
    }
