"""The log of changes: the database itself refuses to rewrite it, on both kinds."""

from __future__ import annotations

import pytest

from digest.errors import StoreError
from digest.store import Store
from subscribers import audit, roster
from tests.subscribers.desks import MORNING

ACTS = (
    "DELETE FROM roster_audit",
    "UPDATE roster_audit SET who = 'somebody else'",
    "UPDATE roster_audit SET detail = 'x', source = '' WHERE how = 'form'",
    "UPDATE roster_audit SET source = '192.0.2.9' WHERE how = 'form'",
    "UPDATE roster_audit SET source = '' WHERE how = 'command'",
)


def entries(store: Store) -> list[audit.Entry]:
    with store.read() as conn:
        return list(audit.entries(conn))


@pytest.mark.parametrize("act", ACTS)
def test_nobody_rewrites_or_deletes_an_entry(store, act) -> None:
    with store.begin() as conn:
        roster.ensure_list(conn, "daily", opt_in="single", at=MORNING)
        roster.add(conn, "daily", "ann@example.com", how="form", source="192.0.2.1", at=MORNING)
        roster.suppress(conn, "bob@example.com", how="command", source="command line", at=MORNING)
    before = entries(store)
    with pytest.raises(StoreError, match="append-only"), store.begin() as conn:
        conn.exec_driver_sql(act)
    assert entries(store) == before


def test_forgetting_a_person_takes_only_their_network_address_out(store) -> None:
    with store.begin() as conn:
        roster.ensure_list(conn, "daily", opt_in="single", at=MORNING)
        roster.add(conn, "daily", "ann@example.com", how="form", source="192.0.2.1", at=MORNING)
    before = entries(store)
    with store.begin() as conn:
        roster.forget(conn, "ann@example.com", how="command", at=MORNING)
    kept = [each for each in entries(store) if each.id <= before[0].id]
    assert [each.source for each in before].count("192.0.2.1") > [each.source for each in kept].count("192.0.2.1") == 0
    assert [(each.id, each.what, each.who, each.at) for each in kept] == [
        (each.id, each.what, each.who, each.at) for each in before
    ]
