"""Events on stderr, never among a command's results: readable on a terminal, one JSON object a line elsewhere."""

from __future__ import annotations

import sys

import structlog


def start_logging() -> None:
    """Send events to stderr with their level and their time in UTC; done twice it changes nothing."""
    if structlog.is_configured():
        return
    is_terminal = sys.stderr.isatty()
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
