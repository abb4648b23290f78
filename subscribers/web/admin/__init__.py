"""The admin's pages of lists and people; who may see them is decided by whoever serves them."""

from __future__ import annotations

from subscribers.desk import Desk
from subscribers.web.admin.asked import Page
from subscribers.web.admin.importing import ImportPages
from subscribers.web.admin.jobs import Jobs
from subscribers.web.admin.keeping import KeepingPages
from subscribers.web.admin.lists import ListPages
from subscribers.web.admin.people import PeoplePages
from subscribers.web.admin.person import Deliveries, PersonPages


def pages(desk: Desk, deliveries: Deliveries, jobs: Jobs) -> list[Page]:
    """Return every page of lists and people."""
    return [
        *ListPages(desk).pages(),
        *PeoplePages(desk, jobs).pages(),
        *PersonPages(desk, deliveries).pages(),
        *ImportPages(desk, jobs).pages(),
        *KeepingPages(desk).pages(),
    ]
