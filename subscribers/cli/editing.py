"""The command that opens a list in an editor and applies the difference."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

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
    """Open a list in your editor as text, one person a line, and apply what you changed. Where it is not
    applied, what you wrote is kept in a file.

    \b
    For example:
      EDITOR=nano digest subscribers edit readers
    """
    with desk.read() as conn:
        before = text_of(slug, (each for each in roster.members(conn, slug) if each.state is not State.UNSUBSCRIBED))
    if not (sys.stdin.isatty() or os.environ.get("VISUAL") or os.environ.get("EDITOR")):
        raise click.UsageError("nobody is there to edit; `digest subscribers import` takes a file, `export` writes one")
    draft = Draft(slug, before)
    draft.edit()
    with draft.kept_unless_applied():
        wanted = _wanted(draft)
        if not wanted:
            click.echo("nothing was changed", err=True)
            return
        _tell(wanted)
        if not yes:
            demand_yes("Apply?")
        _apply(desk, slug, wanted)


class Draft:
    """A list as text in a person's hands."""

    def __init__(self, slug: str, before: str) -> None:
        self.slug, self.before, self.text = slug, before, before

    def edit(self) -> None:
        """Let the person edit what stands there by now."""
        after = click.edit(self.text, extension=".txt", require_save=False)
        self.text = self.text if after is None else after

    @contextmanager
    def kept_unless_applied(self) -> Iterator[None]:
        """Keep what was typed in a file and say where, whatever it is that ends the command: a no, Ctrl-C, a fault."""
        try:
            yield
        except BaseException:
            if self.text != self.before:
                self._keep()
            raise

    def _keep(self) -> None:
        for folder in (Path(), Path(tempfile.gettempdir())):
            with suppress(OSError):
                file = _write_new(folder, f"{self.slug}.edited", self.text)
                click.echo(f"what you wrote is kept in {file}; it holds addresses: delete it in the end", err=True)
                return
        lines = "\n".join(map(screen.clean, self.text.splitlines()))
        click.echo(f"what you wrote can be kept in no file; here it is:\n{lines}", err=True)


def _write_new(folder: Path, name: str, text: str) -> Path:
    """Write a new file that only its owner may read; raise OSError, and leave none, where that fails."""
    names = (f"{name}.txt" if number == 1 else f"{name}-{number}.txt" for number in count(1))
    file = next(free for each in names if not (free := folder / each).exists())
    number = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(number, "w", encoding="utf-8") as out:
            out.write(text)
    except OSError:
        file.unlink()
        raise
    return file


def _wanted(draft: Draft) -> Difference:
    """Let the person edit until every line can be read."""
    while True:
        try:
            return difference(draft.before, draft.text)
        except FileFault as fault:
            click.echo(str(fault), err=True)
            demand_yes("Edit again?", default=True)
            draft.edit()


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
