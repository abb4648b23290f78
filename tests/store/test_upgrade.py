"""A store of an earlier version, in the middle of a send: nobody is lost by bringing it up to date."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from digest.model import EditionState
from digest.pipeline import send as sending
from digest.pipeline.events import take_events
from digest.send.events import Event
from digest.store import Store
from digest.store.engine import connect
from digest.store.upgrade import FOLDER
from digest.store.values import dump
from tests.send.roster import NumberedRoster
from tests.send.worlds import World
from tests.store.samples import MESSAGE, NOW, edition

AT = "2026-03-04 06:30:00+00:00"
LONG_AGO = "2020-01-01 00:00:00+00:00"

#: Numbers, first ids, states and bitmaps of four batches of eight, as version 0004 kept them: ids as plain differences.
BATCHES = [
    {"id": 7, "first": 1, "state": 2, "todo": None, "flight": None, "uncertain": None, "rejected": b"\x04"},
    {"id": 8, "first": 9, "state": 2, "todo": None, "flight": None, "uncertain": b"\xff", "rejected": None},
    {"id": 9, "first": 17, "state": 1, "todo": b"\xf0", "flight": b"\x0f", "uncertain": None, "rejected": None},
    {"id": 10, "first": 1025, "state": 0, "todo": b"\xff", "flight": None, "uncertain": None, "rejected": None},
]


def ids(first: int) -> bytes:
    head = bytes([first]) if first < 128 else bytes([first & 127 | 128, first >> 7])
    return head + b"\x01" * 7


def fill(address: str) -> None:
    """Make a store of version 0004 with a send under way, whose sender is dead."""
    engine, config = connect(address), Config()
    config.set_main_option("script_location", str(FOLDER))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0004")
        run = connection.execute
        run(text("INSERT INTO lists (id, slug, title, opt_in, created_at) VALUES (1, 'daily', '', 'single', 0)"))
        values = {"at": AT, "data": dump(edition())}
        run(
            text(
                "INSERT INTO editions (id, newsletter, date, slot, state, version, why, created_at, changed_at, data) "
                "VALUES (1, 'morning', '2026-03-04', '', 'sending', 3, '', :at, :at, :data)"
            ),
            values,
        )
        run(text("INSERT INTO messages (edition, variant, data) VALUES (1, '', :data)"), {"data": dump(MESSAGE)})
        run(
            text(
                "INSERT INTO sends (id, edition, purpose, audience, provider, state, cursor, planner, created_at, "
                "changed_at, why) VALUES (3, 1, '', 'daily, gone in Europe/Berlin', 'fake', 'sending', 1032, '', :at, :at, '')"
            ),
            {"at": AT},
        )
        run(text("INSERT INTO senders (id, name, alive_until) VALUES (1, 'far away 1 2', :at)"), {"at": LONG_AGO})
        for batch in BATCHES:
            counts = {f"n_{name}": (batch[name] or b"").hex() for name in ("uncertain", "rejected")}
            run(
                text(
                    "INSERT INTO batches (id, send, first, last, count, state, attempt, proof, tries, owner, finished_at, ids, "
                    "todo, flight, uncertain, rejected, n_todo, n_uncertain, n_rejected, n_suppressed, n_cancelled, n_resent) "
                    "VALUES (:id, 3, :first, :last, 8, :state, 1, 0, 0, :owner, :at, :ids, :todo, :flight, :uncertain, "
                    ":rejected, :n_todo, :n_uncertain, :n_rejected, 0, 0, 0)"
                ),
                batch
                | {name: int(value or "0", 16).bit_count() for name, value in counts.items()}
                | {
                    "last": batch["first"] + 7,
                    "ids": ids(batch["first"]),
                    "owner": 1 if batch["state"] == 1 else None,
                    "at": AT if batch["state"] == 2 else None,
                    "n_todo": 8 if batch["state"] < 2 else 0,
                },
            )
        delivered = {"bits": b"\x03"}
        run(text("INSERT INTO batch_events (batch, what, bits) VALUES (7, 'delivered', :bits)"), delivered)
        run(
            text(
                "INSERT INTO exceptions (batch, position, what, detail, at) VALUES (7, 2, 'rejected', '550 no such user', :at)"
            ),
            {"at": AT},
        )
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request, tmp_path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/store.db"
        return
    with request.getfixturevalue("postgres").empty_database() as made:
        yield made


def test_a_send_under_way_is_finished_by_the_new_version(address):
    fill(address)
    world = World.on(Path(), people=8, url=address)
    report = sending.report(world.store, "morning/2026-03-04")
    assert (report.planned, report.sent, report.rejected, report.uncertain, report.unsent) == (32, 7, 1, 8, 16)
    assert report.reasons == (("rejected", "550 no such user", 1),)
    assert dict(report.events) == {"delivered": 2}
    where = {number: sending.got(world.store, report.edition, number) for number in (1, 3, 16, 20, 1032, 1033)}
    assert where == {1: "sent", 3: "rejected", 16: "uncertain", 20: "unsent", 1032: "unsent", 1033: None}
    report = world.resume()
    assert (report.sent, report.uncertain, report.unsent, report.state) == (19, 12, 0, EditionState.SENT)
    assert sorted(world.provider.got) == [*range(21, 25), *range(1025, 1033)]
    world.store.close()


def test_an_event_of_a_batch_of_the_old_version_still_settles_it(address):
    fill(address)
    store = Store.open(address)
    take_events(store, [Event("processed", NOW, recipient="p9", batch=8, attempt=1)], NumberedRoster(), NOW)
    report = sending.report(store, "morning/2026-03-04")
    assert (report.sent, report.uncertain) == (15, 0)
    store.close()


def test_the_next_plan_leaves_out_who_was_planned_by_the_old_version(address):
    fill(address)
    world = World.on(Path(), people=40, url=address)
    report = world.send()
    assert report.planned == 32 + 16  # 25 to 40 are new
    assert {send.lists for send in world.store.ledger.sends.of(1)} == {("daily",), ()}
    world.store.close()
