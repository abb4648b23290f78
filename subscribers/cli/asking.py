"""Questions before a command acts; knows no command."""

from __future__ import annotations

import click


def demand_yes(question: str, *, otherwise: str = "nothing was changed", default: bool = False) -> None:
    """Go on where a person says yes; where the answer is no, say ``otherwise`` and end the command with 1.

    Raises ClickException, which is misuse, where nobody is there to answer.
    """
    if not agrees(question, default=default):
        click.echo(otherwise, err=True)
        raise click.exceptions.Exit(1)


def agrees(question: str, *, default: bool = False) -> bool:
    """Return what a person answers; raise ClickException, which is misuse, where nobody is there."""
    try:
        return click.confirm(question, default=default, err=True)
    except click.Abort as stopped:
        if isinstance(stopped.__context__, EOFError):
            click.echo(err=True)
            raise click.ClickException("nobody is there to answer; say --yes to go on without being asked") from None
        raise
