"""digest keys: the keys that sign readers' links."""

from __future__ import annotations

import click

from digest.cli import show
from digest.errors import UsageError


@click.group()
def keys() -> None:
    """See to the keys that sign readers' links.

    \b
    Example:
      digest keys rotate
    """


@keys.command()
@click.pass_context
def rotate(ctx: click.Context) -> None:
    """Sign with a new key from now on. Old keys stay and go on verifying, so every link in every mail
    that was ever sent still works. What runs meanwhile, digest serve or a send, signs with it at once.

    \b
    Example:
      digest keys rotate
    """
    from digest.config import find_config, read_config
    from digest.pipeline.keyring import FILE
    from digest.pipeline.keyring import rotate as rotate_keys

    config = read_config(find_config(ctx.find_root().obj))
    if config.secrets.get("BROADSHEET_LINK_KEYS"):
        raise UsageError(
            "the keys are in BROADSHEET_LINK_KEYS, which is not written from here: put a line NAME:SECRET before "
            "the others there, with a name of its own and 32 random bytes in base64url"
        )
    ring = rotate_keys(config.resolve(FILE))
    show.remark("a new key signs from now on; the old ones still verify.")
    click.echo(f"{len(ring.keys)} keys, newest first: {', '.join(name for name, _ in ring.keys)}")
