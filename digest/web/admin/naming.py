"""How an edition is named in the admin's addresses; knows no edition."""

from __future__ import annotations

from digest.errors import UsageError
from digest.pipeline.app import App
from digest.store import Stored
from subscribers.web.admin.asked import Asked

#: Where an edition's page is, without and with a slot.
PATHS = ("/editions/{newsletter}/{date}", "/editions/{newsletter}/{date}/{slot}")


def address(edition_id: str, view: str = "") -> str:
    """Return the address of an edition's page."""
    return f"/admin/editions/{edition_id}" + (f"?view={view}" if view else "")


def asked_for(app: App, asked: Asked) -> Stored:
    """Return the edition that an address's path names; raise StoreError where there is none."""
    parts = asked.request.path_params
    return app.store.editions.get(
        "/".join(str(parts[name]) for name in ("newsletter", "date", "slot") if name in parts)
    )


def posted(app: App, asked: Asked) -> Stored:
    """Return the edition that a form names; raise UsageError where somebody changed it since the form was shown."""
    stored = app.store.editions.get(asked.word("edition"))
    version = asked.word("version")
    if version and version != str(stored.version):
        raise UsageError("Somebody changed this edition while you looked at it. This is how it stands now; try again.")
    return stored
