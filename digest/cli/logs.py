"""Events on stderr, never among a command's results: one JSON object a line, on a terminal readable.

Whoever gives a command at a terminal is told in sentences, and only what concerns them.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import structlog

from digest.cli import show

if TYPE_CHECKING:
    import click
    from structlog.typing import EventDict

#: What a person is told of an event; of those that only report there is nothing.
_SENTENCES = {
    "dek_not_written": "deks were not written, the articles' own words stand: {why}",
    "dek_refused": "a written dek is not used, the article's own words stand: {why}",
    "notice_not_sent": "a confirmation mail is tried again later: {why}",
    "alarm_not_told": "the alarm about {edition} is told again later: {why}",
    "store_lost": "the store does not answer, and is asked on: {why}",
}
#: Levels below those of faults.
_QUIET = ("debug", "info")


def start_logging(command: click.Context | None = None) -> None:
    """Send events to stderr with their level and their time in UTC; done twice it changes nothing.

    Where somebody waits at a terminal for one ``command``, they are told in words instead.
    """
    if structlog.is_configured():
        return
    is_terminal = sys.stderr.isatty()
    if command is not None and is_terminal:
        spoken = Spoken()
        command.find_root().call_on_close(spoken.finish)
        structlog.configure(processors=[spoken])
        return
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer() if is_terminal else structlog.processors.JSONRenderer(),
        ],
        logger_factory=_to_stderr,
    )


def _to_stderr(*_: object) -> structlog.PrintLogger:
    return structlog.PrintLogger(sys.stderr)


class Spoken:
    """Tells a person what events mean, each thing once; keeps no log."""

    def __init__(self) -> None:
        self._said: set[str] = set()
        self._pictures: dict[str, str] = {}  # address to why it is missing

    def __call__(self, _logger: object, level: str, event: EventDict) -> EventDict:
        """Take one event; nothing of it is left for anybody else."""
        name = str(event.pop("event"))
        if name == "picture_missing":
            self._pictures.setdefault(str(event["address"]), str(event["why"]))
        elif name in _SENTENCES:
            self._say(_SENTENCES[name].format_map(event))
        elif level not in _QUIET:
            self._say(
                f"{name.replace('_', ' ')}: {event.get('why') or ', '.join(f'{k} {v}' for k, v in event.items())}"
            )
        raise structlog.DropEvent

    def finish(self) -> None:
        """Say what is said of many things at once."""
        if not self._pictures:
            return
        address, why = next(iter(self._pictures.items()))
        reason = why if address in why else f"{address}: {why}"
        many = len(self._pictures)
        self._say(f"{many} pictures could not be had, the first is {reason}" if many > 1 else f"no picture: {reason}")
        self._pictures.clear()

    def _say(self, text: str) -> None:
        plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
        if plain not in self._said:
            self._said.add(plain)
            show.remark(plain)
