"""The ``digest`` command: one file a command; parses, calls a use case, prints."""

from __future__ import annotations

import os


def main() -> None:
    """Run the command and leave with its exit code."""
    # What is written holds addresses: it is for its user, and where they share files for their group, alone.
    os.umask(os.umask(0o077) | 0o007)
    from digest.cli.root import run

    raise SystemExit(run())
