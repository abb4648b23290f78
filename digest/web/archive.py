"""Past editions, as pages for everyone: nothing personal, nothing that runs; knows no subscriber."""

from __future__ import annotations

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

#: Only editions that readers have, or are getting, are shown.
SHOWN = (EditionState.SENDING, EditionState.PAUSED, EditionState.SENT)


def routes(app: App, desk: Desk) -> list[BaseRoute]:
    """Return the routes of the archive."""

    def index(_request: Request) -> Response:
        shown = [row(each) for each in app.store.editions.list(None, 200) if each.state in SHOWN]
        title = app.newsletters[0].masthead.title if len(app.newsletters) == 1 else "Editions"
        language = app.newsletters[0].masthead.language if app.newsletters else "en"
        return HTMLResponse(desk.render("public/archive.html", editions=shown, title=title, language=language))

    def edition(request: Request) -> Response:
        name = "/".join(
            request.path_params[part] for part in ("newsletter", "date", "slot") if part in request.path_params
        )
        try:
            stored = app.store.editions.get(name)
        except StoreError:
            return PlainTextResponse("no such edition", status_code=404)
        if stored.state not in SHOWN:
            return PlainTextResponse("no such edition", status_code=404)
        return HTMLResponse(page(app, stored.edition), headers={"X-Robots-Tag": "noindex"})

    return [
        Route("/", index),
        Route("/editions/{newsletter}/{date}", edition),
        Route("/editions/{newsletter}/{date}/{slot}", edition),
    ]


def page(app: App, edition: Edition) -> str:
    """Return the edition as a page, in its newsletter's design."""
    design = next((each.design for each in app.newsletters if each.slug == edition.newsletter), "morning")
    return render(edition, design=design, overrides=app.templates, web=True).html


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
