"""digest store: what concerns the database as a whole."""

from __future__ import annotations

import os
from contextlib import closing

import click

from digest.cli import show
from digest.cli.opening import opened


@click.group()
def store() -> None:
    """See to the database as a whole.

    \b
    Example:
      digest store move postgresql://news@db.example/broadsheet
    """


@store.command(short_help="Copy everything into the empty database at URL.")
@click.argument("url", metavar="URL")
@click.pass_context
def move(ctx: click.Context, url: str) -> int:
    """Copy everything into the empty database at URL and check the counts; the old store stays as it
    is. Stop digest serve first, and change the config's url afterwards. A password is taken from
    BROADSHEET_STORE_PASSWORD.

    \b
    Examples:
      digest store move postgresql://news@db.example/broadsheet
      digest store move sqlite:///copy/digest.db
    """
    from digest.bootstrap import with_password
    from digest.store import Store
    from digest.store.moving import move as move_store

    target = Store.open(with_password(url, os.environ.get("BROADSHEET_STORE_PASSWORD", "")))
    with opened(ctx) as app, closing(target):
        moved = move_store(app.store, target)
        for table in moved:
            if table.rows:
                click.echo(f"{table.table}\t{table.rows}")
        show.remark(f"{sum(table.rows for table in moved)} rows copied; now set url in [store] to {url}")
    return 0
