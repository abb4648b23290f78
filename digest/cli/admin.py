"""digest admin link: a way in for whoever can run commands here."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from digest.cli.opening import opened


@click.group()
def admin() -> None:
    """The web admin, where editions, lists and people are kept.

    \b
    Example:
      digest admin link
    """


@admin.command()
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
