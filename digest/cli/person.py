"""Who sits at the keyboard; knows no account of the admin."""

from __future__ import annotations

import getpass
import os


def whoever() -> str:
    """Return the name of the person's account on this machine, its number where it has no name."""
    try:
        # A variable of the environment may say anything; what the log keeps is text, and short.
        return getpass.getuser().encode("utf-8", "replace").decode()[:100]
    except (OSError, KeyError, ImportError):  # a container's user may have no name
        return f"user {os.getuid()}"
