"""Opens the application for a command and closes it after; knows no command."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import click

    from digest.pipeline.app import App


@contextmanager
def opened(ctx: click.Context, *, read_only: bool = False) -> Iterator[App]:
    """Read the config, build the application, and close its store at the end.

    With ``read_only`` a database that is not there yet is not made, and one of another version stays as it is.
    """
    from digest.bootstrap import build
    from digest.cli import show
    from digest.cli.logs import start_logging
    from digest.config import find_config, read_config

    start_logging(ctx)
    config = read_config(find_config(ctx.find_root().obj))
    app = build(config, now=datetime.now(UTC), read_only=read_only)
    if app.store.upgraded_from:
        show.remark("the store was brought up to date; a version older than this one refuses it from now on")
    try:
        yield app
    finally:
        app.store.close()
