"""A desk with three lists: ``daily`` and ``extra`` take people at once, ``evening`` asks them to confirm."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from subscribers import roster
from tests.subscribers.desks import MORNING, FakeDesk, make_engine


@pytest.fixture
def desk() -> Iterator[FakeDesk]:
    engine = make_engine()
    with engine.begin() as conn:
        roster.ensure_list(conn, "daily", title="Every day", opt_in="single", at=MORNING)
        roster.ensure_list(conn, "extra", title="Now and then", opt_in="single", at=MORNING)
        roster.ensure_list(conn, "evening", title="Evenings", opt_in="double", at=MORNING)
    yield FakeDesk(engine)
    engine.dispose()


@pytest.fixture
def conn(desk: FakeDesk) -> Iterator[Connection]:
    with desk.engine.begin() as connection:
        yield connection
