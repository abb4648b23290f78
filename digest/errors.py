"""Everything that can go wrong, as one tree; knows nothing of how it is shown.

::

    BroadsheetError                     exit 1
    ├── ConfigError                     exit 78   faults in config.toml or the environment, all at once
    ├── UsageError                      exit 2    a command used with words that fit nothing
    ├── NothingToSend                   exit 1    no article in the window, or nobody to send to
    ├── EditionHeld                     exit 3    the edition waits for a person
    │   └── EditionPutOff                         a person put it off: it goes at another time, or not at all
    ├── SourceError                               one source; the edition goes on without it
    │   ├── FetchError                            the address did not give a body
    │   │   └── AddressRefused                    a private, local or odd address
    │   └── FeedError                             the body is not a feed that can be read
    ├── TemplateError                             file, line and variable of a fault in a template
    ├── StoreError                                the database cannot be opened, read or written
    │   ├── EditionConflict                       another process changed the edition meanwhile
    │   └── NoSuchEdition               exit 2    a name that no edition has
    ├── WriterFailed                              the model that writes deks; the extract stands instead
    └── ProviderError                             the provider
        ├── ProviderRefused                       refused for good: key, login, sender (nothing was sent)
        ├── ProviderBusy                          try again later: 429, 4xx (nothing was sent)
        └── ProviderUncertain                     may have been accepted: a time-out or 5xx after the body

A class's docstring is the sentence shown where nothing better is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


def demand_text(path: Path, error: type[BroadsheetError], what: str) -> None:
    """Raise ``error``, which begins with ``what``, where the name of a file or folder is no text in UTF-8.

    Such a name, of an old system's, could be kept in no store, mail or archive.
    """
    try:
        str(path).encode()
    except UnicodeEncodeError:
        shown = str(path).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
        raise error(f"{what}: {shown}: the name is not UTF-8; rename it") from None


class BroadsheetError(Exception):
    """something went wrong"""

    exit_code = 1

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or type(self).__doc__ or "")


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault in a file that a person wrote."""

    file: Path  #: the file, as the person named it
    line: int  #: from 1
    column: int  #: from 1
    what: str  #: what is wrong, and how to mend it

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.what}"


class ConfigError(BroadsheetError):
    """the configuration has faults"""

    exit_code = 78

    def __init__(self, faults: tuple[Fault, ...] | list[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class UsageError(BroadsheetError):
    """the command was used wrongly"""

    exit_code = 2


class NothingToSend(BroadsheetError):
    """nothing to send"""


class EditionHeld(BroadsheetError):
    """the edition is held"""

    exit_code = 3

    def __init__(self, message: str | None = None, why: str = "") -> None:
        super().__init__(message)
        self.why = why or str(self)  #: the reason alone, for those who know of which edition it is


class EditionPutOff(EditionHeld):
    """a person decided that the edition goes at another time, or not at all"""


class SourceError(BroadsheetError):
    """the source could not be read"""


class FetchError(SourceError):
    """the address did not answer with a body"""


class AddressRefused(FetchError):
    """the address is private, local or malformed"""


class FeedError(SourceError):
    """the body is not a feed"""


class TemplateError(BroadsheetError):
    """a template has a fault"""

    def __init__(self, file: str, line: int, what: str) -> None:
        self.file, self.line, self.what = file, line, what
        super().__init__(f"{file}:{line}: {what}")


class StoreError(BroadsheetError):
    """the store cannot be used"""


class EditionConflict(StoreError):
    """the edition was changed by another process meanwhile"""


class NoSuchEdition(StoreError):
    """there is no edition of this name"""

    exit_code = 2


class WriterFailed(BroadsheetError):
    """the model wrote nothing"""


class ProviderError(BroadsheetError):
    """the provider failed"""


class ProviderRefused(ProviderError):
    """the provider refused for good; nothing was sent"""


class ProviderBusy(ProviderError):
    """the provider asks to try again later; nothing was sent"""

    def __init__(self, message: str | None = None, *, retry_after: float | None = None) -> None:
        self.retry_after = retry_after  #: seconds, where the provider named a time
        super().__init__(message)


class ProviderUncertain(ProviderError):
    """the provider may have accepted the messages, or not"""
