"""A desk over a store in memory: real tables, real templates, a clock that is set by hand."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import StaticPool

import subscribers
from subscribers import KeyRing, Newsletter

TEMPLATES = Path(__file__).parents[2] / "templates"
MORNING = datetime(2026, 3, 4, 6, 30, tzinfo=UTC)


def make_engine(url: str = "sqlite://") -> Engine:
    """Return an engine whose transactions begin where SQLAlchemy says so, with the tables made."""
    options: dict[str, Any] = {}
    if url == "sqlite://":
        options = {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}}
    engine = create_engine(url, **options)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _connect(connection, _record):
            connection.isolation_level = None
            connection.execute("PRAGMA foreign_keys=ON")

        @event.listens_for(engine, "begin")
        def _begin(connection):
            connection.exec_driver_sql("BEGIN")

    if url == "sqlite://":
        connection: Any = engine.raw_connection()
        connection.driver_connection.deserialize(_tables())
        connection.close()
    else:
        subscribers.metadata.create_all(engine)
    return engine


@cache
def _tables() -> bytes:
    """Return every table, empty, to be copied: making them takes its time."""
    with closing(sqlite3.connect(":memory:")) as made:
        subscribers.metadata.create_all(create_engine("sqlite://", creator=lambda: made, poolclass=StaticPool))
        return made.serialize()


class FakeDesk:
    """An installation with two newsletters, one fed by two lists."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.ring = KeyRing.generate()
        self.time = MORNING
        self.papers = (
            Newsletter("morning", "The Morning", ("daily", "extra"), "en", ("World", "Sport")),
            Newsletter("abend", "Der Abend", ("evening",), "de"),
        )
        self.commits = 0
        self.deliveries = None

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        with self.engine.begin() as conn:
            yield conn
        self.commits += 1

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with self.engine.connect() as conn:
            yield conn

    def newsletters(self) -> tuple[Newsletter, ...]:
        return self.papers

    def now(self) -> datetime:
        return self.time

    def later(self, **by: float) -> None:
        """Set the clock on."""
        self.time += timedelta(**by)

    def render(self, template: str, **context: Any) -> str:
        loader = FileSystemLoader(TEMPLATES)
        environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
        return environment.get_template(template).render(**context)
