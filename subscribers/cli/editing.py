"""The command that opens a list in an editor and applies the difference."""

from __future__ import annotations

import os
import sys

import click

from subscribers import roster
from subscribers.cli import show as screen
from subscribers.cli.asking import demand_yes
from subscribers.desk import Desk
from subscribers.editing import Difference, difference, text_of
from subscribers.errors import FileFault
from subscribers.model import State


@click.command()
@click.argument("slug", metavar="LIST")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def edit(desk: Desk, slug: str, yes: bool) -> None:
    """Open a list in your editor as text, one person a line, and apply what you changed.

    \b
    For example:
      EDITOR=nano digest subscribers edit readers
    """
    with desk.read() as conn:
        before = text_of(slug, (each for each in roster.members(conn, slug) if each.state is not State.UNSUBSCRIBED))
    if not (sys.stdin.isatty() or os.environ.get("VISUAL") or os.environ.get("EDITOR")):
        raise click.UsageError("nobody is there to edit; `digest subscribers import` takes a file, `export` writes one")
    wanted = _edited(before)
    if not wanted:
        click.echo("nothing was changed", err=True)
        return
    _tell(wanted)
    if not yes:
        demand_yes("Apply?")
    _apply(desk, slug, wanted)


def _edited(before: str) -> Difference:
    """Let the person edit until every line can be read."""
    text = before
    while True:
        after = click.edit(text, extension=".txt", require_save=False)
        try:
            return difference(before, before if after is None else after)
        except FileFault as fault:
            click.echo(str(fault), err=True)
            demand_yes("Edit again?", default=True)
            text = after or before


def _tell(wanted: Difference) -> None:
    for line in wanted.removed:
        click.echo(screen.clean(f"- {line.address}  {line.name}".rstrip()))
    for line in wanted.added:
        click.echo(screen.clean(f"+ {line.address}  {line.name}".rstrip()))
    for old, new in wanted.renamed:
        click.echo(screen.clean(f"~ {old.address}  {old.name or '(no name)'} → {new.name or '(no name)'}"))


def _apply(desk: Desk, slug: str, wanted: Difference) -> None:
    by = screen.by_command(desk, "editor")
    kept_off = 0
    with desk.begin() as conn:
        for line in wanted.removed:
            roster.remove(conn, slug, line.address, **by)
        for line in wanted.added:
            added = roster.add(conn, slug, line.address, name=line.name, **by)
            if added.status in ("left", "suppressed"):
                kept_off += 1
                click.echo(f"{line.address}: not added, {_why(added.status)}", err=True)
        for _, line in wanted.renamed:
            roster.rename(conn, line.address, line.name, **by)
    click.echo(f"{len(wanted.added) - kept_off} added, {len(wanted.removed)} removed, {len(wanted.renamed)} renamed")


def _why(status: str) -> str:
    return "they left this list" if status == "left" else "suppressed"
