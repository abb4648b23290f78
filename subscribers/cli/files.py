"""The commands that read and write files of people."""

from __future__ import annotations

import os
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import click

from subscribers import csvfile, roster
from subscribers.cli import show as screen
from subscribers.cli.asking import demand_yes
from subscribers.cli.progress import shown
from subscribers.desk import Desk
from subscribers.importing.run import ASKED, Options, preview, run
from subscribers.importing.staging import Staged, stage
from subscribers.importing.workplace import workplace

_SHOWN_FAULTS = 10

#: What becomes of lines, in the order and the words in which it is told.
_FATES = (
    ("new", "new"),
    ("joined", "known already, join this list"),
    ("confirmed", "waited, now confirmed"),
    ("already", "on the list already"),
    ("marked as left", "left, says the file"),
    ("left before", "left before, stay off"),
    ("suppressed", "suppressed, stay off"),
    ("details changed", "with another name, fields or preferences"),
    (ASKED, "get a mail that asks them to confirm; --confirmed where they have agreed already"),
)


@click.command("import")
@click.argument("slug", metavar="LIST")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True))
@click.option("--column", default="", metavar="NAME", help="The column of addresses, where it is not found.")
@click.option("--keep", is_flag=True, help="Leave names, fields and preferences of known people as they are.")
@click.option("--override", is_flag=True, help="Take back people who left or are suppressed; recorded.")
@click.option("--confirmed", is_flag=True, help="They have agreed already, elsewhere: no mail asks them; recorded.")
@click.option(
    "--faults",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the lines with faults into this file, each with what is wrong.",
)
@click.option("--dry-run", is_flag=True, help="Show what would happen and change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@screen.as_json
@click.pass_obj
def import_file(
    desk: Desk,
    slug: str,
    file: Path,
    column: str,
    keep: bool,
    override: bool,
    confirmed: bool,
    faults: Path | None,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Add the people of a file to a list: CSV, TSV, pasted addresses, or an export of Mailchimp, Substack,
    listmonk or Ghost; - is standard input.

    Shows what will happen first. A run that was stopped goes on where it was when the same file comes again.

    \b
    For example:
      digest subscribers import readers people.csv
    """
    options = Options(override=override, keep=keep, confirmed=confirmed)
    with workplace() as folder:
        path, source = _given(file, folder)
        with desk.read() as conn:
            roster.demand_list(conn, slug)
        with shown(f"reading {source}") as on_progress:
            staged = stage(path, folder, source=source, address=column, on_progress=on_progress)
        _describe(staged)
        if faults:
            _write_faults(staged, faults)
        if dry_run or not yes:
            with desk.read() as conn, shown("looking each address up") as on_progress:
                foreseen = preview(conn, staged, slug, options, at=desk.now(), on_progress=on_progress)
            _tell(foreseen, as_json=as_json and dry_run)
        if dry_run:
            return
        if not yes:
            _demand_yes(file)
        done = _run(desk, staged, slug, options)
    _tell(done, as_json=as_json, to_stdout=True)
    if staged.fault_count:
        raise SystemExit(1)


def _given(file: Path, folder: Path) -> tuple[Path, str]:
    if str(file) != "-":
        return file, file.name
    path = folder / "pasted"
    path.write_bytes(sys.stdin.buffer.read())
    return path, "standard input"


def _demand_yes(file: Path) -> None:
    if str(file) == "-" or not sys.stdin.isatty():
        raise click.UsageError("nobody is there to answer: say --yes to import, --dry-run to look")
    demand_yes("Import?")


def _describe(staged: Staged) -> None:
    """Say what the file is and what is wrong with it."""
    layout = staged.layout
    made_by = f", made by {layout.made_by}" if layout and layout.made_by else ""
    what = "pasted addresses" if layout is None else f'separated by "{_sign(staged.shape.separator)}"'
    lines = "1 line" if staged.lines == 1 else f"{staged.lines:,} lines"
    click.echo(f"{staged.source}: {lines}, {what}, {staged.shape.encoding}{made_by}", err=True)
    if layout and layout.fields:
        click.echo(f"  kept as fields: {', '.join(map(screen.clean, layout.fields))}", err=True)
    if layout and layout.passed_over:
        click.echo(f"  not read: {', '.join(map(screen.clean, layout.passed_over))}", err=True)
    if staged.repeated:
        repeated = "1 line repeats" if staged.repeated == 1 else f"{staged.repeated:,} lines repeat"
        click.echo(f"  {repeated} an address; the last of each counts", err=True)
    for fault in staged.faults[:_SHOWN_FAULTS]:
        click.echo(f"  {screen.clean(str(fault))}", err=True)
    if staged.fault_count > _SHOWN_FAULTS:
        click.echo(
            f"  … and {staged.fault_count - _SHOWN_FAULTS:,} more lines with faults; --faults FILE keeps them", err=True
        )


def _write_faults(staged: Staged, file: Path) -> None:
    """Write each fault on a line; those beyond the first thousand are counted only."""
    words = [screen.clean(str(fault)) for fault in staged.faults]
    if staged.fault_count > len(words):
        words.append(f"… and {staged.fault_count - len(words):,} more")
    try:
        with _whole(file) as out:
            out.write("\n".join([*words, ""]))
    except OSError as error:
        raise click.UsageError(f"{file}: cannot be written: {error.strerror}") from error


def _sign(separator: str) -> str:
    return "tab" if separator == "\t" else separator


def _tell(fates: Counter[str], *, as_json: bool, to_stdout: bool = False) -> None:
    if as_json:
        screen.value({name.replace(" ", "_"): fates.get(name, 0) for name, _ in _FATES})
        return
    for name, words in _FATES:
        if fates.get(name):
            click.echo(f"  {fates[name]:>9,} {words}", err=not to_stdout)


def _run(desk: Desk, staged: Staged, slug: str, options: Options) -> Counter[str]:
    steps = run(desk.begin, staged, slug, options, now=desk.now, who=screen.whoever())
    last = next(steps)
    if last.resumed:
        click.echo(f"goes on after {last.done:,} of {last.total:,} people", err=True)
    with shown("importing") as on_progress:
        on_progress(last.done, last.total)
        try:
            for last in steps:
                on_progress(last.done, last.total)
        except KeyboardInterrupt:
            done = f"{last.done:,} of {last.total:,} people are done"
            click.echo(f"\n{done}; the same import again goes on from there", err=True)
            raise
    return last.fates


@contextmanager
def _whole(file: Path) -> Iterator[TextIO]:
    """Open a file to be written, which gets its name once all of it is on the disk; a pipe is written as it is."""
    if file.exists() and not file.is_file():
        with file.open("w", encoding="utf-8", newline="") as out:
            yield out
        return
    place = file.resolve()
    draft = place.with_name(f".{place.name}.{os.getpid()}.new")
    try:
        with draft.open("w", encoding="utf-8", newline="") as out:
            if place.exists():
                shutil.copymode(place, draft)
            yield out
            out.flush()
            os.fsync(out.fileno())
        draft.replace(place)
    finally:
        draft.unlink(missing_ok=True)


@click.command()
@click.argument("slug", metavar="[LIST]", required=False)
@click.option("--subject", metavar="ADDRESS", help="All data of one person, as JSON, instead of a list.")
@click.option("--output", "-o", type=click.Path(path_type=Path, dir_okay=False), help="The file to write.")
@click.pass_obj
def export(desk: Desk, slug: str | None, subject: str | None, output: Path | None) -> None:
    """Write a list as CSV: importing it gives the same state, those who left and are suppressed included.

    \b
    For example:
      digest subscribers export readers -o readers.csv
      digest subscribers export --subject ann@example.com
    """
    if (slug is None) == (subject is None):
        raise click.UsageError("name a list, or a person with --subject")
    if subject is not None:
        with desk.read() as conn:
            data = roster.export_subject(conn, subject, desk.deliveries)
        screen.value(data)
        return
    assert slug is not None  # noqa: S101 - one of the two was named
    with desk.read() as conn:
        if output is None:
            csvfile.write(conn, slug, sys.stdout)
            return
        try:
            with _whole(output) as out:
                count = csvfile.write(conn, slug, out)
        except OSError as error:
            raise click.UsageError(f"{output}: cannot be written: {error.strerror}") from error
    click.echo(f"{output}: {count:,} people", err=True)
