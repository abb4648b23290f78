"""Clear: pictures that no edition shows are thrown away once they are old; knows no template and no page."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from digest.store import Store

#: A picture that was made fit, by its name.
_KEPT = re.compile(r"[0-9a-f]{24}\.(?:jpg|png)")


def clear_pictures(store: Store, folder: Path, before: datetime) -> int:
    """Throw away pictures that were last needed before a moment and stand in no edition; return how many.

    Every edition counts, sent or not: a page of the archive never loses a picture. Notes of where a picture came
    from go with it.
    """
    old = {file for file in _files(folder) if _last_needed(file) < before.timestamp()}
    unneeded = {file.name for file in old if _KEPT.fullmatch(file.name)}
    if unneeded:
        for words in store.editions.texts():
            unneeded.difference_update(_KEPT.findall(words))
    for name in unneeded:
        if _last_needed(folder / name) < before.timestamp():  # an edition composed meanwhile may show it again
            (folder / name).unlink(missing_ok=True)
    for note in (file for file in old if file.suffix != ".jpg" and file.suffix != ".png"):
        _clear_note(note)
    return len(unneeded)


def _files(folder: Path) -> tuple[Path, ...]:
    return tuple(folder.iterdir()) if folder.is_dir() else ()


def _last_needed(file: Path) -> float:
    with suppress(FileNotFoundError):  # a draft that got its name meanwhile
        return file.stat().st_mtime
    return float("inf")


def _clear_note(note: Path) -> None:
    """Drop a note whose picture is gone, or a draft that was never finished."""
    with suppress(FileNotFoundError):
        if note.suffix == ".new" or not (note.parent / note.read_text(encoding="ascii", errors="replace")).is_file():
            note.unlink()
