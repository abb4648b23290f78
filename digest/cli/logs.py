"""Events of a running service on stderr: readable on a terminal, one JSON object a line elsewhere; knows no event."""

from __future__ import annotations

import sys

import structlog


def start_logging() -> None:
    """Send events to stderr with their level and their time in UTC."""
    is_terminal = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer() if is_terminal else structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
