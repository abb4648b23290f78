"""Writes each mail as an .eml file and a line in a journal; sends nothing anywhere.

Safe to repeat: a file is replaced by itself and a line is never written twice, whenever the process dies.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from digest.errors import ProviderRefused
from digest.model import Receipt, Recipient
from digest.send.mime import Mould
from digest.send.provider import Mailing, Parcel, Traits

JOURNAL = "journal.jsonl"


@dataclass(frozen=True, slots=True)
class Options:
    """How the outbox is set up."""

    folder: Path  #: made when missing


class Outbox:
    """A folder of mails."""

    name = "outbox"
    traits = Traits(batch_size=500, window=500, is_repeatable=True)

    def __init__(self, options: Options) -> None:
        self._folder = options.folder
        self._mould: tuple[Mailing, Mould] | None = None
        self._written: set[tuple[str, str]] = set()
        self._read_to = 0

    def deliver(self, mailing: Mailing, parcel: Parcel) -> tuple[Receipt, ...]:
        """Write the mails, then their lines; a mail whose line is there already stays as it is."""
        try:
            with self._journal() as journal:
                self._catch_up(journal)
                lines = [self._write(mailing, each) for each in parcel.recipients if self._is_new(mailing, each)]
                journal.write(b"".join(lines))
                journal.flush()
                os.fsync(journal.fileno())
                self._catch_up(journal)
        except OSError as fault:
            raise ProviderRefused(f"outbox: {fault.filename or self._folder}: {fault.strerror}") from fault
        return tuple(Receipt(each.id, reference=str(self._file(mailing, each))) for each in parcel.recipients)

    def prepare(self, mailing: Mailing, parcel: Parcel) -> Callable[[], tuple[Receipt, ...]]:
        """Return the delivery; there is nothing to build before it is known which files are there already."""
        return partial(self.deliver, mailing, parcel)

    def check(self) -> str:
        """Make sure the folder can be written."""
        try:
            with self._journal():
                return f"mails are written to {self._folder}"
        except OSError as fault:
            raise ProviderRefused(f"outbox: {self._folder}: {fault.strerror}; choose another folder") from fault

    def close(self) -> None:
        """Nothing is held open between two parcels."""

    @contextmanager
    def _journal(self) -> Iterator[BinaryIO]:
        """Open the journal for this process alone, ending a line that a crash cut off by removing it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / JOURNAL).open("a+b") as journal:
            fcntl.flock(journal, fcntl.LOCK_EX)
            _drop_torn_line(journal)
            yield journal

    def _catch_up(self, journal: BinaryIO) -> None:
        """Learn the lines written since the last look, by whomever."""
        journal.seek(self._read_to)
        for line in journal:
            with suppress(ValueError):  # what a power cut made of a line; its mail is written again
                entry = json.loads(line)
                self._written.add((entry["edition"], entry["recipient"]))
        self._read_to = journal.tell()

    def _is_new(self, mailing: Mailing, recipient: Recipient) -> bool:
        return (mailing.envelope.edition, recipient.public_id) not in self._written

    def _write(self, mailing: Mailing, recipient: Recipient) -> bytes:
        """Write one mail whole or not at all, and return its line."""
        file = self._file(mailing, recipient)
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_suffix(".part")  # whoever holds the journal is alone: one of the dead is written over
        unfinished.write_bytes(self._mould_of(mailing).fill(recipient))
        unfinished.replace(file)
        entry = {
            "time": mailing.date.isoformat(),
            "edition": mailing.envelope.edition,
            "recipient": recipient.public_id,
            "file": str(file.relative_to(self._folder)),
        }
        return json.dumps(entry, ensure_ascii=False).encode() + b"\n"

    def _file(self, mailing: Mailing, recipient: Recipient) -> Path:
        parts = [_safe(part) for part in mailing.envelope.edition.split("/")]
        return self._folder.joinpath(*parts, f"{_safe(recipient.public_id)}.eml")

    def _mould_of(self, mailing: Mailing) -> Mould:
        if self._mould is None or self._mould[0] is not mailing:
            self._mould = (mailing, Mould(mailing.message, mailing.envelope, date=mailing.date))
        return self._mould[1]


def _safe(name: str) -> str:
    return re.sub(r"[^\w.+-]", "_", name).lstrip(".") or "_"


def _drop_torn_line(journal: BinaryIO) -> None:
    size = journal.seek(0, os.SEEK_END)
    while size:
        start = max(0, size - 4096)
        journal.seek(start)
        cut = journal.read(size - start).rfind(b"\n")
        if cut >= 0:
            journal.truncate(start + cut + 1)
            return
        size = start
    journal.truncate(0)
