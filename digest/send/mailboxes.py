"""Reads mails out of what mail servers keep them in: files, mbox files, Maildir folders; knows not what they say."""

from __future__ import annotations

import mailbox
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

#: How a file of many mails begins, and a single mail never does (RFC 4155).
_MBOX = b"From "


def mails_in(path: Path) -> Iterator[bytes]:
    """Yield the mails of a file or folder as they came; nothing is changed or marked. Raises OSError."""
    if path.is_dir():
        yield from _all(mailbox.Maildir(path, create=False))
        return
    with path.open("rb") as file:
        is_mbox = file.read(len(_MBOX)) == _MBOX
    if is_mbox:
        yield from _all(mailbox.mbox(path, create=False))
    else:
        yield path.read_bytes()


def _all(box: mailbox.Maildir | mailbox.mbox) -> Iterator[bytes]:
    with closing(box):
        for key in box.iterkeys():
            yield box.get_bytes(key)
