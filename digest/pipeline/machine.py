"""Whether the machine under an installation will do: room, clock, tables; changes nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from digest.errors import StoreError
from digest.pipeline.app import App
from digest.pipeline.vitals import TICK
from digest.store.revision import standing

#: Less room than this on the store's disk is a fault, in bytes.
LEAST_ROOM = 200_000_000
#: What there is to say of tables that are not this program's own.
STANDINGS = {
    "behind": "will be brought up to date at the next start; make a digest backup first",
    "newer": "was written by a newer version: install that one, or restore a backup made before it",
}
#: A clock that is behind what it noted before was set back.
SET_BACK = timedelta(minutes=5)


def machine(
    app: App, now: datetime, free: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free
) -> Iterator[tuple[str, bool, str]]:
    """Yield what was looked at, whether it is a fault, and what was found; ``now`` is the machine's own time."""
    room = free(next(each for each in (app.folder, *app.folder.parents) if each.exists()))
    if room < LEAST_ROOM:
        yield "disk", True, f"{room / 1e6:.0f} MB left; make room, a send writes down what it does"
    else:
        yield "disk", False, f"{room / 1e9:.1f} GB left"
    try:
        noted = app.store.meta.get(TICK)
        stands = standing(app.store)
    except StoreError as error:
        yield "store", True, str(error)
        return
    if noted and datetime.fromisoformat(noted) - now > SET_BACK:
        yield "clock", True, f"it says {now:%Y-%m-%d %H:%M} UTC, and said {noted[:16]} before: set it right"
    else:
        yield "clock", False, f"{now:%Y-%m-%d %H:%M} UTC"
    yield "store", stands == "newer", STANDINGS.get(stands, app.store.name)
