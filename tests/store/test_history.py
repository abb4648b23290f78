"""A new store is what the whole history of migrations makes, to the last type, index and trigger, on both databases."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, inspect

from digest.store import Store
from digest.store.engine import connect
from digest.store.migrations import HEAD
from digest.store.upgrade import FOLDER, current


def shape(connection: Connection) -> dict[str, Any]:
    """Return everything the database knows of its tables; the order of columns is history."""
    asked = inspect(connection)
    return {name: _table(asked, name) for name in asked.get_table_names()}


def _table(asked: Any, name: str) -> dict[str, Any]:
    columns = {each["name"]: (str(each["type"]), each["nullable"], each["default"]) for each in asked.get_columns(name)}
    return {
        "columns": columns,
        "key": asked.get_pk_constraint(name),
        "foreign": _sorted(asked.get_foreign_keys(name)),
        "unique": _sorted(asked.get_unique_constraints(name)),
        "checks": _sorted(asked.get_check_constraints(name)),
        "indexes": _sorted(asked.get_indexes(name)),
    }


def _sorted(found: list[Any]) -> list[Any]:
    return sorted(map(_plain, found), key=lambda each: each["name"])


def _plain(found: Any) -> Any:
    """Return what was found as words: conditions compare by name otherwise, not by what they say."""
    if isinstance(found, dict):
        return {key: _plain(value) for key, value in found.items()}
    return [_plain(each) for each in found] if isinstance(found, list) else str(found)


@pytest.fixture(params=["sqlite", "postgresql"])
def addresses(request, tmp_path):
    """Two empty databases."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/one.db", f"sqlite:///{tmp_path}/other.db"
        return
    postgres = request.getfixturevalue("postgres")
    with postgres.empty_database() as one, postgres.empty_database() as other:
        yield one, other


def objects(connection: Connection) -> list[str]:
    """Return what the database keeps beside columns: triggers, functions, kinds of values, how rows are stored."""
    found = [row for query in OBJECTS[connection.dialect.name] for row in connection.exec_driver_sql(query)]
    return sorted(str(tuple(row)) for row in found)


OBJECTS = {
    "sqlite": [
        "SELECT name, type, wr, strict FROM pragma_table_list",
        "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'",
    ],
    "postgresql": [
        "SELECT relname, relkind, relpersistence, reloptions FROM pg_class WHERE relnamespace = 'public'::regnamespace",
        "SELECT pg_get_triggerdef(oid), tgenabled FROM pg_trigger WHERE NOT tgisinternal",
        "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'",
        "SELECT enumtypid::regtype, enumsortorder, enumlabel FROM pg_enum",
        "SELECT seqrelid::regclass, seqtypid::regtype, seqstart, seqincrement, seqmax, seqcycle FROM pg_sequence",
        "SELECT seqrelid::regclass, refobjid::regclass FROM pg_sequence JOIN pg_depend ON objid = seqrelid AND refobjsubid > 0",
        "SELECT extname FROM pg_extension",
    ],
}


def test_a_new_store_is_made_at_once_as_the_whole_history_makes_it(addresses):
    made_at_once, grown = addresses
    store = Store.open(made_at_once)
    with store.read() as connection:
        new, new_objects = shape(connection), objects(connection)
        assert current(connection) == HEAD
    store.close()
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    engine = connect(grown)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    with engine.connect() as connection:
        old, old_objects = shape(connection), objects(connection)
    engine.dispose()
    assert set(new) == set(old)
    assert any("roster_audit_unchanged" in each for each in new_objects)
    for table in old:
        assert new[table] == old[table], table
    assert new_objects == old_objects


Import = (ast.Import, ast.ImportFrom)


def named(node: ast.Import | ast.ImportFrom) -> list[str]:
    """Return the modules that an import names."""
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else [each.name for each in node.names]


def test_no_revision_runs_code_that_changes_with_the_product():
    ours = {"digest", "subscribers"}
    for file in (FOLDER / "versions").glob("*.py"):
        found = [node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, Import)]
        modules = {name for node in found for name in named(node)}
        assert modules, file.name
        assert not {name.partition(".")[0] for name in modules} & ours, file.name
