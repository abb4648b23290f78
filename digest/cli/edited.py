"""Notices that config.toml was edited under a running program, and says so; applies nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from digest.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

log = structlog.get_logger()


class Edited:
    """What is known of a config file since the program that goes by it began."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._runs = self._told = self._content()
        self._stamp = self._before = self._now()

    def look(self) -> None:
        """Tell of a change, once, when the file has been left alone from one look to the next."""
        now = self._now()
        is_quiet, self._before = now == self._before, now
        if not is_quiet or now == self._stamp:
            return
        self._stamp, content = now, self._content()
        if content is None or content == self._told:
            return
        self._told = content
        if content != self._runs:
            self._tell()

    def _tell(self) -> None:
        from digest.config import read_config

        try:
            read_config(self._file)
        except ConfigError as error:
            log.warning("config_faulty", faults=[str(fault) for fault in error.faults])
        else:
            log.warning("config_changed", mend="it holds from the next start of digest serve")

    def _now(self) -> tuple[int, int, int] | None:
        try:
            found = self._file.stat()
        except OSError:  # an editor may take it away for a moment
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _content(self) -> bytes | None:
        try:
            return self._file.read_bytes()
        except OSError:
            return None
