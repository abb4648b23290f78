"""What a benchmark is told on its command line, and what it says of itself; knows no benchmark."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from pathlib import Path


def parser(about: str | None) -> ArgumentParser:
    """Return a parser that knows ``--help``, which prints a module's docstring."""
    return ArgumentParser(description=about, formatter_class=RawDescriptionHelpFormatter)


def at_least_one(word: str) -> int:
    """Return a number of at least one, as a command line writes it."""
    if not word.replace("_", "").isdecimal() or not int(word):
        raise ArgumentTypeError(f'"{word}" is no number of at least 1')
    return int(word)


def a_folder(word: str) -> Path:
    """Return a folder that is there."""
    if not Path(word).is_dir():
        raise ArgumentTypeError(f'there is no folder "{word}"')
    return Path(word)
