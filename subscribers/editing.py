"""A list as text that a person edits, and what their edit means; knows no editor and no database.

A line is a person: the address, then the name. ``#`` begins a remark.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from subscribers import address as addresses
from subscribers.errors import AddressFault, FileFault
from subscribers.roster.members import Member

_HEADING = """\
# The list {slug}: one person a line, the address first, then the name.
# A new line adds a person, a deleted line takes one off the list, a changed name is changed.
# Nothing happens before you have seen what will, and agreed.
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One person in the text."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """What an edit means."""

    added: tuple[Line, ...] = ()
    removed: tuple[Line, ...] = ()
    renamed: tuple[tuple[Line, Line], ...] = ()  #: (before, after)

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.renamed)


def text_of(slug: str, people: Iterable[Member]) -> str:
    """Return a list as text, in the order of addresses."""
    lines = sorted(f"{person.address}  {person.name}".rstrip() for person in people)
    return _HEADING.format(slug=slug) + "".join(f"{line}\n" for line in lines)


def read(text: str) -> dict[str, Line]:
    """Return the people of a text by their normal address.

    Raises:
        FileFault: with every bad line, so that a person mends them all at once.
    """
    found: dict[str, Line] = {}
    faults = []
    for number, line in enumerate(text.splitlines(), 1):
        address, _, name = line.strip().partition(" ")
        if not address or address.startswith("#"):
            continue
        try:
            normal, spelling = addresses.normal(address)
        except AddressFault as fault:
            faults.append(f"line {number}: {fault}")
        else:
            found[normal] = Line(spelling, " ".join(name.split()))
    if faults:
        raise FileFault("\n".join(faults))
    return found


def difference(before: str, after: str) -> Difference:
    """Return what was changed between two texts of a list; raises FileFault for bad lines."""
    old, new = read(before), read(after)
    return Difference(
        added=tuple(line for key, line in new.items() if key not in old),
        removed=tuple(line for key, line in old.items() if key not in new),
        renamed=tuple((old[key], line) for key, line in new.items() if key in old and old[key].name != line.name),
    )
