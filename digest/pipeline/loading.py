"""Load: the sample readers into an empty list; knows no file format."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from digest.pipeline.app import App
from subscribers import load_file, roster


def load_samples(app: App, file: Path, now: datetime) -> int:
    """Import ``file`` into the first newsletter's first list where nobody is on it; return how many are."""
    slug = app.newsletters[0].lists[0]
    with app.store.read() as connection:
        number = roster.audience_count(connection, (slug,))
    if number:
        return number
    load_file(app.store.begin, file, slug, now=lambda: now, who="samples")
    with app.store.read() as connection:
        return roster.audience_count(connection, (slug,))
