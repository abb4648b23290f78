"""Record: what somebody does, and its entry in the log that the admin shows, in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from digest.pipeline.app import App
from digest.store.acting import Acting
from subscribers import By, audit


@contextmanager
def recorded(app: App, by: By, what: str, detail: str) -> Iterator[App]:
    """Give the application to do something with, whose first change takes its entry in the log with it.

    A death at any moment leaves the act with its entry or neither; of an act of several transactions the entry comes
    with the first. Where something is raised before, nothing is written; where nothing had to be changed, the
    entry alone. The detail names accounts, tokens and editions, never a secret.
    """
    store = Acting(app.store, lambda connection: audit.write(connection, what, detail=detail, **by))
    yield replace(app, store=store)
    store.end()
