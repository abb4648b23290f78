"""The ``digest`` command: one file a command; parses, calls a use case, prints."""

from __future__ import annotations


def main() -> None:
    """Run the command."""
