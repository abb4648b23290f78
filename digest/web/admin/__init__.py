"""The admin: sign-in, editions, sends, sources, settings, and the pages of lists and people."""

from __future__ import annotations

from starlette.routing import BaseRoute

from digest.pipeline.desk import Desk
from digest.web.admin import assets
from digest.web.admin.accounts import AccountPages
from digest.web.admin.deliveries import deliveries
from digest.web.admin.gate import Gate
from digest.web.admin.login import Login
from subscribers.web.admin import pages as people_pages
from subscribers.web.admin.asked import Page

#: The pages that every page leads to.
NAV = (
    ("/admin/people", "People"),
    ("/admin/lists", "Lists"),
    ("/admin/suppressions", "Suppressions"),
    ("/admin/log", "Log"),
)


def pages(desk: Desk) -> list[Page]:
    """Return every page that needs a sign-in."""
    return [*AccountPages(desk).pages(), *people_pages(desk, deliveries(desk))]


def routes(desk: Desk) -> list[BaseRoute]:
    """Return the routes of the admin."""
    gate = Gate(desk, NAV)
    guarded = [gate.route(page) for page in pages(desk)]
    return [*assets.routes(desk.app.templates), *Login(desk, gate).routes(), *guarded]
