"""A process that imports a file and says a line after each transaction, to be killed by a test."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from digest.store import Store
from subscribers.importing.run import Options, run
from subscribers.importing.staging import stage


def main(url: str, file: str) -> None:
    """Import the file into the list ``daily``."""
    store = Store.open(url)
    with TemporaryDirectory() as folder:
        staged = stage(Path(file), Path(folder))
        for progress in run(store.begin, staged, "daily", Options(), now=lambda: datetime.now(UTC)):
            click.echo(progress.done)
    click.echo("finished")


main(*sys.argv[1:])
