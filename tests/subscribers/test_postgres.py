"""The same promises on PostgreSQL: every test of joining, importing, exporting, segments and lists deleted once more there."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine

import subscribers
from subscribers import load_file, notices, roster
from tests.postgres import Postgres
from tests.subscribers import test_deleting, test_importing, test_joining, test_segments
from tests.subscribers.desks import MORNING, FakeDesk, make_engine
from tests.subscribers.test_importing import give, read  # noqa: F401 - fixtures that the tests below ask for
from tests.subscribers.test_segments import people  # noqa: F401

_ASKS = {"conn", "desk", "give"}

globals().update(
    {
        name: test
        for module in (test_joining, test_importing, test_segments, test_deleting)
        for name, test in vars(module).items()
        if name.startswith("test_") and _ASKS & set(inspect.signature(test).parameters)
    }
)


@pytest.fixture(scope="module")
def engine(postgres: Postgres) -> Iterator[Engine]:
    with postgres.empty_database() as address:
        engine = make_engine(address.replace("postgresql:", "postgresql+psycopg:"))
        yield engine
        engine.dispose()


@pytest.fixture
def desk(engine: Engine) -> FakeDesk:
    names = ", ".join(table.name for table in subscribers.metadata.sorted_tables)
    with engine.begin() as conn:
        conn.exec_driver_sql("SET LOCAL session_replication_role = replica")  # no trigger fires: the log may be emptied
        conn.exec_driver_sql(f"TRUNCATE {names} RESTART IDENTITY")
        roster.ensure_list(conn, "daily", title="Every day", opt_in="single", at=MORNING)
        roster.ensure_list(conn, "extra", title="Now and then", opt_in="single", at=MORNING)
        roster.ensure_list(conn, "evening", title="Evenings", opt_in="double", at=MORNING)
    return FakeDesk(engine)


def test_many_at_once_make_one_person(desk):
    def wish(number: int) -> str:
        with desk.begin() as conn:
            return roster.add(conn, "daily", "Ann@example.com", at=MORNING, how="api", source=str(number)).status

    with ThreadPoolExecutor(6) as pool:
        came_to = Counter(pool.map(wish, range(12)))
    assert came_to == {"added": 1, "already": 11}


def test_wishes_are_settled_once_by_several_processes(desk):
    with desk.begin() as conn:
        for number in range(30):
            roster.ask(conn, "evening", f"p{number}@example.com", at=MORNING, how="form")

    def settle(_number: int) -> int:
        with desk.begin() as conn:
            return len(roster.settle(conn, 10))

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(settle, range(8))) == 30
    with desk.read() as conn:
        assert len(notices.due(conn)) == 30


def test_an_import_and_the_form_do_not_trip_over_each_other(desk, tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("email\n" + "".join(f"p{number}@example.com\n" for number in range(5000)))

    def wish(number: int) -> str:
        with desk.begin() as conn:
            return roster.add(conn, "daily", f"p{number}@example.com", at=MORNING, how="api").status

    with ThreadPoolExecutor(3) as pool:
        loading = pool.submit(load_file, desk.begin, path, "daily", now=desk.now)
        wishes = list(pool.map(wish, range(0, 5000, 100)))
        fates, _ = loading.result()
    assert fates["new"] + wishes.count("added") == 5000
    with desk.read() as conn:
        assert roster.audience_count(conn, ("daily",)) == 5000


def test_an_import_is_counted_before_anyone_sends_to_it(desk, tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("email\nann@example.com\nbob@example.com\n")
    load_file(desk.begin, path, "daily", now=desk.now)
    with desk.read() as conn:
        counted = conn.exec_driver_sql("SELECT reltuples FROM pg_class WHERE relname = 'subscriptions'").scalar()
    assert counted == 2
