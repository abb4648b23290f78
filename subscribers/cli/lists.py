"""The commands that show, make and delete lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from subscribers import csvfile, roster
from subscribers.cli import show as screen
from subscribers.cli.asking import demand_yes
from subscribers.desk import Desk
from subscribers.model import OptIn
from subscribers.segments import Segment, segment_of

if TYPE_CHECKING:
    from sqlalchemy import Connection


@click.command()
@click.argument("slug", metavar="[LIST]", required=False)
@click.option("--where", default="", metavar="WORDS", help="Only these of the list's people: see below.")
@screen.as_json
@click.pass_obj
def show(desk: Desk, slug: str | None, where: str, as_json: bool) -> None:
    """Show the lists and how many people are on them, or the people of one list. Those who get mail are confirmed
    and not suppressed; with --json, "suppressed" counts those of the "confirmed" who get none.

    \b
    For example:
      digest subscribers list
      digest subscribers list readers --where "tag:staff joined>30d"

    \b
    Words for --where, all of which must fit:
      tag:staff  -tag:beta          with the tag, without it
      city=Lund  city~lun           a field is, a field holds
      name~ann  address~@example.com  language=de  state=confirmed
      joined>2026-01-31  joined<30d   since a day, over 30 days ago (d w m y)
      received>7d  -received>90d      got an edition within 7 days, none within 90
    """
    if slug is None and where:
        raise click.UsageError("--where goes with a list")
    if slug is None:
        _lists(desk, as_json)
    else:
        _people(desk, slug, segment_of(where, now=desk.now()), as_json)


def _lists(desk: Desk, as_json: bool) -> None:
    with desk.read() as conn:
        found = roster.lists(conn)
    if as_json:
        for each in found:
            screen.value(each)
        return
    if not found:
        click.echo("no list yet; make one with: digest subscribers make readers", err=True)
        return
    heads = ("list", "title", "opt-in", "get mail", "suppressed", "unconfirmed", "left")
    rows = [
        (
            each.slug,
            each.title,
            each.opt_in,
            f"{each.getting_mail:,}",
            f"{each.suppressed:,}",
            f"{each.unconfirmed:,}",
            f"{each.unsubscribed:,}",
        )
        for each in found
    ]
    screen.table(heads, rows)


def _people(desk: Desk, slug: str, segment: Segment, as_json: bool) -> None:
    deliveries = desk.deliveries if segment.received else None
    if segment.received and deliveries is None:
        raise click.UsageError("this installation keeps no ledger that could answer received")
    anybody = False
    with desk.read() as conn:
        for member in roster.members(conn, slug, segment=segment, deliveries=deliveries):
            anybody = True
            if as_json:
                screen.value(member)
            else:
                name = f"  {screen.clean(member.name)}" if member.name else ""
                held = "  (suppressed)" if member.is_suppressed else ""
                click.echo(f"{member.state.value:12}  {member.address}{name}{held}")
        if not anybody:
            _say_what_nobody_has(conn, slug, segment)


def _say_what_nobody_has(conn: Connection, slug: str, segment: Segment) -> None:
    """Name a field that was asked for and that nobody has: it may be spelled another way."""
    there = csvfile.field_names(conn, slug)
    for each in segment.conditions:
        if each.kind == "field" and each.field not in there:
            has = f"their fields are: {', '.join(map(screen.clean, there))}" if there else "they have no fields"
            click.echo(f'nobody on {slug} has a field "{screen.clean(each.field)}"; {has}', err=True)


@click.command()
@click.argument("slug", metavar="LIST")
@click.option("--title", default=None, help="The name shown to readers.  [default: the list's own]")
@click.option(
    "--opt-in",
    type=click.Choice(["single", "double"]),
    default=None,
    help="Whether people confirm by mail before they get any.  [default: double]",
)
@click.pass_obj
def make(desk: Desk, slug: str, title: str | None, opt_in: OptIn | None) -> None:
    """Make a list; one that is there already takes the title and the opt-in that are given, and keeps its
    people as they are. One that was deleted comes back without its people, who count as having left it.

    \b
    For example:
      digest subscribers make readers --title "Our readers" --opt-in double
    """
    if not slug.replace("-", "").replace("_", "").isalnum() or not slug.isascii():
        raise click.BadParameter("a list's name has letters, digits, - and _", param_hint="LIST")
    by = screen.by_command(desk)
    with desk.begin() as conn:
        if slug in roster.slugs(conn):
            is_changed = roster.change_list(conn, slug, title=title, opt_in=opt_in, **by)
            told = f"changed {slug}" if is_changed else f"{slug} was there already, and stays as it was"
        else:
            joining: OptIn = opt_in or "double"
            roster.ensure_list(conn, slug, title=title or "", opt_in=joining, at=desk.now(), by=by)
            told = f"made {slug}, {joining} opt-in"
    click.echo(told)


@click.command()
@click.argument("slug", metavar="LIST")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def delete(desk: Desk, slug: str, yes: bool) -> None:
    """Delete a list that no newsletter goes to any more: everyone on it leaves it. The people, the record of
    who joined and left when, the log and what was sent stay.

    \b
    For example:
      digest subscribers export readers -o readers.csv
      digest subscribers delete readers
    """
    with desk.read() as conn:
        roster.demand_unused(conn, slug, desk.newsletters(), desk.deliveries)
        there = next(each for each in roster.lists(conn, [slug]))
    if not yes:
        waiting = f", {there.unconfirmed:,} asked to confirm" if there.unconfirmed else ""
        click.echo(
            f"who leaves it: {there.confirmed:,} confirmed{waiting}; an import brings none of them back", err=True
        )
        demand_yes(f"Delete the list {slug}? This cannot be undone", otherwise="nothing was deleted")
    with desk.begin() as conn:
        left = roster.delete_list(conn, slug, desk.newsletters(), desk.deliveries, **screen.by_command(desk))
    click.echo(f"deleted {slug}; {left:,} {'person' if left == 1 else 'people'} left it")
