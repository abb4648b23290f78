"""digest completion: a script that lets the shell complete commands and options."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script for SHELL.

    \b
    Example, for bash:
      digest completion bash > ~/.local/share/bash-completion/completions/digest
    """
    from digest.cli.root import digest

    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101 (the three choices above are click's own)
    click.echo(kind(digest, {}, "digest", "_DIGEST_COMPLETE").source())
