"""The admin: sign-in, editions, sends, sources, settings, and the pages of lists and people."""

from __future__ import annotations

from starlette.routing import BaseRoute

from digest.pipeline.desk import Desk
from digest.web.admin import assets
from digest.web.admin.accounts import AccountPages
from digest.web.admin.confirming import Confirming
from digest.web.admin.deliveries import deliveries
from digest.web.admin.editing import EditingPages
from digest.web.admin.editions import EditionPages
from digest.web.admin.gate import Gate
from digest.web.admin.login import Login
from digest.web.admin.overview import OverviewPages
from digest.web.admin.previews import PreviewPages
from digest.web.admin.progress import ProgressPages
from digest.web.admin.readership import ReadershipPages
from digest.web.admin.resending import ResendPages
from digest.web.admin.sendings import Sendings
from digest.web.admin.settings import SettingPages
from digest.web.admin.sources import SourcePages
from digest.web.admin.stepping import SecondStepPages
from digest.web.admin.tokens import TokenPages
from subscribers.web.admin import pages as people_pages
from subscribers.web.admin.asked import Page
from subscribers.web.admin.jobs import Jobs

#: The pages that every page leads to.
NAV = (
    ("/admin", "Today"),
    ("/admin/editions", "Editions"),
    ("/admin/people", "People"),
    ("/admin/lists", "Lists"),
    ("/admin/sources", "Sources"),
    ("/admin/newsletters", "Schedule"),
    ("/admin/suppressions", "Suppressions"),
    ("/admin/log", "Log"),
    ("/admin/settings", "Settings"),
)


def pages(desk: Desk, sendings: Sendings | None = None) -> list[Page]:
    """Return every page that needs a sign-in; the order decides where two paths fit."""
    app, jobs, sendings = desk.app, Jobs(), sendings or Sendings(desk.app)
    confirming = Confirming(desk)
    return [
        *OverviewPages(app, jobs).pages(),
        *EditingPages(desk, sendings).pages(),
        *EditionPages(app, sendings).pages(),
        *PreviewPages(app).pages(),
        *ProgressPages(app, sendings).pages(),
        *ReadershipPages(app).pages(),
        *ResendPages(desk, sendings).pages(),
        *SourcePages(app).pages(),
        *SettingPages(app).pages(),
        *AccountPages(desk, confirming).pages(),
        *SecondStepPages(desk, confirming).pages(),
        *TokenPages(desk).pages(),
        *people_pages(desk, deliveries(desk), jobs),
    ]


def routes(desk: Desk, sendings: Sendings) -> list[BaseRoute]:
    """Return the routes of the admin."""
    gate = Gate(desk, NAV)
    guarded = [gate.route(page) for page in pages(desk, sendings)]
    return [*assets.routes(desk.app.templates), *Login(desk, gate).routes(), *guarded]
