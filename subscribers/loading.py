"""A file of people into a list in one call, for samples and scripts; previews nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from subscribers.importing.run import Begin, Options, run
from subscribers.importing.staging import LineFault, stage
from subscribers.importing.workplace import workplace


def load_file(
    begin: Begin, path: Path, list_slug: str, *, now: Callable[[], datetime], who: str = ""
) -> tuple[Counter[str], tuple[LineFault, ...]]:
    """Import a file and return how many lines had each fate, and the lines that were left out.

    Raises:
        UnknownList: there is no such list.
        FileFault: the file as a whole cannot be read.
    """
    with workplace() as folder:
        staged = stage(path, folder)
        counted: Counter[str] = Counter()
        for progress in run(begin, staged, list_slug, Options(), now=now, who=who):
            counted = progress.fates
    return counted, staged.faults
