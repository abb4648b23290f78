"""Everything that can go wrong with a roster, as one tree; knows nothing of how it is shown.

::

    RosterError                 exit 1
    ├── UnknownList             exit 2   no list of that name; names the lists there are
    ├── ListInUse               exit 1   a list that cannot be deleted yet, and what to do first
    ├── ListNameFault           exit 2   a short name that no list can have
    ├── UnknownSubscriber       exit 1   nobody with that address
    ├── AddressFault            exit 2   an address that cannot be written to, and why
    ├── QueryFault              exit 2   a segment's words that fit nothing
    ├── TagFault                exit 2   a tag that cannot be kept, and why
    ├── FileFault               exit 2   a file that is no list of people, or too big to be one
    ├── LinkFault               exit 1   a link that is not ours, or not for this, or too old
    └── KeyFault                exit 78  a key ring that cannot be read

A class's docstring is the sentence shown where nothing better is known.
"""

from __future__ import annotations


class RosterError(Exception):
    """the roster refused"""

    exit_code = 1

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or type(self).__doc__ or "")


class UnknownList(RosterError):
    """there is no such list"""

    exit_code = 2

    def __init__(self, slug: str, known: tuple[str, ...]) -> None:
        self.slug, self.known = slug, known
        there_are = f"the lists are: {', '.join(known)}" if known else "there is no list yet"
        super().__init__(f'there is no list "{slug}"; {there_are}')


class ListInUse(RosterError):
    """the list is in use"""


class ListNameFault(RosterError):
    """no list can be called that"""

    exit_code = 2


class UnknownSubscriber(RosterError):
    """nobody has that address"""


class AddressFault(RosterError):
    """the address cannot be written to"""

    exit_code = 2


class QueryFault(RosterError):
    """the segment cannot be understood"""

    exit_code = 2


class TagFault(RosterError):
    """the tag cannot be kept"""

    exit_code = 2


class FileFault(RosterError):
    """the file is not a list of people"""

    exit_code = 2


class LinkFault(RosterError):
    """the link does not work"""


class KeyFault(RosterError):
    """the key ring cannot be read"""

    exit_code = 78
