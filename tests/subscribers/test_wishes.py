"""A wish that can no longer be carried out stands in nobody's way."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, insert, select

from subscribers import roster
from subscribers.tables import lists, requests
from tests.subscribers.desks import MORNING, make_engine


@pytest.fixture
def conn() -> Iterator[Connection]:
    engine = make_engine()
    with engine.connect() as connection:
        for slug in ("daily", "old"):
            roster.ensure_list(connection, slug, opt_in="double", at=MORNING)
        yield connection
    engine.dispose()


@pytest.mark.parametrize(("slug", "address"), [("old", "bea@example.com"), ("daily", "bea@")])
def test_a_wish_for_a_list_deleted_meanwhile_or_of_no_address_is_forgotten(
    conn: Connection, slug: str, address: str
) -> None:
    number = conn.scalar(select(lists.c.id).where(lists.c.slug == slug))
    roster.delete_list(conn, "old", (), None, at=MORNING, how="command")
    # Written down by a process that had looked at the list before it was deleted.
    conn.execute(insert(requests).values(address=address, name="", at=MORNING, source="", list_id=number))
    roster.ask(conn, "daily", "ada@example.com", at=MORNING, how="form")
    assert [each.status for each in roster.settle(conn)] == ["pending"]
    assert conn.execute(select(requests)).all() == []
    assert roster.settle(conn) == ()
