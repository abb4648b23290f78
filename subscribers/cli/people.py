"""The commands about single people: find, tag, suppress, lift, forget, log."""

from __future__ import annotations

from datetime import timedelta

import click

from subscribers import audit, roster
from subscribers.cli import show as screen
from subscribers.cli.asking import demand_yes
from subscribers.cli.joining import fields_of
from subscribers.desk import Desk
from subscribers.errors import UnknownSubscriber
from subscribers.model import Person, Reason, Subscriber

_in_list = click.option("--list", "slug", metavar="LIST", help="For this list only.  [default: every list]")


@click.command()
@click.argument("text")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 100_000))
@screen.as_json
@click.pass_obj
def find(desk: Desk, text: str, limit: int, as_json: bool) -> None:
    """Find people by a part of their address or name; a whole address shows all that is known.

    \b
    For example:
      digest subscribers find ann@example.com
    """
    with desk.read() as conn:
        found = [roster.person(conn, each) for each in roster.search(conn, text, limit=limit)]
    if not found:
        click.echo(f'nobody has "{text}" in their address or name', err=True)
        raise SystemExit(1)
    for person in found:
        if as_json:
            screen.value(person)
        else:
            _show(person)


def _show(person: Person) -> None:
    who = person.subscriber
    tags = f"  {' '.join('#' + tag for tag in person.tags)}" if person.tags else ""
    click.echo(screen.clean(f"{who.address}  {who.name}".rstrip() + tags))
    for each in person.subscriptions:
        when = each.left_at or each.confirmed_at or each.joined_at
        click.echo(f"  {each.list_slug}: {each.state.value} since {when:%Y-%m-%d} ({each.how})")
    for held in person.suppressions:
        where = held.list_slug or "every list"
        click.echo(f"  suppressed for {where} since {held.at:%Y-%m-%d}: {held.reason.value}")
    for name, value in who.fields:
        click.echo(screen.clean(f"  {name}: {value}"))


@click.command("set")
@click.argument("address")
@click.argument("fields", metavar="NAME=VALUE…", nargs=-1)
@click.option("--name", help="The person's name.")
@click.pass_obj
def set_fields(desk: Desk, address: str, fields: tuple[str, ...], name: str | None) -> None:
    """Set a person's name and custom fields; an empty value takes a field away.

    \b
    For example:
      digest subscribers set ann@example.com city=Lund --name "Ann Ek"
    """
    wanted = fields_of(fields)
    by = screen.by_command(desk)
    with desk.begin() as conn:
        changed = name is not None and roster.rename(conn, address, name, **by)
        changed |= bool(wanted) and roster.set_fields(conn, address, wanted, **by)
        _known(roster.by_address(conn, address), address)
    click.echo(f"{address}: {'changed' if changed else 'was so already'}")


@click.command()
@click.argument("address")
@click.argument("tags", nargs=-1, required=True)
@click.option("--off", is_flag=True, help="Take the tags off.")
@click.pass_obj
def tag(desk: Desk, address: str, tags: tuple[str, ...], off: bool) -> None:
    """Put tags on a person, or take them off.

    \b
    For example:
      digest subscribers tag ann@example.com staff beta
    """
    with desk.begin() as conn:
        who = _known(roster.by_address(conn, address), address)
        changed = roster.take_tags(conn, [who.id], tags) if off else roster.put_tags(conn, {who.id: tags})
        if changed:
            what = "untagged" if off else "tagged"
            audit.write(conn, what, subscriber_id=who.id, detail=", ".join(tags), **screen.by_command(desk))
    click.echo(f"{address}: {changed} tag{'s' if changed != 1 else ''} {'taken off' if off else 'put on'}")


@click.command()
@click.argument("address")
@click.option(
    "--reason",
    type=click.Choice([each.value for each in Reason if each is not Reason.FORGOTTEN]),
    default=Reason.MANUAL.value,
    show_default=True,
)
@_in_list
@click.pass_obj
def suppress(desk: Desk, address: str, reason: str, slug: str | None) -> None:
    """Never write to an address again, whoever adds it.

    \b
    For example:
      digest subscribers suppress ann@example.com --reason complaint
    """
    with desk.begin() as conn:
        is_new = roster.suppress(conn, address, Reason(reason), list_slug=slug, **screen.by_command(desk))
    click.echo(f"{address}: {'suppressed' if is_new else 'was suppressed already'}")


@click.command()
@click.argument("address")
@_in_list
@click.pass_obj
def lift(desk: Desk, address: str, slug: str | None) -> None:
    """Let a suppressed address be written to again; recorded as an override.

    \b
    For example:
      digest subscribers lift ann@example.com
    """
    with desk.begin() as conn:
        was_held = roster.lift(conn, address, list_slug=slug, **screen.by_command(desk))
    click.echo(f"{address}: {'may be written to again' if was_held else 'was not suppressed'}")


@click.command()
@click.argument("address")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def forget(desk: Desk, address: str, yes: bool) -> None:
    """Erase a person's data for good; a mark stays so that nobody adds the address again.

    \b
    For example:
      digest subscribers forget ann@example.com
    """
    with desk.read() as conn:
        _known(roster.by_address(conn, address), address)
    if not yes:
        demand_yes(f"Erase all data of {address}? This cannot be undone", otherwise="nothing was erased")
    with desk.begin() as conn:
        number = roster.forget(conn, address, **screen.by_command(desk))
    click.echo(f"forgotten; ledgers know them as {number}")


@click.command()
@click.option("--days", default=30, show_default=True, type=click.IntRange(1), help="Asked at least so long ago.")
@click.pass_obj
def tidy(desk: Desk, days: int) -> None:
    """Erase people who were asked to confirm long ago and never did; they may be added again.

    \b
    For example:
      digest subscribers tidy --days 30
    """
    erased = 0
    while True:
        with desk.begin() as conn:
            by = screen.by_command(desk)
            number = roster.tidy(conn, desk.now() - timedelta(days=days), **by)
        erased += number
        if not number:
            break
    click.echo(f"{erased:,} erased")


@click.command()
@click.argument("address", required=False)
@click.option("--list", "slug", metavar="LIST", help="Changes of this list only.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 100_000))
@screen.as_json
@click.pass_obj
def log(desk: Desk, address: str | None, slug: str | None, limit: int, as_json: bool) -> None:
    """Show who changed what, when and from where; the newest first.

    \b
    For example:
      digest subscribers log ann@example.com
    """
    with desk.read() as conn:
        who = _known(roster.by_address(conn, address), address) if address else None
        entries = audit.entries(conn, subscriber_id=who.id if who else None, list_slug=slug, limit=limit)
    for each in entries:
        if as_json:
            screen.value(each)
        else:
            where = f" {each.list_slug}" if each.list_slug else ""
            about = f" #{each.subscriber_id}" if each.subscriber_id else ""
            detail = f" ({each.detail})" if each.detail else ""
            by = " ".join(filter(None, (each.who, each.how, each.source)))
            click.echo(screen.clean(f"{each.at:%Y-%m-%d %H:%M:%S}  {each.what}{where}{about}{detail}  by {by}"))


def _known(found: Subscriber | None, address: str) -> Subscriber:
    if found is None:
        raise UnknownSubscriber(f"nobody has the address {address}; `digest subscribers find` searches for a part")
    return found
