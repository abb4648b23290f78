"""The ``digest`` command: one file a command; parses, calls a use case, prints."""

from __future__ import annotations


def main() -> None:
    """Run the command and leave with its exit code."""
    from digest.cli.root import run

    raise SystemExit(run())
