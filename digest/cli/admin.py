"""digest admin …: the doors of the web admin and of the JSON API, for whoever can run commands here."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from digest.cli.opening import opened

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from digest.pipeline.app import App


@click.group()
def admin() -> None:
    """The web admin, where editions, lists and people are kept, and tokens for programs.

    \b
    Example:
      digest admin link
    """


@admin.command(short_help="Print a one-time link that makes an owner's account.")
@click.pass_context
def link(ctx: click.Context) -> None:
    """Print a one-time link that makes an owner's account, also when every password is lost.
    It works for an hour; links printed before it end.

    \b
    Example:
      digest admin link
    """
    from digest.web.admin.inviting import new_owner_link

    with opened(ctx) as app:
        click.echo(new_owner_link(app.store.accounts, app.sender.links_url, datetime.now(UTC)))


@admin.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_context
def accounts(ctx: click.Context, as_json: bool) -> None:
    """List who may sign in, as what, and to which lists.

    \b
    Example:
      digest admin accounts --json
    """
    with opened(ctx) as app:
        for each in app.store.accounts.all():
            seen = f"{each.seen_at:%Y-%m-%d}" if each.seen_at else "never"
            told = {"name": each.name, "role": each.role, "lists": each.lists, "second_step": each.has_second_step}
            _say(told | {"signed_in": seen}, as_json=as_json)


@admin.command(short_help="Take off the second step of an account.")
@click.argument("name")
@click.pass_context
def reset(ctx: click.Context, name: str) -> None:
    """Take off the second step of an account whose phone and recovery codes are lost.
    Its sign-ins end; the password alone lets in until a new second step is made.

    \b
    Example:
      digest admin reset olive
    """
    from digest.errors import UsageError

    with opened(ctx) as app:
        account = app.store.accounts.named(name)
        if account is None:
            raise UsageError(f'nobody is called "{name}"; digest admin accounts lists everybody')
        if account.has_second_step or app.store.second_steps.secret(account.id, active=False):
            with _recorded(app, "second step off", account.name) as acting:
                acting.store.second_steps.remove(account.id)
            click.echo(f"{account.name}: the password alone lets in now; every sign-in is ended", err=True)
        else:
            click.echo(f"{account.name}: there was no second step", err=True)


@admin.command(short_help="Keep an account to some lists, or let it see all.")
@click.argument("name")
@click.option("--list", "lists", multiple=True, metavar="LIST", help="A list it keeps; may be given again.")
@click.option("--all", "every", is_flag=True, help="Every list, and those made later.")
@click.pass_context
def limit(ctx: click.Context, name: str, lists: tuple[str, ...], every: bool) -> None:
    """Keep an editor or a viewer to some lists, or let them have all again.

    \b
    Example:
      digest admin limit edgar --list weekly
    """
    if every is bool(lists):
        raise click.UsageError("name the lists with --list, or say --all")
    with opened(ctx) as app:
        _demand_lists(app, lists)
        with _recorded(app, "lists of an account changed", f"{name}: {', '.join(lists) or 'every list'}") as acting:
            acting.store.accounts.set_lists(name, None if every else lists)


@admin.command()
@click.argument("name")
@click.option("--may", "scopes", multiple=True, metavar="SCOPE", required=True, help="What it may do; again for more.")
@click.option("--list", "lists", multiple=True, metavar="LIST", help="A list it keeps to; without it every list.")
@click.option("--days", type=click.IntRange(1, 3650), help="It ends after so many days.  [default: never]")
@click.pass_context
def token(ctx: click.Context, name: str, scopes: tuple[str, ...], lists: tuple[str, ...], days: int | None) -> None:
    """Make a token for a program and print it, this once. Scopes are lists:read, lists:write, lists:delete,
    subscribers:read, subscribers:write, editions:read, editions:write, sends:read, sends:write.

    \b
    Example:
      digest admin token website --may subscribers:write --list weekly --days 365
    """
    from digest.web.api.scopes import Wish, new_token

    now = datetime.now(UTC)
    with opened(ctx) as app:
        _demand_lists(app, lists)
        wish = Wish(name, scopes, lists or None, now + timedelta(days=days) if days else None)
        with _recorded(app, "token made", f"{name}: {', '.join(scopes)}") as acting:
            made = new_token(acting.store.tokens, wish, by="command", now=now)
        click.echo(made)


@admin.command(short_help="List programs' tokens, and what each may do.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_context
def tokens(ctx: click.Context, as_json: bool) -> None:
    """List the tokens of programs, what each may do, and which still hold; the tokens themselves are not kept.

    \b
    Example:
      digest admin tokens
    """
    now = datetime.now(UTC)
    with opened(ctx) as app:
        for each in app.store.tokens.all():
            told = {"name": each.name, "may": each.scopes, "lists": each.lists, "holds": each.holds(now)}
            _say(told | {"until": each.until.isoformat() if each.until else None}, as_json=as_json)


@admin.command()
@click.argument("name")
@click.pass_context
def revoke(ctx: click.Context, name: str) -> None:
    """End a token at once.

    \b
    Example:
      digest admin revoke website
    """
    with opened(ctx) as app, _recorded(app, "token revoked", name) as acting:
        acting.store.tokens.revoke(name, datetime.now(UTC))


def _say(told: dict[str, Any], *, as_json: bool) -> None:
    """Print facts as one JSON object, or as words of which the first has no name."""
    import json

    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    first, *rest = ((key, _word(key, value)) for key, value in told.items())
    click.echo(f"{first[1]}  " + "  ".join(f"{key.replace('_', ' ')}: {value}" for key, value in rest))


def _word(key: str, value: Any) -> str:
    if value is None:
        return "every list" if key == "lists" else "no end"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _demand_lists(app: App, lists: tuple[str, ...]) -> None:
    from subscribers import roster

    with app.store.read() as connection:
        for slug in lists:
            roster.demand_list(connection, slug)


def _recorded(app: App, what: str, detail: str) -> AbstractContextManager[App]:
    """Give the application to do something with, which is kept with its entry in the log that the admin shows."""
    from digest.pipeline.recording import recorded

    return recorded(app, {"at": datetime.now(UTC), "how": "command"}, what, detail)
