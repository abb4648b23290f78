"""What is said beside the result: where nobody hears it any more, as behind ``2>&1 | head``, the work goes on."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO


class _Unheard:
    """A stream to standard error that is not broken by whoever read it and went away."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write a text, for nobody where nobody reads."""
        try:
            return self._stream.write(text)
        except BrokenPipeError:
            self._give_up()
            return len(text)

    def flush(self) -> None:
        """Write what is left, for nobody where nobody reads."""
        try:
            self._stream.flush()
        except BrokenPipeError:
            self._give_up()

    def _give_up(self) -> None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._stream.fileno())
        os.close(nowhere)


@contextmanager
def said_to_nobody() -> Iterator[None]:
    """Let nothing that is said beside the result end the work, which may be mail on its way."""
    heard = sys.stderr
    if heard is None:  # closed before we began
        yield
        return
    sys.stderr = _Unheard(heard)
    try:
        yield
    finally:
        sys.stderr = heard
