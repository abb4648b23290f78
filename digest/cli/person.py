"""Who sits at the keyboard; knows no account of the admin."""

from __future__ import annotations

import getpass
import os


def whoever() -> str:
    """Return the name of the person's account on this machine, its number where it has no name."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container's user may have no name
        return f"user {os.getuid()}"
