"""The ``digest`` command: one file a command; parses, calls a use case, prints."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper


def main() -> None:
    """Run the command and leave with its exit code."""
    # What is written holds addresses: it is for its user, and where they share files for their group, alone.
    os.umask(os.umask(0o077) | 0o007)
    # A terminal of an old encoding shows a letter it lacks as its number, rather than nothing at all.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="backslashreplace")
    from digest.cli.root import run

    raise SystemExit(run())
