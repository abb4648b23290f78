"""The commands that put people on lists and take them off."""

from __future__ import annotations

import click

from subscribers import roster
from subscribers.cli import show as screen
from subscribers.desk import Desk
from subscribers.errors import AddressFault, UnknownSubscriber
from subscribers.model import Added, By

_SAYS = {
    "added": "added",
    "pending": "waits: a mail asks them to confirm",
    "already": "was on the list already",
    "left": "not added: they left this list; --override takes them back, and is recorded",
    "suppressed": "not added: suppressed ({reason}); --override takes them back, and is recorded",
}


@click.command()
@click.argument("slug", metavar="LIST")
@click.argument("addresses", metavar="ADDRESS…", nargs=-1, required=True)
@click.option("--name", default="", help="The person's name, with one address.")
@click.option("--field", "fields", multiple=True, metavar="NAME=VALUE", help="A custom field; may be repeated.")
@click.option("--tag", "tags", multiple=True, help="A tag; may be repeated.")
@click.option("--override", is_flag=True, help="Take back someone who left or is suppressed; recorded.")
@click.option("--confirmed", is_flag=True, help="They have agreed already, on paper or to you: no mail asks; recorded.")
@screen.as_json
@click.pass_obj
def add(
    desk: Desk,
    slug: str,
    addresses: tuple[str, ...],
    name: str,
    fields: tuple[str, ...],
    tags: tuple[str, ...],
    override: bool,
    confirmed: bool,
    as_json: bool,
) -> None:
    """Add people to a list; a double opt-in list asks them to confirm by mail.

    \b
    For example:
      digest subscribers add readers ann@example.com --name "Ann Ek" --tag staff
      digest subscribers add readers me@example.com --confirmed
    """
    if name and len(addresses) > 1:
        raise click.UsageError("--name goes with one address")
    by, custom = screen.by_command(desk), fields_of(fields)
    failed = False
    done: list[tuple[str, Added]] = []
    with desk.begin() as conn:
        for address in addresses:
            try:
                added = roster.add(
                    conn, slug, address, name=name, fields=custom, override=override, confirmed=confirmed, **by
                )
            except AddressFault as fault:
                click.echo(str(fault), err=True)
                failed = True
                continue
            if added.subscriber_id and tags and added.status not in ("left", "suppressed"):
                roster.put_tags(conn, {added.subscriber_id: tags})
            failed |= added.status in ("left", "suppressed")
            done.append((address, added))
    for address, added in done:  # once it is kept, and not before
        _say(address, added, as_json)
    if failed:
        raise SystemExit(1)


def _say(address: str, added: Added, as_json: bool) -> None:
    if as_json:
        screen.value({"address": address, "status": added.status, "id": added.subscriber_id})
    else:
        says = _SAYS[added.status].format(reason=added.reason.value if added.reason else "")
        click.echo(f"{address}: {says}")


def fields_of(told: tuple[str, ...]) -> dict[str, str]:
    """Return custom fields typed as NAME=VALUE."""
    fields = {}
    for each in told:
        name, sign, value = each.partition("=")
        if not sign or not name.strip():
            raise click.UsageError(f'"{each}" does not read NAME=VALUE')
        if (shown := each.encode("utf-8", "backslashreplace").decode()) != each:  # JSON would hide it from a database
            raise click.UsageError(f"{shown}: not UTF-8, so it can be kept nowhere; write it in UTF-8")
        fields[name.strip()] = value.strip()
    return fields


@click.command()
@click.argument("slug", metavar="LIST")
@click.argument("addresses", metavar="ADDRESS…", nargs=-1, required=True)
@click.pass_obj
def remove(desk: Desk, slug: str, addresses: tuple[str, ...]) -> None:
    """Take people off a list; later imports leave them off.

    \b
    For example:
      digest subscribers remove readers ann@example.com
    """
    by: By = screen.by_command(desk)
    failed = False
    done: list[tuple[str, bool]] = []
    with desk.begin() as conn:
        for address in addresses:
            try:
                was_on = roster.remove(conn, slug, address, **by)
            except (AddressFault, UnknownSubscriber) as fault:
                click.echo(str(fault), err=True)
                failed = True
            else:
                done.append((address, was_on))
    for address, was_on in done:  # once it is kept, and not before
        click.echo(f"{address}: {'removed' if was_on else 'was not on the list'}")
    if failed:
        raise SystemExit(1)
