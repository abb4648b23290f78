"""Past editions, as pages for everyone: nothing personal, nothing that runs; knows no subscriber."""

from __future__ import annotations

import re

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from digest.errors import StoreError
from digest.model import Edition, EditionState
from digest.pipeline.app import App
from digest.pipeline.desk import Desk
from digest.render import render
from digest.store import Stored

#: At most this many are listed, and this many are searched.
PAGE, SEARCHED = 100, 1000

#: The names of pictures that were made fit.
KEPT = re.compile(r"[0-9a-f]{24}\.(?:jpg|png)")

#: Only editions that readers have, or are getting, are shown.
SHOWN = (EditionState.SENDING, EditionState.PAUSED, EditionState.SENT)


def routes(app: App, desk: Desk) -> list[BaseRoute]:
    """Return the routes of the archive, its feed and its pictures."""

    def index(request: Request) -> Response:
        wanted = request.query_params.get("q", "").strip()[:100]
        found = [each for each in shown(app) if matches(each.edition, wanted)]
        language = app.newsletters[0].masthead.language if app.newsletters else "en"
        return HTMLResponse(
            desk.render(
                "public/archive.html",
                editions=[row(each) for each in found[:PAGE]],
                title=title(app),
                language=language,
                wanted=wanted,
                indexed=app.indexed,
            )
        )

    def edition(request: Request) -> Response:
        stored = _named(app, request)
        if stored is None:
            return PlainTextResponse("no such edition", status_code=404)
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

        editions = [stored.edition for stored in shown(app)[:PAGE]]
        written = atom(editions, title=title(app), base_url=app.sender.links_url)
        return Response(written, media_type="application/atom+xml")

    return [
        Route("/", index),
        Route("/editions.atom", feed),
        Route("/pictures/{name}", photograph),
        Route("/editions/{newsletter}/{date}/card.png", picture),
        Route("/editions/{newsletter}/{date}/{slot}/card.png", picture),
        Route("/editions/{newsletter}/{date}", edition),
        Route("/editions/{newsletter}/{date}/{slot}", edition),
    ]


def robots(app: App) -> dict[str, str]:
    """Return what search engines are told about a page."""
    return {} if app.indexed else {"X-Robots-Tag": "noindex"}


def title(app: App) -> str:
    """Return the archive's title: the newsletter's, where there is one."""
    return app.newsletters[0].masthead.title if len(app.newsletters) == 1 else "Editions"


def shown(app: App) -> list[Stored]:
    """Return the last editions that readers have, newest first."""
    return [each for each in app.store.editions.list(None, SEARCHED) if each.state in SHOWN]


def matches(edition: Edition, wanted: str) -> bool:
    """Tell whether every word that is wanted stands in one of the edition's headlines or its date."""
    text = " ".join(
        [edition.date.isoformat(), *(story.title for story in (*edition.stories, *edition.brief))]
    ).casefold()
    return all(word in text for word in wanted.casefold().split())


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


def row(stored: Stored) -> dict[str, str]:
    """Return what the archive lists of one edition."""
    edition = stored.edition
    return {
        "address": f"/editions/{edition.id}",
        "newsletter": edition.masthead.title,
        "date": edition.date.isoformat(),
        "day": format_date(edition.date, "full", locale=locale(edition.masthead.language)),
        "headline": edition.lead.title,
        "language": edition.masthead.language,
        "stories": str(len(edition.stories)),
    }


def locale(language: str) -> Locale:
    """Return the locale of a BCP 47 tag, English for one that is not known."""
    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")
